// The first minute of somebody new: what Space and Esc do while it is offered or taught, and how it makes way (UX section 8).

import type { LessonGo } from "../bindings/usher";
import type { Desk } from "./state.svelte";

/** The hand of the first minute; one per window. */
export class Learning {
  #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Whether it is taught now. */
  get on(): boolean {
    return this.#desk.lesson !== null;
  }

  /** Whether it is offered on the stage. */
  get offered(): boolean {
    const { view, card, panel } = this.#desk;
    return view?.attended === "volunteer" && view.lesson_offered && !view.out && card === null && panel === "none" && this.#desk.session?.phase.kind !== "paused";
  }

  /** Space, after the card took it or not: begins what is offered, or goes on where a step is done. */
  space(at: number): void {
    const { lesson, guard } = this.#desk;
    if (!guard.allows(at)) return;
    if (lesson?.done) void this.go("next");
    else if (this.offered) void this.go("begin");
  }

  /** Esc; whether it ended or declined the first minute. */
  escape(): boolean {
    if (this.#desk.panel !== "none" || !(this.on || this.offered)) return false;
    void this.go("end");
    return true;
  }

  /** Does what belongs to the real door, once that is back. */
  afterwards(act: () => void): void {
    if (this.on) void this.go("end").then(act);
    else act();
  }

  /** Moves it. */
  go(go: LessonGo): Promise<void> {
    return this.#desk.turn("learn", { go });
  }
}

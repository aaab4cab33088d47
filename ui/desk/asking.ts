// Questions to the search: one is on its way at most, and the newest text waits behind it; an answer to an older one is not looked at.

import type { FindView } from "../bindings/usher";
import type { Desk } from "./state.svelte";

/** Asks the search about what is being typed. */
export class Asking {
  #desk: Desk;
  #answered: (found: FindView | undefined) => void;
  #wanted: string | null = null;
  #busy = false;

  /** `answered` hears of the newest text only; nothing where the search failed. */
  constructor(desk: Desk, answered: (found: FindView | undefined) => void) {
    this.#desk = desk;
    this.#answered = answered;
  }

  /** Asks about this text now, or as soon as the question before it is answered. */
  about(text: string): void {
    this.#wanted = text;
    if (!this.#busy) void this.#ask();
  }

  /** Nobody wants to know any more. */
  forget(): void {
    this.#wanted = null;
  }

  async #ask(): Promise<void> {
    this.#busy = true;
    while (this.#wanted !== null) {
      const text: string = this.#wanted;
      const found = await this.#desk.run("find", { text });
      if (this.#wanted !== text) continue;
      this.#wanted = null;
      this.#answered(found);
    }
    this.#busy = false;
  }
}

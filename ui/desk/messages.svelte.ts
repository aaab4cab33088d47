// The supervisor's message at this desk: when it was first seen, whether it covers the stage, and that it was read.

import type { DeskView } from "../bindings/usher";
import { covers } from "./model/messages";
import type { Desk } from "./state.svelte";

/** The message; one per window. */
export class Messages {
  #desk: Desk;
  /** The message that is shown, and since when. */
  #heard = $state.raw<{ id: string; since: number } | null>(null);

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** An urgent message covers the stage: nothing beneath it takes a key. */
  get covers(): boolean {
    const { view, panel, card, now } = this.#desk;
    return view !== null && covers(view, panel, card !== null, this.#heard?.since ?? null, now);
  }

  /** A view has come. A new message takes no key that was meant for what stood there; an urgent one sounds once. */
  hears(view: DeskView): void {
    const message = view.message;
    if (message?.id === this.#heard?.id) return;
    this.#heard = message && { id: message.id, since: this.#desk.now };
    if (this.#desk.panel === "message") this.#desk.panel = "none";
    if (!message) return;
    this.#desk.guard.changed(performance.now());
    if (message.urgent) this.#desk.sound("fault");
  }

  /** Esc on a message, on the stage or in the strip with nothing else open; whether there was one. */
  escape(at: number): boolean {
    const { covered, panel, card, lesson, strip } = this.#desk;
    if (covered || panel === "message") this.gotIt(at);
    else if (panel === "none" && !card && !lesson && strip?.said) this.#readStrip(strip.said.fits, at);
    else return false;
    return true;
  }

  /** It was read. */
  gotIt(at: number): void {
    const message = this.#desk.view?.message;
    if (!message || !this.#desk.guard.allows(at)) return;
    if (this.#desk.panel === "message") this.#desk.panel = "none";
    void this.#desk.turn("message_read", { id: message.id });
  }

  // Words that were not seen whole are not read yet.
  #readStrip(whole: boolean, at: number): void {
    if (whole) this.gotIt(at);
    else if (this.#desk.guard.allows(at)) this.#desk.panel = "message";
  }
}

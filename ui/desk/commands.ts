// What a volunteer's keys and the buttons of the same name do (UX section 3). Nothing of it acts beneath an urgent message.

import type { CardAction } from "../bindings/usher";
import { muted, setMuted } from "../shared/volume.svelte";
import type { Finder } from "./finder.svelte";
import type { PanelKeys } from "./keys";
import type { Learning } from "./learning";
import { PANELS } from "./model/panels";
import type { Word } from "./pin.svelte";
import type { Desk } from "./state.svelte";
import type { WalkInForm } from "./walk-in.svelte";

const KEY_ACTIONS: Record<string, readonly CardAction[]> = { F2: ["let_in_anyway", "let_back_in"], F7: ["whole_order"], F8: ["turn_away"] };
/** What the web view would do with these and Ctrl. */
const TAKEN: readonly string[] = ["r", "p", "f", "g", "+", "-", "=", "0", "e", "l", "m", "s", "u"];

/** What the commands reach. */
export interface Reach {
  desk: Desk;
  finder: Finder;
  walkIn: WalkInForm;
  word: Word;
  learning: Learning;
  /** The open panel's own keys. */
  panel: () => PanelKeys;
}

/** The volunteer's commands; one per window. */
export class Commands {
  #at: Reach;

  constructor(reach: Reach) {
    this.#at = reach;
  }

  /** F6: a guest without a ticket. */
  walkIn(): void {
    const { desk, learning, finder, walkIn } = this.#at;
    if (desk.covered) return;
    learning.afterwards(() => {
      finder.clear();
      void walkIn.open();
    });
  }

  /** F4: a supervisor lets in whom the desk refuses. */
  supervisor(): void {
    const { desk, word } = this.#at;
    if (!desk.covered && desk.card) void word.open(desk.card);
  }

  /** F3: who is it? */
  find(): void {
    const { desk, learning, finder } = this.#at;
    if (!desk.covered) learning.afterwards(() => finder.field?.focus());
  }

  /** F1: help, or no longer. */
  help(): void {
    this.#toggle("help");
  }

  /** F12: the menu, or no longer. */
  menu(): void {
    this.#toggle("menu");
  }

  #toggle(panel: "help" | "menu"): void {
    const { desk } = this.#at;
    if (!desk.covered) desk.open(desk.panel === panel ? "none" : panel);
  }

  /** F9: takes the card's let-in back; without such a card asks whose. */
  undo(at: number): void {
    const { desk, panel } = this.#at;
    if (desk.covered) return;
    if (desk.panel === "undo") panel().enter?.();
    else if (desk.panel === "none" && desk.card?.actions.includes("undo")) desk.hand.act("undo", at);
    else if (desk.guard.allows(at)) desk.open("undo");
  }

  /** An F-key. */
  key(event: KeyboardEvent): void {
    const { desk, panel } = this.#at;
    if (desk.covered) return;
    if (event.key === "F2" && panel().letIn) return panel().letIn?.();
    // What is being written is left by Esc alone.
    if (PANELS[desk.panel].holds) return;
    const action = KEY_ACTIONS[event.key]?.find((one) => desk.card?.actions.includes(one));
    if (action && desk.panel === "none") desk.hand.act(action, event.timeStamp);
    else this.#opens(event);
  }

  #opens(event: KeyboardEvent): void {
    switch (event.key) {
      case "F1": return this.help();
      case "F3": return this.find();
      case "F4": return this.supervisor();
      case "F6": return this.walkIn();
      case "F8": return this.#at.panel().tick?.();
      case "F9": return this.undo(event.timeStamp);
      case "F12": return this.menu();
    }
  }

  /** A key with Ctrl. */
  chord(event: KeyboardEvent, inField: boolean): void {
    const { desk, learning, panel } = this.#at;
    const key = event.key.toLowerCase();
    if (TAKEN.includes(key)) event.preventDefault();
    if (key === "m" && desk.volunteer) setMuted(!muted());
    if (key === "enter") panel().submit?.();
    if (!desk.atDoor || !desk.volunteer || PANELS[desk.panel].holds || learning.on) return;
    if (key === "l") void desk.hand.lock();
    else if (!desk.covered) this.#atDoor(key, event, inField);
  }

  #atDoor(key: string, event: KeyboardEvent, inField: boolean): void {
    const { hand } = this.#at.desk;
    if (key === "e") void hand.turnOut();
    else if (key === "p") void hand.printBadge();
    else if (key === "z" && !inField) this.undo(event.timeStamp);
    if (!/^[1-9]$/.test(key)) return;
    event.preventDefault();
    this.#session(Number(key) - 1);
  }

  #session(at: number): void {
    const { desk } = this.#at;
    const session = desk.view?.sessions[at];
    if (session && session.id !== desk.view?.session) void desk.turn("start", { session: session.id, initials: desk.view?.initials ?? "" });
  }
}

// Where key presses, scans and taps of the desk go (UX section 3). Scans go to the desk from any focus; Space admits only what asks
// for it. What the keys of a volunteer do stands in commands.ts, where the focus goes in focus.svelte.ts.

import { listenForKeys, type Listening } from "../shared/wedge-listener";
import type { HeldKey } from "../shared/wedge";
import type { Press } from "../shared/wedge-run";
import { Commands } from "./commands";
import type { Finder } from "./finder.svelte";
import { Focus } from "./focus.svelte";
import { fillScreen, fillsScreen } from "./full-screen";
import { Learning } from "./learning";
import { PANELS } from "./model/panels";
import type { Word } from "./pin.svelte";
import type { Desk } from "./state.svelte";
import type { WalkInForm } from "./walk-in.svelte";

/** What the open panel does with Enter, arrows, Space and F8; set by the panel itself. */
export interface PanelKeys {
  enter?(): void;
  /** Ctrl+Enter. */
  submit?(): void;
  /** Where the focus stays while the panel is open; without it, on the stage. */
  focus?(): void;
  move?(by: number): void;
  space?(at: number): void;
  /** F8. */
  tick?(): void;
  /** F2. */
  letIn?(): void;
  /** The keys of a whole run: with it the panel tests the scanner. */
  run?(presses: Press[]): void;
}

/** Where keys go; one per window. */
export class Keys {
  /** The open panel's own keys. */
  panel: PanelKeys = {};
  /** What a scan does before the desk is connected. */
  setup: ((readings: string[]) => void) | null = null;
  readonly focus = new Focus(() => this.panel.focus);
  readonly learning: Learning;
  readonly commands: Commands;

  #desk: Desk;
  #finder: Finder;
  #listening: Listening | null = null;

  constructor(desk: Desk, finder: Finder, walkIn: WalkInForm, word: Word) {
    this.#desk = desk;
    this.#finder = finder;
    this.learning = new Learning(desk);
    this.commands = new Commands({ desk, finder, walkIn, word, learning: this.learning, panel: () => this.panel });
  }

  /** Starts listening; gives back how to stop. */
  listen(): () => void {
    const listening = listenForKeys({
      scan: (readings) => this.#scan(readings),
      text: (text) => this.#text(text),
      known: (readings) => this.#desk.api.call("know_code", { readings }).catch(() => null),
      run: (presses) => this.panel.run?.(presses),
      press: (key, shift, at) => this.#press(key, shift, at),
      key: (event) => this.#key(event),
    });
    this.#listening = listening;
    const click = (event: MouseEvent): void => this.focus.clicked(event);
    const down = (): void => {
      this.focus.tabbing = false;
      this.#desk.speaker.wake();
    };
    const menu = (event: Event): void => event.preventDefault();
    window.addEventListener("click", click, true);
    window.addEventListener("pointerdown", down, true);
    window.addEventListener("contextmenu", menu);
    return () => {
      listening.stop();
      window.removeEventListener("click", click, true);
      window.removeEventListener("pointerdown", down, true);
      window.removeEventListener("contextmenu", menu);
    };
  }

  /** What the classifier must know: the desk's scanner, and whether a panel tests it. */
  attune(): void {
    this.#listening?.knows(this.#desk.view?.scanner ?? null);
    this.#listening?.tests(this.panel.run !== undefined);
  }

  // A volunteer stands before a desk at the door.
  get #attended(): boolean {
    return this.#desk.atDoor && this.#desk.volunteer;
  }

  #scan(readings: string[]): void {
    this.#desk.speaker.wake();
    if (this.#desk.view?.attended === "nobody") this.#desk.tell({ key: "notice.locked" });
    else if (this.#desk.atDoor) {
      // In the form it is the desk that holds the scan: no letter of what is written there is lost.
      if (!PANELS[this.#desk.panel].holds) {
        this.#finder.clear();
        // The desk decides whether the ticket only ticks somebody of the order that is shown.
        if (!PANELS[this.#desk.panel].scans) this.#desk.panel = "none";
        this.focus.rest();
      }
      void this.#desk.run("scan", { readings, found: "scanner" });
    } else if (this.#desk.view?.phase.kind === "connect") this.setup?.(readings);
    else this.#desk.tell({ key: "notice.not_ready" });
  }

  #text(text: string): void {
    if (!this.#desk.covered && this.#attended && (this.#desk.panel === "none" || this.#desk.panel === "find") && text.trim()) this.learning.afterwards(() => this.#finder.takes(text));
  }

  #press(key: HeldKey, shift: boolean, at: number): void {
    if (key === "Tab") this.focus.move(shift ? -1 : 1, this.#desk.panel === "find" ? this.#finder.field : null);
    else if (key === "Enter") this.#enter();
    else if (this.#desk.covered) return;
    else if (this.panel.space) this.panel.space(at);
    else if (this.#attended && this.#desk.panel === "none") this.#space(at);
  }

  #space(at: number): void {
    if (this.#desk.card?.actions.includes("let_in")) this.#desk.hand.act("let_in", at);
    else this.learning.space(at);
  }

  #enter(): void {
    if (this.focus.press() || this.#desk.covered) return;
    if (this.#desk.atDoor && this.#desk.panel === "find") this.#finder.enter();
    else this.panel.enter?.();
  }

  #key(event: KeyboardEvent): void {
    const inField = document.activeElement instanceof HTMLInputElement;
    if (/^F\d+$/.test(event.key) || (event.key === "Backspace" && !inField)) event.preventDefault();
    if (event.altKey && !event.getModifierState("AltGraph")) event.preventDefault();
    if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#arrow(event);
    if (event.repeat) return;
    if (event.key === "Escape") this.#escape(event.timeStamp);
    else if (event.ctrlKey) this.commands.chord(event, inField);
    else if (this.#attended) this.commands.key(event);
    else if (event.key === "F12" && this.#desk.view?.attended === "guest") this.#desk.open("leave_kiosk");
    if (event.key === "F11" && this.#desk.volunteer) void fillScreen(!fillsScreen());
  }

  #arrow(event: KeyboardEvent): void {
    const by = event.key === "ArrowDown" ? 1 : -1;
    if (this.#desk.panel === "find") this.#finder.move(by);
    else if (this.panel.move) this.panel.move(by);
    else return;
    event.preventDefault();
  }

  #escape(at: number): void {
    if (this.#desk.messages.escape(at)) return this.focus.rest();
    if (this.#finder.text) this.#finder.clear();
    else if (!this.learning.escape()) this.#desk.escape(at);
    this.focus.rest();
  }
}

// Keys and taps of the desk (UX section 3). Scans go to the desk from any focus; Space admits only what asks for it;
// Enter presses a button only when a person's Tab put the focus there.

import type { CardAction } from "../bindings/usher";
import { setMuted, muted } from "../shared/volume.svelte";
import { listenForKeys, type Listening } from "../shared/wedge-listener";
import type { HeldKey } from "../shared/wedge";
import type { Press } from "../shared/wedge-run";
import type { Finder } from "./finder.svelte";
import { fillScreen, fillsScreen } from "./full-screen";
import { Learning } from "./learning";
import { TapGuard } from "./model/guard";
import { PANELS } from "./model/panels";
import type { Desk } from "./state.svelte";
import type { Word } from "./pin.svelte";
import type { WalkInForm } from "./walk-in.svelte";

const KEY_ACTIONS: Record<string, readonly CardAction[]> = { F2: ["let_in_anyway", "let_back_in"], F7: ["whole_order"], F8: ["turn_away"] };
const FOCUSABLE = 'button:not(:disabled), input:not(:disabled)';

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
  /** A person moved the focus with Tab: the ring shows, Enter presses. */
  tabbing = $state(false);
  /** The open panel's own keys. */
  panel: PanelKeys = {};
  /** What a scan does before the desk is connected. */
  setup: ((readings: string[]) => void) | null = null;
  /** Where the focus rests. */
  stage: HTMLElement | null = null;

  #desk: Desk;
  #finder: Finder;
  #walkIn: WalkInForm;
  #word: Word;
  #taps = new TapGuard();
  #listening: Listening | null = null;
  readonly learning: Learning;

  constructor(desk: Desk, finder: Finder, walkIn: WalkInForm, word: Word) {
    this.#desk = desk;
    this.#finder = finder;
    this.#walkIn = walkIn;
    this.#word = word;
    this.learning = new Learning(desk);
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
    const click = (event: MouseEvent): void => this.#click(event);
    const down = (): void => {
      this.tabbing = false;
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

  /** Gives the focus back to the stage. */
  rest(): void {
    this.tabbing = false;
    if (this.panel.focus) this.panel.focus();
    else this.stage?.focus({ preventScroll: true });
  }

  /** F6: a guest without a ticket. */
  walkIn(): void {
    if (this.#desk.covered) return;
    this.learning.afterwards(() => {
      this.#finder.clear();
      void this.#walkIn.open();
    });
  }

  /** F4: a supervisor lets in whom the desk refuses. */
  supervisor(): void {
    if (!this.#desk.covered && this.#desk.card) void this.#word.open(this.#desk.card);
  }

  /** F3: who is it? */
  find(): void {
    if (!this.#desk.covered) this.learning.afterwards(() => this.#finder.field?.focus());
  }

  /** F1: help, or no longer. */
  help(): void {
    if (!this.#desk.covered) this.#desk.open(this.#desk.panel === "help" ? "none" : "help");
  }

  #atDoor(): boolean {
    return this.#desk.view?.phase.kind === "door";
  }

  // Neither guests nor nobody: before the first view nobody was kept out yet.
  #volunteer(): boolean {
    return (this.#desk.view?.attended ?? "volunteer") === "volunteer";
  }

  // A volunteer stands before a desk at the door.
  #attended(): boolean {
    return this.#atDoor() && this.#volunteer();
  }

  #scan(readings: string[]): void {
    this.#desk.speaker.wake();
    if (this.#desk.view?.attended === "nobody") this.#desk.tell({ key: "notice.locked" });
    else if (this.#atDoor()) {
      // In the form it is the desk that holds the scan: no letter of what is written there is lost.
      if (!PANELS[this.#desk.panel].holds) {
        this.#finder.clear();
        // The desk decides whether the ticket only ticks somebody of the order that is shown.
        if (!PANELS[this.#desk.panel].scans) this.#desk.panel = "none";
        this.rest();
      }
      void this.#desk.run("scan", { readings, found: "scanner" });
    } else if (this.#desk.view?.phase.kind === "connect") this.setup?.(readings);
    else this.#desk.tell({ key: "notice.not_ready" });
  }

  #text(text: string): void {
    if (!this.#desk.covered && this.#attended() && (this.#desk.panel === "none" || this.#desk.panel === "find") && text.trim()) this.learning.afterwards(() => this.#finder.takes(text));
  }

  #press(key: HeldKey, shift: boolean, at: number): void {
    if (key === "Tab") this.#moveFocus(shift ? -1 : 1);
    else if (key === "Enter") this.#enter();
    else if (this.#desk.covered) return;
    else if (this.panel.space) this.panel.space(at);
    else if (this.#attended() && this.#desk.panel === "none") this.#space(at);
  }

  #space(at: number): void {
    if (this.#desk.card?.actions.includes("let_in")) this.#desk.hand.act("let_in", at);
    else this.learning.space(at);
  }

  #enter(): void {
    const at = document.activeElement;
    if (this.tabbing && at instanceof HTMLButtonElement) at.click();
    else if (this.#desk.covered) return;
    else if (this.#atDoor() && this.#desk.panel === "find") this.#finder.enter();
    else this.panel.enter?.();
  }

  #moveFocus(by: number): void {
    this.tabbing = true;
    const scope = document.querySelector(".panel") ?? document;
    const stops = [...scope.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.offsetParent !== null);
    if (this.#desk.panel === "find" && this.#finder.field) stops.unshift(this.#finder.field);
    const from = stops.findIndex((stop) => stop === document.activeElement);
    const to = from < 0 ? (by > 0 ? 0 : stops.length - 1) : (from + by + stops.length) % stops.length;
    stops[to]?.focus();
  }

  #key(event: KeyboardEvent): void {
    const inField = document.activeElement instanceof HTMLInputElement;
    if (/^F\d+$/.test(event.key) || (event.key === "Backspace" && !inField)) event.preventDefault();
    if (event.altKey && !event.getModifierState("AltGraph")) event.preventDefault();
    if (event.key === "ArrowUp" || event.key === "ArrowDown") this.#arrow(event);
    if (event.repeat) return;
    if (event.key === "Escape") this.#escape(event.timeStamp);
    else if (event.ctrlKey) this.#chord(event, inField);
    else if (this.#attended()) this.#command(event);
    else if (event.key === "F12" && this.#desk.view?.attended === "guest") this.#desk.open("leave_kiosk");
    if (event.key === "F11" && this.#volunteer()) void fillScreen(!fillsScreen());
  }

  #arrow(event: KeyboardEvent): void {
    const by = event.key === "ArrowDown" ? 1 : -1;
    if (this.#desk.panel === "find") this.#finder.move(by);
    else if (this.panel.move) this.panel.move(by);
    else return;
    event.preventDefault();
  }

  #escape(at: number): void {
    if (this.#desk.messages.escape(at)) return this.rest();
    if (this.#finder.text) this.#finder.clear();
    else if (!this.learning.escape()) this.#desk.escape(at);
    this.rest();
  }

  #command(event: KeyboardEvent): void {
    const desk = this.#desk;
    if (desk.covered) return;
    if (event.key === "F2" && this.panel.letIn) return this.panel.letIn();
    // What is being written is left by Esc alone.
    if (PANELS[desk.panel].holds) return;
    const action = KEY_ACTIONS[event.key]?.find((one) => desk.card?.actions.includes(one));
    if (action && desk.panel === "none") desk.hand.act(action, event.timeStamp);
    else if (event.key === "F8") this.panel.tick?.();
    else if (event.key === "F1") this.help();
    else if (event.key === "F4") this.supervisor();
    else if (event.key === "F3") this.find();
    else if (event.key === "F6") this.walkIn();
    else if (event.key === "F9") this.undo(event.timeStamp);
    else if (event.key === "F12") desk.open(desk.panel === "menu" ? "none" : "menu");
  }

  /** F9: takes the card's let-in back; without such a card asks whose. */
  undo(at: number): void {
    const desk = this.#desk;
    if (desk.covered) return;
    if (desk.panel === "undo") this.panel.enter?.();
    else if (desk.panel === "none" && desk.card?.actions.includes("undo")) desk.hand.act("undo", at);
    else if (desk.guard.allows(at)) desk.open("undo");
  }

  #chord(event: KeyboardEvent, inField: boolean): void {
    const key = event.key.toLowerCase();
    if (["r", "p", "f", "g", "+", "-", "=", "0", "e", "l", "m", "s", "u"].includes(key)) event.preventDefault();
    if (key === "m" && this.#volunteer()) setMuted(!muted());
    if (key === "enter") this.panel.submit?.();
    if (!this.#attended() || PANELS[this.#desk.panel].holds || this.learning.on) return;
    if (key === "l") void this.#desk.hand.lock();
    if (this.#desk.covered) return;
    if (key === "e") void this.#desk.hand.turnOut();
    if (key === "p") void this.#desk.hand.printBadge();
    if (key === "z" && !inField) this.undo(event.timeStamp);
    if (/^[1-9]$/.test(key)) {
      event.preventDefault();
      const session = this.#desk.view?.sessions[Number(key) - 1];
      const initials = this.#desk.view?.initials ?? "";
      if (session && session.id !== this.#desk.view?.session) void this.#desk.turn("start", { session: session.id, initials });
    }
  }

  #click(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) {
      if (!(event.target instanceof HTMLInputElement) && !(event.target instanceof Element && event.target.closest("label"))) this.rest();
      return;
    }
    // A click made by the program (Enter after Tab) has no place on the screen.
    const byHand = event.detail > 0;
    // Two equal digits, two steps: there each tap is meant.
    const repeats = button.closest("[data-repeats]") !== null;
    if (byHand && !repeats && !this.#taps.takes(event.timeStamp, event.clientX, event.clientY)) {
      event.stopPropagation();
      event.preventDefault();
    } else if (byHand) queueMicrotask(() => !document.querySelector(".panel input:focus") && this.#restAfter(button));
  }

  #restAfter(button: HTMLElement): void {
    if (document.activeElement === button || document.activeElement === document.body) this.rest();
  }
}

// Where the focus is: at rest on the stage or in the open panel's field, moved by a person's Tab, and given back after a tap.

import { TapGuard } from "./model/guard";

const FOCUSABLE = "button:not(:disabled), input:not(:disabled)";

/** The focus of the window; one per window. */
export class Focus {
  /** A person moved the focus with Tab: the ring shows, Enter presses. */
  tabbing = $state(false);
  /** Where it rests. */
  stage: HTMLElement | null = null;

  #own: () => (() => void) | undefined;
  #taps = new TapGuard();

  /** `own`: how the open panel takes the focus, where it keeps it in a field of its own. */
  constructor(own: () => (() => void) | undefined) {
    this.#own = own;
  }

  /** Back to where it rests. */
  rest(): void {
    this.tabbing = false;
    const own = this.#own();
    if (own) own();
    else this.stage?.focus({ preventScroll: true });
  }

  /** Tab: on to the next control, of the open panel where there is one; `first` comes before them all. */
  move(by: number, first: HTMLElement | null): void {
    this.tabbing = true;
    const scope = document.querySelector(".panel") ?? document;
    const stops = [...scope.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((stop) => stop.offsetParent !== null);
    if (first) stops.unshift(first);
    const from = stops.findIndex((stop) => stop === document.activeElement);
    const to = from < 0 ? (by > 0 ? 0 : stops.length - 1) : (from + by + stops.length) % stops.length;
    stops[to]?.focus();
  }

  /** Enter presses a button only when a person's Tab put the focus there; whether it did. */
  press(): boolean {
    const at = document.activeElement;
    if (!this.tabbing || !(at instanceof HTMLButtonElement)) return false;
    at.click();
    return true;
  }

  /** A click: of a double tap the second goes nowhere, and the focus comes back. */
  clicked(event: MouseEvent): void {
    const at = event.target instanceof Element ? event.target : null;
    const button = at?.closest("button");
    if (!button) {
      if (!(at instanceof HTMLInputElement) && !at?.closest("label")) this.rest();
      return;
    }
    // A click made by the program (Enter after Tab) has no place on the screen.
    if (event.detail === 0) return;
    if (this.#counts(button, event)) queueMicrotask(() => !document.querySelector(".panel input:focus") && this.#restAfter(button));
    else {
      event.stopPropagation();
      event.preventDefault();
    }
  }

  // Two equal digits, two steps: there each tap is meant.
  #counts(button: HTMLElement, event: MouseEvent): boolean {
    return button.closest("[data-repeats]") !== null || this.#taps.takes(event.timeStamp, event.clientX, event.clientY);
  }

  #restAfter(button: HTMLElement): void {
    if (document.activeElement === button || document.activeElement === document.body) this.rest();
  }
}

// Tells a keyboard-wedge scanner from a person typing (UX section 3). Pure: it is fed key presses with their own
// times and told when a deadline has passed; it knows no window. How a run is read stands in wedge-run.ts.

import type { ScannerSettings } from "../bindings/usher";
import { readings, speed, typed, type Press } from "./wedge-run";

/** Longest pause inside a run, in ms. */
export const RUN_GAP_MS = 80;
/** Longest run that is kept, in characters: more than any ticket holds. */
export const RUN_LENGTH_MAX = 4096;
/** Silence that ends a run, in ms. */
export const SILENCE_MS = 100;
/** While a scanner is tested: the longest pause inside a run, and the silence that ends one, in ms. */
export const TEST_GAP_MS = 300, TEST_SILENCE_MS = 400;
/** How long a lone Space, Enter or Tab waits for a run behind it, in ms. */
export const HOLD_MS = 50;
/** How long after a scan its own Enter or Tab may come, in ms. */
export const SUFFIX_MS = 500;

/** A key that waits a moment in case a run follows. */
export type HeldKey = "Space" | "Enter" | "Tab";

/** A lone key that a person may have pressed. */
export interface Lone {
  key: HeldKey;
  shift: boolean;
  at: number;
}

/** What a slow scanner or a quick person typed. */
export interface Maybe {
  readings: string[];
  text: string;
  /** What the focused field held before the burst; none where no field had the focus. */
  restore: string | null;
  /** The key behind it: its scanner's, or a person's. */
  end: Lone | null;
}

/** What came of a press. */
export type Sign =
  /** A scan; `restore` is what the focused field held before the burst. */
  | { kind: "scan"; readings: string[]; restore: string | null }
  /** A scan if its code is known, else what a person did. */
  | { kind: "maybe"; maybe: Maybe }
  /** A person typed with no field focused. */
  | { kind: "text"; text: string }
  /** While a scanner is tested: all keys of a run, the one that ended it among them. */
  | { kind: "run"; presses: Press[] }
  /** A person pressed this key alone. */
  | ({ kind: "press" } & Lone);

/** The answer to a press: whether the page may see it, and what is now known. */
export interface Answer {
  pass: boolean;
  signs: Sign[];
}

interface Run {
  presses: Press[];
  restore: string | null;
}

const EDITING = /^(Backspace|Delete|Home|End|Arrow)/;
const MODIFIER = /^(Shift|Control|Alt|AltGraph|Meta|CapsLock|NumLock|Fn|Hyper|Super)$/;

function heldKey(press: Press): HeldKey | null {
  if (press.key === "Enter" || press.key === "Tab") return press.key;
  return press.key === " " ? "Space" : null;
}

function lone(press: Press): Lone | null {
  const key = heldKey(press);
  return key && { key, shift: press.shift, at: press.at };
}

function isPrintable(press: Press): boolean {
  return [...press.key].length === 1 || press.key === "Dead" || press.key === "Unidentified";
}

/** The classifier. One per window. */
export class Wedge {
  #run: Run | null = null;
  #held: Press | null = null;
  #scanAt = Number.NEGATIVE_INFINITY;
  /** What is known of the desk's scanner; none: it was never tested. */
  scanner: ScannerSettings | null = null;
  /** The scanner is being tested: runs are told whole, and may be slow. */
  testing = false;

  /** When {@link tick} wants to be called; none while nothing waits. */
  deadline(): number | null {
    if (this.#held) return this.#held.at + HOLD_MS;
    const last = this.#run?.presses.at(-1);
    return last ? last.at + this.#silence() : null;
  }

  /** What a press at this time proves of those before it. Told first: it may move the focus, and so the press's field. */
  before(at: number): Sign[] {
    return this.#overdue(at);
  }

  /** A run that might have been a scan was one: the key behind it may still come. */
  scanned(at: number): void {
    this.#scanAt = Math.max(this.#scanAt, at);
  }

  /** Takes a key press; {@link before} was asked with its time. */
  press(press: Press): Answer {
    if (MODIFIER.test(press.key)) return { pass: true, signs: [] };
    if (press.chord) return { pass: true, signs: this.#settle() };
    if (press.repeat) return { pass: this.#repeats(press), signs: [] };
    const held = heldKey(press);
    if (held && !(held === "Space" && this.#run)) return this.#boundary(press);
    if (isPrintable(press)) return { pass: this.#printable(press), signs: [] };
    return this.#other(press);
  }

  /** Says that time has passed. */
  tick(now: number): Sign[] {
    return this.#overdue(now, true);
  }

  // A key held down says nothing about a scanner: arrows and typing go on, Enter, Tab and lone text do not.
  #repeats(press: Press): boolean {
    if (press.key === "Enter" || press.key === "Tab") return false;
    return press.field !== null || !isPrintable(press);
  }

  #overdue(now: number, silent = false): Sign[] {
    if (this.#held && now - this.#held.at >= HOLD_MS) return this.#release();
    const last = this.#run?.presses.at(-1);
    const pause = silent ? this.#silence() : this.testing ? TEST_GAP_MS : RUN_GAP_MS;
    return last && (silent ? now - last.at >= pause : now - last.at > pause) ? this.#finish(last.at) : [];
  }

  #silence(): number {
    return this.testing ? TEST_SILENCE_MS : SILENCE_MS;
  }

  #boundary(press: Press): Answer {
    if (this.#run) {
      const person = !this.testing && speed(this.#run.presses, this.scanner) === "person";
      const field = press.field;
      const signs = this.#finish(press.at, press);
      if (!person) return { pass: false, signs };
      // A person's word, ended by Enter or Tab: the key is held like any other.
      this.#held = press;
      return { pass: field !== null && press.key === " ", signs };
    }
    if (press.key !== " " && press.at - this.#scanAt <= SUFFIX_MS) return { pass: false, signs: [] };
    const signs = this.#release();
    this.#held = press;
    return { pass: press.field !== null && press.key === " ", signs };
  }

  // A run goes whole into the field or whole to the hearer, by where it began: its order survives a moving focus.
  #printable(press: Press): boolean {
    const prefix = this.#held;
    this.#held = null;
    this.#run ??= { presses: [], restore: prefix?.field ?? press.field };
    if (this.#run.presses.length < RUN_LENGTH_MAX) this.#run.presses.push(press);
    return this.#run.presses[0]?.field !== null;
  }

  #other(press: Press): Answer {
    // A scanner may send F-keys for separators: inside a burst they are no command.
    if (this.#run && !(press.field !== null && EDITING.test(press.key))) return { pass: false, signs: [] };
    return { pass: true, signs: this.#settle() };
  }

  #settle(): Sign[] {
    const last = this.#run?.presses.at(-1);
    return [...this.#release(), ...(last ? this.#finish(last.at) : [])];
  }

  #release(): Sign[] {
    const held = this.#held;
    this.#held = null;
    const key = held && heldKey(held);
    // In a field the Space was already typed.
    if (!held || !key || (key === "Space" && held.field !== null)) return [];
    return [{ kind: "press", key, shift: held.shift, at: held.at }];
  }

  /** The run ends, by silence or by a key of its own. */
  #finish(at: number, end: Press | null = null): Sign[] {
    const run = this.#run;
    this.#run = null;
    if (!run) return [];
    if (this.testing) return [{ kind: "run", presses: end ? [...run.presses, end] : run.presses }];
    switch (speed(run.presses, this.scanner)) {
      case "scanner": return this.#scan(run, at);
      case "maybe": return [{ kind: "maybe", maybe: this.#maybe(run, end) }];
      case "person": return this.#text(run);
    }
  }

  #scan(run: Run, at: number): Sign[] {
    this.#scanAt = at;
    const found = readings(run.presses, this.scanner);
    return found.length ? [{ kind: "scan", readings: found, restore: run.restore }] : [];
  }

  #maybe(run: Run, end: Press | null): Maybe {
    const restore = run.presses[0]?.field === null ? null : run.restore;
    return { readings: readings(run.presses, this.scanner), text: typed(run.presses), restore, end: end && lone(end) };
  }

  #text(run: Run): Sign[] {
    if (run.presses[0]?.field !== null) return [];
    const text = typed(run.presses);
    return text ? [{ kind: "text", text }] : [];
  }
}

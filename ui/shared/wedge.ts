// Tells a keyboard-wedge scanner from a person typing (UX section 3). Pure: it is fed key presses with their own
// times and told when a deadline has passed; it knows no window. Scanner test (learned prefix and gap) is left out.

import { capsInverted, usCharacter } from "./keyboard-layout";

/** Longest pause inside a run, in ms. */
export const RUN_GAP_MS = 80;
/** Largest median pause of a scan, in ms. */
export const SCAN_GAP_MS = 45;
/** Shortest scan, in characters. */
export const SCAN_LENGTH_MIN = 6;
/** Longest run that is kept, in characters: more than any ticket holds. */
export const RUN_LENGTH_MAX = 4096;
/** Silence that ends a run, in ms. */
export const SILENCE_MS = 100;
/** How long a lone Space, Enter or Tab waits for a run behind it, in ms. */
export const HOLD_MS = 50;
/** How long after a scan its own Enter or Tab may come, in ms. */
export const SUFFIX_MS = 500;

/** A key press. */
export interface Press {
  /** `KeyboardEvent.key`. */
  key: string;
  /** `KeyboardEvent.code`: the place of the key. */
  code: string;
  /** `KeyboardEvent.timeStamp`, in ms. */
  at: number;
  repeat: boolean;
  shift: boolean;
  /** Ctrl, Alt or Meta is down, and not AltGr. */
  chord: boolean;
  /** What the focused text field holds; none where no text field has the focus. */
  field: string | null;
}

/** A key that waits a moment in case a run follows. */
export type HeldKey = "Space" | "Enter" | "Tab";

/** What came of a press. */
export type Sign =
  /** A scan; `restore` is what the focused field held before the burst. */
  | { kind: "scan"; readings: string[]; restore: string | null }
  /** A person typed with no field focused. */
  | { kind: "text"; text: string }
  /** A person pressed this key alone. */
  | { kind: "press"; key: HeldKey; shift: boolean; at: number };

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

function isPrintable(press: Press): boolean {
  return [...press.key].length === 1 || press.key === "Dead" || press.key === "Unidentified";
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function isScan(run: Run): boolean {
  const gaps = run.presses.slice(1).map((press, at) => press.at - (run.presses[at]?.at ?? 0));
  return run.presses.length >= SCAN_LENGTH_MIN && median(gaps) <= SCAN_GAP_MS;
}

/** The ways to read a run: as typed, as a US keyboard, as typed under Caps Lock; symbology prefixes taken off. */
export function readings(presses: Press[]): string[] {
  const typed = presses.map((press) => ([...press.key].length === 1 ? press.key : "")).join("");
  const us = presses.map((press) => usCharacter(press.code, press.shift) ?? ([...press.key].length === 1 ? press.key : "")).join("");
  const clean = [typed, us, capsInverted(typed)].map((reading) => reading.replace(/^\]Q[0-6]/i, "").trim());
  return [...new Set(clean)].filter((reading) => reading !== "");
}

/** The classifier. One per window. */
export class Wedge {
  #run: Run | null = null;
  #held: Press | null = null;
  #scanAt = Number.NEGATIVE_INFINITY;

  /** When {@link tick} wants to be called; none while nothing waits. */
  deadline(): number | null {
    if (this.#held) return this.#held.at + HOLD_MS;
    const last = this.#run?.presses.at(-1);
    return last ? last.at + SILENCE_MS : null;
  }

  /** What a press at this time proves of those before it. Told first: it may move the focus, and so the press's field. */
  before(at: number): Sign[] {
    return this.#overdue(at);
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
    const pause = silent ? SILENCE_MS : RUN_GAP_MS;
    return last && (silent ? now - last.at >= pause : now - last.at > pause) ? this.#finish(last.at) : [];
  }

  #boundary(press: Press): Answer {
    if (this.#run) {
      const scan = isScan(this.#run);
      const field = press.field;
      const signs = this.#finish(press.at);
      if (scan) return { pass: false, signs };
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

  #finish(at: number): Sign[] {
    const run = this.#run;
    this.#run = null;
    if (!run) return [];
    if (isScan(run)) {
      this.#scanAt = at;
      const found = readings(run.presses);
      return found.length ? [{ kind: "scan", readings: found, restore: run.restore }] : [];
    }
    if (run.presses[0]?.field !== null) return [];
    const typed = run.presses.map((press) => ([...press.key].length === 1 ? press.key : "")).join("");
    return typed ? [{ kind: "text", text: typed }] : [];
  }
}

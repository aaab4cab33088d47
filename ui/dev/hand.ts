// A hand at the desk in the harness: what it presses and taps, and what the desk asked for then.
// Key presses made by a script carry their real times, so the classifier and the guards see what they would see.

import { RUN_GAP_MS } from "../shared/wedge";

const calls: string[] = [];

/** Notes a call of the window. */
export function note(name: string, args: Record<string, unknown>): void {
  if (name === "look" || name === "find") return;
  calls.push(`${name}${name === "scan" ? `:${String(args["found"])}:${String((args["readings"] as string[])[0])}` : ""}${args["anyway"] === true ? ":anyway" : ""}`);
}

/** The calls since this was asked last, in order. */
export function heard(): string[] {
  return calls.splice(0);
}

/** Until so much time has passed, in ms. */
export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const place = (key: string): string => (key === " " ? "Space" : /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : key);

/** Presses a key where the focus is; `when` is the time that it carries, in ms, where it is not now. */
export function press(key: string, when?: number): void {
  const event = new KeyboardEvent("keydown", { key, code: place(key), bubbles: true, cancelable: true, shiftKey: /^[A-Z]$/.test(key) });
  if (when !== undefined) Object.defineProperty(event, "timeStamp", { value: when });
  const passed = (document.activeElement ?? document.body).dispatchEvent(event);
  // What the key before proved may have moved the focus: the letter goes where it is now.
  const at = document.activeElement ?? document.body;
  if (passed && key.length === 1 && at instanceof HTMLInputElement) {
    at.value += key;
    at.dispatchEvent(new Event("input", { bubbles: true }));
  }
  at.dispatchEvent(new KeyboardEvent("keyup", { key, code: place(key), bubbles: true, cancelable: true }));
}

/** Presses a key with Ctrl. */
export function chord(key: string): void {
  const at = document.activeElement ?? document.body;
  for (const kind of ["keydown", "keyup"]) at.dispatchEvent(new KeyboardEvent(kind, { key, code: place(key), ctrlKey: true, bubbles: true, cancelable: true }));
}

/** What has this test id, if it is there. */
export const part = <Part extends HTMLElement = HTMLElement>(id: string): Part | null => document.querySelector<Part>(`[data-testid="${id}"]`);

/** Taps what has this test id: a finger's click, not a program's. */
export function tap(id: string): void {
  const box = part(id)?.getBoundingClientRect();
  if (box) part(id)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 }));
}

/** Types a text with exactly this rhythm, whatever else the machine does: the keys carry their times. */
export function rhythm(text: readonly string[], gapMs: number): void {
  const last = performance.now();
  text.forEach((key, at) => press(key, last - (text.length - 1 - at) * gapMs));
}

/** The code that is scanned. */
export const CODE = "K7QF3MXP";

/** Scans: 8 ms a key, ended by Enter. Its keys carry earlier times than now: what was typed before must be a run of its own by then. */
export async function scan(): Promise<void> {
  await wait(2 * RUN_GAP_MS);
  rhythm([...CODE, "Enter"], 8);
}

/** Types a text with this gap between two keys, in ms. */
export async function burst(text: string, gap: number): Promise<void> {
  for (const key of text) {
    press(key);
    await wait(gap);
  }
}

/** What each step led to. */
export class Report {
  readonly results: string[] = [];

  /** The step must have led to exactly these calls. */
  calls(step: string, ...wanted: string[]): void {
    const got = heard().join(",");
    this.is(step, got === wanted.join(","), `${got} instead of ${wanted.join(",")}`);
  }

  /** This must be so; `found` says what is, where it is not. */
  is(step: string, so: boolean, found: unknown = ""): void {
    this.results.push(so ? `ok ${step}` : `FAIL ${step}: ${String(found)}`);
  }
}

/** What the harness lends the hand. */
export interface Desktop {
  /** A card of the fixtures as a new guest's, or none. */
  card(name: string | null): void;
  /** A screen of the fixtures. */
  screen(name: string): void;
  /** Somebody wants to close the window. */
  closing(): void;
}

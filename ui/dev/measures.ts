// The measures of UX section 9 that a hand makes, in the harness (?measure): keys for ten arrivals, a wrong let-in taken back, the next
// guest's card under a hand that is on its way, and slow scanners. What came of them is written into the page: screens/measures.screens.ts.

import type { CardView, DeskView } from "../bindings/usher";
import { NEW_CARD_MS } from "../desk/model/guard";
import { press, rhythm, wait } from "./hand";

/** What the harness lends. */
export interface Bench {
  show(over: Partial<DeskView>): void;
  /** A card of the fixtures, as a new guest's. */
  card(name: string): CardView;
  /** The cards of those who come next. */
  arrivals: string[];
  /** The calls since this was asked last. */
  heard(): string[];
}

/** What was measured. */
export interface Measures {
  /** For each kind of door: the keys that ten arrivals took, how many were let in by then, and the calls. */
  arrivals: Record<DeskView["door"], { keys: number; let_in: number; calls: string[] }>;
  /** The keys until a wrong let-in was taken back, with its card and without. */
  undone: { card: number; later: number };
  /** Keys and taps that met a new card in its first 250 ms, what they led to, and what the same did once it stood. */
  race: { early: number; admitted: string[]; later: string[] };
  /** What slow scanners and quick people led to, each in words. */
  slow: Record<string, string>;
}

const CODE = [..."K7QF3MXP"];
const SETTLED_MS = NEW_CARD_MS + 60;
const box = (): HTMLElement | null => document.querySelector('[data-testid="card"]');
const find = (): HTMLInputElement | null => document.querySelector('[data-testid="find"]');

/** What a volunteer presses on this card, by its look alone; green, grey and red need nothing. */
const KEY: Record<string, string | undefined> = { R: " ", A: "F2" };

async function arrive(bench: Bench, door: DeskView["door"]): Promise<Measures["arrivals"]["fast_door"]> {
  bench.show({ card: null, door });
  const clean = door === "fast_door" ? "ok" : "ready";
  bench.arrivals.push(...Array<string>(4).fill(clean), "asknone", ...Array<string>(2).fill(clean), "already", ...Array<string>(2).fill(clean));
  bench.heard();
  const outcome = { keys: 0, let_in: 0, calls: [] as string[] };
  for (let n = 0; n < 10; n += 1) {
    rhythm([...CODE, "Enter"], 5);
    await wait(SETTLED_MS);
    const key = KEY[box()?.dataset["class"] ?? ""];
    if (key !== undefined) {
      outcome.keys += 1;
      press(key);
      await wait(150);
    }
    outcome.let_in += box()?.dataset["outcome"] === "let_in" ? 1 : 0;
  }
  return { ...outcome, calls: bench.heard().filter((call) => !call.startsWith("scan:")) };
}

/** Presses until the desk was asked to take somebody back; how many keys it took. */
async function undo(bench: Bench, keys: readonly string[]): Promise<number> {
  bench.heard();
  for (const [at, key] of keys.entries()) {
    press(key);
    await wait(200);
    if (bench.heard().includes("undo")) return at + 1;
  }
  return Number.POSITIVE_INFINITY;
}

async function undone(bench: Bench): Promise<Measures["undone"]> {
  bench.show({ card: bench.card("ok") });
  await wait(SETTLED_MS);
  const card = await undo(bench, ["F9"]);
  bench.show({ card: null });
  await wait(SETTLED_MS);
  return { card, later: await undo(bench, ["F9", "Enter", "Enter", "Enter"]) };
}

function tap(n: number): void {
  const button = document.querySelector('[data-testid="action-let_in"]');
  // Each on another spot: two taps on one count once, which is another rule.
  button?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 1, clientX: n * 100, clientY: n * 100 }));
}

async function race(bench: Bench): Promise<Measures["race"]> {
  const outcome = { early: 0, admitted: [] as string[], later: [] as string[] };
  const hands: [name: string, act: (n: number) => void][] = [["Space", () => press(" ")], ["tap", tap]];
  for (const [name, act] of hands) {
    for (let ms = 0; ms < NEW_CARD_MS; ms += 25) {
      const from = performance.now();
      bench.show({ card: bench.card("ready") });
      await wait(ms);
      act(ms / 25);
      // A busy machine pressed too late to prove anything.
      if (performance.now() - from >= NEW_CARD_MS) continue;
      outcome.early += 1;
      await wait(100);
      outcome.admitted.push(...bench.heard().map((call) => `${name} after ${ms} ms: ${call}`));
    }
    bench.heard();
    bench.show({ card: bench.card("ready") });
    await wait(SETTLED_MS);
    act(20);
    await wait(100);
    outcome.later.push(`${name}: ${bench.heard().join()}`);
  }
  return outcome;
}

const SLOW: DeskView["scanner"] = { prefix: "", tail: "", end: "enter", gap_ms: 60 };
const FOCUS: Record<string, () => void> = {
  stage: () => document.querySelector<HTMLElement>("main")?.focus(),
  find: () => find()?.focus(),
  button: () => document.querySelector<HTMLElement>('[data-testid="footer-undo"]')?.focus(),
};

/** Types with a rhythm; what the desk was asked for, and what stands in the field. */
async function typed(bench: Bench, focus: string, keys: readonly string[], gapMs: number): Promise<string> {
  press("Escape");
  FOCUS[focus]?.();
  bench.heard();
  rhythm(keys, gapMs);
  await wait(600);
  const outcome = `${bench.heard().join()}|${find()?.value ?? ""}`;
  press("Escape");
  return outcome;
}

async function slow(bench: Bench): Promise<Measures["slow"]> {
  const found: Measures["slow"] = {};
  bench.show({ card: null, scanner: SLOW });
  await wait(SETTLED_MS);
  for (const focus of Object.keys(FOCUS)) {
    for (const [end, key] of [["Enter", ["Enter"]], ["Tab", ["Tab"]], ["nothing", []]] as const) found[`60 ms, ${focus}, ${end}`] = await typed(bench, focus, [...CODE, ...key], 60);
    found[`60 ms, ${focus}, a name`] = await typed(bench, focus, [..."maximiliane"], 60);
  }
  bench.show({ scanner: null });
  await wait(SETTLED_MS);
  found["60 ms, find, not tested"] = await typed(bench, "find", CODE, 60);
  found["100 ms, stage, Enter"] = await typed(bench, "stage", [...CODE, "Enter"], 100);
  found["100 ms, stage, nothing"] = await typed(bench, "stage", CODE, 100);
  return found;
}

/** Makes all measures, one after another. */
export async function measure(bench: Bench): Promise<void> {
  await wait(400);
  const arrivals = { fast_door: await arrive(bench, "fast_door"), ask_first: await arrive(bench, "ask_first") };
  const measures: Measures = { arrivals, undone: await undone(bench), race: await race(bench), slow: await slow(bench) };
  document.body.dataset["measures"] = JSON.stringify(measures);
  window.dispatchEvent(new Event("usher-measured"));
}

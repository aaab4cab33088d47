// The *Scanner test*: what three scans of one known code say of the scanner that typed them (UX section 3). Pure.

import type { ScannerSettings } from "../../bindings/usher";
import type { Message } from "../../shared/messages";
import { END_KEYS, gapsMs, LEARNED_GAP_MS_MAX, median, plainReadings, SCAN_GAP_MS, type Press } from "../../shared/wedge-run";
import { RUN_GAP_MS } from "../../shared/wedge";

/** What the code on the screen says. It is no ticket, so that it admits nobody wherever it is read. */
export const TEST_CODE = "USHER:TEST-YZ-47";
/** How many scans are wanted. */
export const TEST_SCANS = 3;
/** The longest text that a scanner may put around a code, in characters. */
const AROUND_MAX = 16;

/** What one scan says. */
export type Heard = { kind: "read"; set: ScannerSettings; longestMs: number } | { kind: "other" };

/** What all of them say. */
export type Learned = { kind: "learned"; set: ScannerSettings } | { kind: "too_slow"; ms: number } | { kind: "differ" };

/** Looks at the keys of one scan, the one that ended it among them. */
export function hear(presses: readonly Press[]): Heard {
  const last = presses.at(-1);
  const end = last && (last.key === "Enter" || last.key === "Tab") ? END_KEYS[last.key] : "nothing";
  const code = end === "nothing" ? presses : presses.slice(0, -1);
  const around = plainReadings(code).map((reading) => reading.split(TEST_CODE)).find((parts) => parts.length === 2);
  const [prefix = "", tail = ""] = around ?? [];
  if (!around || prefix.length > AROUND_MAX || tail.length > AROUND_MAX) return { kind: "other" };
  const gaps = gapsMs(code);
  return { kind: "read", set: { prefix, tail, end, gap_ms: Math.round(median(gaps)) }, longestMs: Math.max(...gaps) };
}

const same = (a: ScannerSettings, b: ScannerSettings): boolean => a.prefix === b.prefix && a.tail === b.tail && a.end === b.end;

/** What the scans have in common. One pause that is too long may be the computer's; in most scans it is the scanner's. */
export function learn(heard: readonly Extract<Heard, { kind: "read" }>[]): Learned {
  const first = heard[0];
  if (!first || !heard.every((scan) => same(scan.set, first.set))) return { kind: "differ" };
  const gap_ms = Math.round(median(heard.map((scan) => scan.set.gap_ms)));
  const broken = heard.filter((scan) => scan.longestMs > RUN_GAP_MS).length;
  if (gap_ms > LEARNED_GAP_MS_MAX || broken > heard.length / 2) return { kind: "too_slow", ms: gap_ms };
  return { kind: "learned", set: { ...first.set, gap_ms } };
}

/** What a scanner is like, in words. */
export function scannerWords(set: ScannerSettings): Message {
  return { key: `scanner.${set.gap_ms > SCAN_GAP_MS ? "slow" : "fast"}_${set.end}` };
}

/** What it puts around a code, in words; none where it puts nothing there. */
export function aroundWords({ prefix, tail }: ScannerSettings): Message | null {
  if (prefix === "" && tail === "") return null;
  return { key: "scanner.around", values: { text: { name: [prefix, tail].filter((part) => part !== "").join(" … ") } } };
}

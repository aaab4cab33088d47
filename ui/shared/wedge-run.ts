// A run of keys: how fast it came, and how it can be read (UX section 3). Pure; knows no window and no moment but the keys' own.

import type { ScannerEnd, ScannerSettings } from "../bindings/usher";
import { capsInverted, usCharacter } from "./keyboard-layout";

/** Largest median pause of a scan, in ms. */
export const SCAN_GAP_MS = 45;
/** Shortest scan, in characters. */
export const SCAN_LENGTH_MIN = 6;
/** Largest median pause of a scan that a desk can learn, in ms. */
export const LEARNED_GAP_MS_MAX = 80;
/** How much slower than at its test a scanner may type, as a factor: computers are not always as quick. */
const SLOWER = 1.25;

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

/** What kind of scan a run is: none, one by its speed alone, or one if its code is known. */
export type Speed = "person" | "scanner" | "maybe";

const written = (press: Press): string => ([...press.key].length === 1 ? press.key : "");

/** What the keys wrote. */
export function typed(presses: readonly Press[]): string {
  return presses.map(written).join("");
}

/** The three ways to read keys: as typed, as on a US keyboard, as typed under Caps Lock. */
export function plainReadings(presses: readonly Press[]): string[] {
  const us = presses.map((press) => usCharacter(press.code, press.shift) ?? written(press)).join("");
  return [typed(presses), us, capsInverted(typed(presses))];
}

/** Without what the scanner puts around a code; none where it puts nothing there. */
function bare(reading: string, scanner: ScannerSettings): string | null {
  const { prefix, tail } = scanner;
  const around = prefix !== "" || tail !== "";
  const fits = reading.startsWith(prefix) && reading.endsWith(tail) && reading.length > prefix.length + tail.length;
  return around && fits ? reading.slice(prefix.length, reading.length - tail.length) : null;
}

/** The ways to read a run, without symbology prefixes; first without what the scanner is known to put around a code. */
export function readings(presses: readonly Press[], scanner: ScannerSettings | null = null): string[] {
  const plain = plainReadings(presses);
  const stripped = scanner ? plain.flatMap((reading) => bare(reading, scanner) ?? []) : [];
  const clean = [...stripped, ...plain].map((reading) => reading.replace(/^\]Q[0-6]/i, "").trim());
  return [...new Set(clean)].filter((reading) => reading !== "");
}

/** The middle of some values; of an even number the mean of the two in the middle, of none 0. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

/** The pauses between keys, in ms. */
export function gapsMs(presses: readonly Press[]): number[] {
  return presses.slice(1).map((press, at) => press.at - (presses[at]?.at ?? 0));
}

/** Whether a scanner that was tested may have typed this, though a person may have too. */
function mayBe(presses: readonly Press[], gapMs: number, scanner: ScannerSettings): boolean {
  const limit = Math.min(LEARNED_GAP_MS_MAX, scanner.gap_ms * SLOWER);
  return gapMs <= limit && (scanner.prefix === "" || plainReadings(presses).some((reading) => reading.startsWith(scanner.prefix)));
}

/** Who typed a run. Past the median that no person reaches, only a desk that tested its scanner takes it for one. */
export function speed(presses: readonly Press[], scanner: ScannerSettings | null): Speed {
  if (presses.length < SCAN_LENGTH_MIN) return "person";
  const gapMs = median(gapsMs(presses));
  if (gapMs <= SCAN_GAP_MS) return "scanner";
  return scanner && mayBe(presses, gapMs, scanner) ? "maybe" : "person";
}

/** The name of a key that ends a scan. */
export const END_KEYS: Record<"Enter" | "Tab", ScannerEnd> = { Enter: "enter", Tab: "tab" };

// How each desk is doing, and in which order desks stand (UX section 6). Pure.

import type { Board, BoardStation } from "../../bindings/usher";
import { span, type Place } from "../../shared/format";
import { text, type Message } from "../../shared/messages";
import type { Tone } from "./rooms";

/** A desk's row. */
export interface DeskRow {
  station: BoardStation;
  tone: Tone;
  /** The worst figure in words, "Good" when there is none. */
  word: Message;
  /** Not heard for so long that its figures are old. */
  stale: boolean;
  /** Which figure made the colour. */
  cause: Cause | null;
}

/** A figure with limits. */
export type Cause = "asks" | "heard" | "waiting" | "places" | "clock";

/** The limits: from the first on yellow, from the second on red. */
export const LIMITS = {
  heard_ms: [120_000, 600_000],
  waiting: [25, 200],
  clock_ms: [30_000, 120_000],
} as const;
/** So few places are few. */
export const FEW_PLACES = 5;

interface Finding {
  cause: Cause;
  tone: Tone;
  word: Message;
}

function by(limits: readonly [number, number], value: number): Tone {
  return value >= limits[1] ? "stop" : value >= limits[0] ? "ask" : "plain";
}

/** How long ago the desk was heard, in ms; none: never. */
export function silence(station: BoardStation, now: number): number | null {
  return station.last_contact_ms === null ? null : Math.max(0, now - station.last_contact_ms);
}

function findings(station: BoardStation, serving: boolean, now: number, place: Place): Finding[] {
  const worded = (ms: number): string => text(place.language, span(ms));
  const found: Finding[] = [];
  const quiet = silence(station, now);
  if (serving && quiet !== null) {
    found.push({ cause: "heard", tone: by(LIMITS.heard_ms, quiet), word: { key: "desk.not_heard", values: { span: worded(quiet) } } });
  }
  found.push({ cause: "waiting", tone: by(LIMITS.waiting, station.waiting), word: { key: "desk.waiting", values: { n: station.waiting } } });
  if (serving && station.places === 0 && station.recent > 0) found.push({ cause: "places", tone: "stop", word: { key: "desk.no_places" } });
  else if (serving && station.places !== null && station.places <= FEW_PLACES) {
    found.push({ cause: "places", tone: "ask", word: { key: station.places === 0 ? "desk.no_places" : "desk.few_places" } });
  }
  const off = Math.abs(station.skew_ms);
  found.push({ cause: "clock", tone: by(LIMITS.clock_ms, off), word: { key: "desk.clock_off", values: { span: worded(off) } } });
  return found;
}

const TONES: Record<Tone, number> = { stop: 0, ask: 1, plain: 2 };

/** What a desk asks for, and since when; none: nothing. */
function asking(station: BoardStation, now: number, place: Place): Message | null {
  const asks = station.asks;
  if (asks?.help_ms != null) return { key: "desk.asks_help", values: { span: text(place.language, span(Math.max(0, now - asks.help_ms))) } };
  if (!asks?.place) return null;
  return { key: "desk.asks_place", values: { span: text(place.language, span(Math.max(0, now - asks.place.at_ms))) } };
}

function row(station: BoardStation, board: Board, now: number, place: Place): DeskRow {
  const asks = asking(station, now, place);
  if (asks) return { station, tone: "stop", word: asks, stale: false, cause: "asks" };
  const session = board.sessions.find((candidate) => candidate.id === station.session);
  const serving = session?.state === "open" || session?.state === "paused";
  const quiet = silence(station, now);
  const awaited = board.sessions.some((of) => of.logs.some((log) => log.awaited && log.station === station.id));
  // After a restore nobody knows what it may still use, whenever it was heard.
  if (awaited) return { station, tone: "ask", word: { key: "desk.awaited" }, stale: false, cause: "heard" };
  if (quiet === null) return { station, tone: "plain", word: { key: "desk.never" }, stale: false, cause: null };
  const worst = findings(station, serving, now, place)
    .filter((finding) => finding.tone !== "plain")
    .sort((a, b) => TONES[a.tone] - TONES[b.tone])[0];
  const stale = serving && quiet >= LIMITS.heard_ms[0];
  if (worst) return { station, tone: worst.tone, word: worst.word, stale, cause: worst.cause };
  return { station, tone: "plain", word: { key: serving ? "desk.good" : "desk.ready" }, stale, cause: null };
}

/** Every desk, worst first, then by name. */
export function desks(board: Board, now: number, place: Place): DeskRow[] {
  const byName = new Intl.Collator(place.language, { numeric: true });
  return board.stations
    .map((station) => row(station, board, now, place))
    .sort(
      (a, b) =>
        Number(b.cause === "asks") - Number(a.cause === "asks") ||
        TONES[a.tone] - TONES[b.tone] ||
        (a.tone === "plain" ? 0 : (silence(b.station, now) ?? 0) - (silence(a.station, now) ?? 0)) ||
        byName.compare(a.station.name, b.station.name),
    );
}

// How much a room is at risk, and in which order rooms stand (UX section 6). Pure.

import type { Board, BoardSession } from "../../bindings/usher";
import { clock, moment, span, type Place } from "../../shared/format";
import { text, type Key, type Message } from "../../shared/messages";

/** How bad: good, look at it, act now. */
export type Tone = "plain" | "ask" | "stop";

/** A room's card. */
export interface Room {
  session: BoardSession;
  tone: Tone;
  /** Short word at the end side; none when there is nothing to say. */
  status: Message | null;
  /** "At worst 287 · 13 can still be given" */
  worst: Message[];
  /** "56 held by desks · 7 waiting to send" */
  open: Message[];
  bar: Bar | null;
}

/** The bar's pieces, in hundredths of its width. */
export interface Bar {
  inside: number;
  twice: number;
  held: number;
  /** Where the capacity stands when the worst case passes it. */
  limit: number | null;
}

/** Guests a minute, from what desks sent in the last five minutes. */
export function arrivalsPerMinute(board: Board, session: string): number {
  return board.stations.filter((station) => station.session === session).reduce((sum, station) => sum + station.recent, 0) / 5;
}

/** Minutes until the room is full at the present pace; none when it does not fill. */
export function minutesUntilFull(session: BoardSession, perMinute: number): number | null {
  if (session.capacity === null || perMinute <= 0 || session.state !== "open") return null;
  return Math.max(0, (session.capacity - session.occupied) / perMinute);
}

/** The room's tone by the limits of the specification. */
export function roomTone(session: BoardSession, perMinute: number): Tone {
  const { capacity, inside, worst } = session;
  if (capacity === null || session.state === "ended") return "plain";
  if (capacity > 0 && inside >= capacity) return "stop";
  if (worst > capacity) return "stop";
  if (session.awaited.length > 0) return "ask";
  const until = minutesUntilFull(session, perMinute);
  const filling = inside > 0 && (inside >= capacity * 0.85 || (until !== null && until <= 10));
  return filling || (inside > 0 && worst === capacity) ? "ask" : "plain";
}

function status(session: BoardSession, perMinute: number, place: Place): Message | null {
  if (session.state === "paused") return { key: "room.paused" };
  if (session.state === "ended") return { key: "room.ended" };
  const { capacity, inside } = session;
  if (capacity !== null && inside > capacity) return { key: "room.over", values: { n: inside - capacity } };
  if (capacity !== null && capacity > 0 && inside === capacity) return { key: "room.full" };
  const until = minutesUntilFull(session, perMinute);
  if (until !== null && until < 120) {
    return { key: "room.full_in", values: { span: text(place.language, span(Math.max(1, Math.ceil(until)) * 60_000)) } };
  }
  if (session.inside === 0) return null;
  if (perMinute > 0) return { key: "room.filling", values: { n: Math.max(1, Math.round(perMinute)) } };
  return { key: "room.still" };
}

function worstLine(session: BoardSession, now: number, place: Place): Message[] {
  if (session.awaited.length > 0) {
    const desks = new Intl.ListFormat(place.language, { type: "conjunction" }).format(session.awaited);
    return [{ key: "room.unknown" }, { key: "room.awaited", values: { desks: { name: desks } } }];
  }
  if (session.inside === 0 && session.occupied === 0 && session.worst === 0 && session.state !== "ended") {
    const opens = session.opens_ms > now;
    return [opens ? { key: "room.empty_opens", values: { time: clock(session.opens_ms, place) } } : { key: "room.empty" }];
  }
  const worst: Message = { key: "room.worst", values: { worst: session.worst } };
  if (session.capacity === null || session.grantable === null) return [worst];
  if (session.grantable > 0) return [worst, { key: "room.can_give", values: { count: session.grantable } }];
  return [worst, { key: session.worst > session.capacity ? "room.none_left" : "room.all_given" }];
}

function bar(session: BoardSession): Bar | null {
  const { capacity } = session;
  if (capacity === null) return null;
  const whole = Math.max(capacity, session.worst, 1);
  const share = (n: number): number => (Math.max(0, n) / whole) * 100;
  const twice = Math.max(0, session.occupied - session.inside);
  return {
    inside: share(Math.min(session.inside, session.occupied)),
    twice: share(twice),
    held: share(session.worst - session.occupied),
    limit: session.worst > capacity ? share(capacity) : null,
  };
}

/** A figure of the room with its label. */
export interface Tile {
  figure: Message;
  label: Message & { key: Key };
}

/** Every figure of a room, never merged into one. The worst case and what can be given are not known while desks are awaited. */
export function tiles(session: BoardSession): Tile[] {
  const number = (n: number): Message => ({ key: "chip.number", values: { n } });
  const learning = session.awaited.length > 0;
  const known = (n: number): Message => (learning ? { key: "manage.unknown_short" } : number(n));
  const inside: Tile["label"] = session.capacity === null ? { key: "manage.tile_inside" } : { key: "manage.tile_inside_of", values: { capacity: session.capacity } };
  const all: Tile[] = [{ figure: number(session.inside), label: inside }];
  if (session.occupied !== session.inside) all.push({ figure: number(session.occupied), label: { key: "manage.tile_taken" } });
  if (session.capacity === null) return all;
  all.push({ figure: known(session.outstanding), label: { key: "manage.tile_desks" } });
  if (session.held > 0) all.push({ figure: number(session.held), label: { key: "manage.tile_kept" } });
  all.push({ figure: known(session.worst), label: { key: "manage.tile_worst" } });
  all.push({ figure: known(Math.max(0, session.grantable ?? 0)), label: { key: "manage.tile_free" } });
  return all;
}

/** Whether seats are kept for registered guests, how many, and until when. */
export function keptSeats(session: BoardSession, now: number, place: Place): Message {
  const { held: count, held_until_ms: until } = session;
  if (session.hold_seats && until !== null) return { key: "manage.seats_until", values: { count, time: moment(until, now, place) } };
  return session.hold_seats || count > 0 ? { key: "manage.seats_on", values: { count } } : { key: "manage.seats_off" };
}

const STATES: Record<BoardSession["state"], number> = { open: 0, paused: 0, scheduled: 1, ended: 2 };
const TONES: Record<Tone, number> = { stop: 0, ask: 1, plain: 2 };

function fullness(session: BoardSession): number {
  return session.capacity ? session.worst / session.capacity : 0;
}

/** Every room, most at risk first. */
export function rooms(board: Board, now: number, place: Place): Room[] {
  const made = board.sessions.map((session): Room & { pace: number } => {
    const pace = arrivalsPerMinute(board, session.id);
    // Without a limit there is nothing to hold.
    const held: Message[] = session.capacity === null ? [] : [{ key: "room.held", values: { count: session.outstanding } }];
    const kept: Message[] = session.held > 0 ? [{ key: "room.kept", values: { count: session.held } }] : [];
    const pending: Message[] = session.pending > 0 ? [{ key: "room.pending", values: { count: session.pending } }] : [];
    return {
      session,
      pace,
      tone: roomTone(session, pace),
      status: status(session, pace, place),
      worst: worstLine(session, now, place),
      open: [...held, ...kept, ...pending],
      bar: bar(session),
    };
  });
  const until = (room: (typeof made)[number]): number => minutesUntilFull(room.session, room.pace) ?? Number.MAX_SAFE_INTEGER;
  return made.sort(
    (a, b) =>
      TONES[a.tone] - TONES[b.tone] ||
      STATES[a.session.state] - STATES[b.session.state] ||
      until(a) - until(b) ||
      (a.session.state === "scheduled" ? a.session.starts_ms - b.session.starts_ms : fullness(b.session) - fullness(a.session)) ||
      a.session.starts_ms - b.session.starts_ms ||
      a.session.id.localeCompare(b.session.id),
  );
}

// What a supervisor can decide, and what has to be said before: what it does, before and after, the risk, whether it can be
// taken back. Pure; sending it is decide.svelte.ts.

import type { Board, BoardIncident, BoardLog, BoardMerge, BoardSession, FoundPerson, SupervisorCommands } from "../../bindings/usher";
import { clock, type Place } from "../../shared/format";
import { text, type Key, type Message } from "../../shared/messages";
import { silence, LIMITS } from "./desks";
import { UNKNOWN_DESKS } from "./names";
import { giveQuestion, messageQuestion, refuseQuestion, type To } from "./words";

/** The commands that decide. */
export type Deciding = "settle" | "resolve" | "capacity" | "state" | "hand_out" | "hold_seats" | "re_entry" | "merge" | "split" | "message" | "come" | "give_place" | "refuse_place";
/** A decision, ready to be sent. */
export type Decision = { [Name in Deciding]: { name: Name; args: SupervisorCommands[Name]["args"] } }[Deciding];
/** Why a desk is settled. */
export type Reason = SupervisorCommands["settle"]["args"]["reason"];
/** What a session's door is set to. */
export type DoorState = BoardSession["set"];

/** What somebody wants to decide, before the confirmation. */
export type Asked =
  | { kind: "state"; session: string; to: DoorState }
  | { kind: "capacity"; session: string; suggested?: number }
  | { kind: "hand_out"; session: string; all: boolean }
  | { kind: "hold_seats"; session: string; hold: boolean }
  | { kind: "re_entry"; session: string; allowed: boolean }
  | { kind: "merge"; stays: FoundPerson; same: FoundPerson }
  | { kind: "split"; merge: BoardMerge }
  | { kind: "message"; to: To }
  | { kind: "give"; session: string; station: string; asked: number }
  | { kind: "refuse"; station: string; asked: number }
  | { kind: "settle"; session: string; station: string; epoch: string }
  | { kind: "resolve"; incident: string; outcome: "one_person" | "two_people" | "accepted" };

/** A figure that the decision moves. */
export interface Change {
  label: Key;
  before: number | null;
  after: number | null;
}

/** A confirmation: everything that has to be said. */
export interface Question {
  title: Message;
  lines: Message[];
  changes: Change[];
  /** What can go wrong; none: nothing more than the lines say. */
  risk: Message | null;
  /** The words on the button. */
  go: Key;
  decision: Decision;
  /** What is told afterwards. */
  done: Message;
  /** What takes it back; none: nothing does, or what `back` says. */
  undo: Decision | null;
  /** How it is taken back where no button after it does. */
  back?: Key;
}

/** The most places that a session can have: what the field takes. */
export const PLACES_MAX = 1_000_000;

/** A session as its people call it. */
export function roomName(session: BoardSession): { name: string } {
  return { name: session.room || session.name };
}

const free = (session: BoardSession): number => Math.max(0, session.grantable ?? 0);

/** The risk of a word that desks without a network do not hear; names those that were not heard lately. */
function unheard(board: Board, session: BoardSession, now: number, place: Place): Message {
  const quiet = board.stations.filter((s) => s.session === session.id && (silence(s, now) ?? 0) >= LIMITS.heard_ms[0]);
  if (quiet.length === 0) return { key: "decide.offline_goes_on" };
  const desks = new Intl.ListFormat(place.language, { type: "conjunction" }).format(quiet.map((s) => s.name));
  return { key: "decide.offline_goes_on_named", values: { desks: { name: desks } } };
}

const STATES: Record<DoorState, { line: Key; go: Key; done: Key; title: Key }> = {
  open: { title: "decide.open", line: "decide.open_line", go: "manage.open", done: "decided.open" },
  paused: { title: "decide.pause", line: "decide.pause_line", go: "manage.pause", done: "decided.paused" },
  ended: { title: "decide.end", line: "decide.end_line", go: "manage.end", done: "decided.ended" },
  scheduled: { title: "decide.schedule", line: "decide.schedule_line", go: "manage.schedule", done: "decided.scheduled" },
};

/** Opening, pausing, ending, or giving back to the schedule. */
export function stateQuestion(board: Board, session: BoardSession, to: DoorState, now: number, place: Place, said = ""): Question {
  const room = roomName(session);
  const words = STATES[to];
  const times = { opens: clock(session.opens_ms, place), ends: clock(session.ends_ms, place) };
  return {
    title: { key: words.title, values: { room } },
    lines: [{ key: words.line, values: times }],
    changes: [],
    risk: to === "paused" || to === "ended" ? unheard(board, session, now, place) : null,
    go: words.go,
    decision: { name: "state", args: { session: session.id, state: to, words: (to === "paused" && said.trim()) || null } },
    done: { key: words.done, values: { room } },
    undo: { name: "state", args: { session: session.id, state: session.set, words: session.pause_words || null } },
  };
}

function capacityRisk(session: BoardSession, capacity: number | null): Message | null {
  if (capacity === null) return { key: "decide.no_limit_risk" };
  if (session.occupied > capacity) return { key: "decide.capacity_inside", values: { count: session.occupied - capacity } };
  if (session.worst > capacity) return { key: "decide.capacity_promised", values: { count: session.worst - capacity } };
  return null;
}

/** Another number of places. */
export function capacityQuestion(session: BoardSession, capacity: number | null): Question {
  const room = roomName(session);
  const grantable = capacity === null || session.awaited.length > 0 ? null : Math.max(0, capacity - session.worst);
  const changes: Change[] = [{ label: "manage.tile_places", before: session.capacity, after: capacity }];
  if (session.grantable !== null && session.awaited.length === 0) changes.push({ label: "manage.tile_free", before: free(session), after: grantable });
  return {
    title: { key: "decide.capacity", values: { room } },
    lines: [],
    changes,
    risk: capacityRisk(session, capacity),
    go: "decide.set",
    decision: { name: "capacity", args: { session: session.id, capacity } },
    done: capacity === null ? { key: "decided.no_limit", values: { room } } : { key: "decided.capacity", values: { room, n: capacity } },
    undo: { name: "capacity", args: { session: session.id, capacity: session.capacity } },
  };
}

/** Every free place to the desks, or some kept back again. */
export function handOutQuestion(session: BoardSession, all: boolean): Question {
  const room = roomName(session);
  return {
    title: { key: all ? "decide.hand_out" : "decide.keep_back", values: { room } },
    lines: [{ key: all ? "decide.hand_out_line" : "decide.keep_back_line" }, { key: "decide.unusable", values: { count: free(session) } }],
    changes: [],
    risk: { key: all ? "decide.hand_out_risk" : "decide.keep_back_risk" },
    go: all ? "manage.hand_out" : "manage.keep_back",
    decision: { name: "hand_out", args: { session: session.id, all } },
    done: { key: all ? "decided.handed_out" : "decided.kept_back", values: { room } },
    undo: { name: "hand_out", args: { session: session.id, all: !all } },
  };
}

/** Seats kept for registered guests, or no longer. */
export function holdQuestion(session: BoardSession, hold: boolean): Question {
  const room = roomName(session);
  const released: Message = session.held > 0 ? { key: "decide.release_line", values: { count: session.held } } : { key: "decide.release_none" };
  const line: Message = hold ? { key: "decide.hold_line", values: { count: free(session) } } : released;
  return {
    title: { key: hold ? "decide.hold" : "decide.release", values: { room } },
    lines: [line],
    changes: [],
    risk: { key: hold ? "decide.hold_risk" : "decide.release_risk" },
    go: hold ? "manage.hold" : "manage.release",
    decision: { name: "hold_seats", args: { session: session.id, hold } },
    done: { key: hold ? "decided.held" : "decided.released", values: { room } },
    undo: { name: "hold_seats", args: { session: session.id, hold: !hold } },
  };
}

/** Guests come and go without being counted out, or are counted out. */
export function reEntryQuestion(session: BoardSession, allowed: boolean): Question {
  const room = roomName(session);
  return {
    title: { key: allowed ? "decide.re_entry" : "decide.count_out", values: { room } },
    lines: [{ key: allowed ? "decide.re_entry_line" : "decide.count_out_line" }],
    changes: [],
    risk: session.state === "scheduled" && session.inside === 0 ? null : { key: "decide.re_entry_open" },
    go: allowed ? "manage.leaving_free_set" : "manage.leaving_count_set",
    decision: { name: "re_entry", args: { session: session.id, allowed } },
    done: { key: allowed ? "decided.re_entry" : "decided.count_out", values: { room } },
    undo: { name: "re_entry", args: { session: session.id, allowed: !allowed } },
  };
}

/** A person by name, or by id where the list has none. */
export function personName(person: FoundPerson): { name: string } {
  return { name: person.name || person.id };
}

/** Two names are one person. */
export function mergeQuestion(stays: FoundPerson, same: FoundPerson, place: Place): Question {
  const values = { stays: personName(stays), same: personName(same) };
  const both = stays.inside.filter((session) => same.inside.includes(session));
  const sessions = new Intl.ListFormat(place.language, { type: "conjunction" }).format(both);
  const lines: Message[] = [{ key: "decide.merge_line", values }];
  if (both.length) lines.push({ key: "decide.merge_inside", values: { sessions: { name: sessions } } });
  return {
    title: { key: "decide.merge" },
    lines,
    changes: [],
    risk: { key: "decide.merge_risk" },
    go: "people.one",
    decision: { name: "merge", args: { stays: stays.id, same: same.id } },
    done: { key: "decided.merged", values },
    undo: null,
    back: "decide.merge_back",
  };
}

/** They are two people after all. */
export function splitQuestion(merge: BoardMerge): Question {
  const values = { stays: { name: merge.stays }, same: { name: merge.same } };
  return {
    title: { key: "decide.split", values },
    lines: [{ key: "decide.split_line" }],
    changes: [],
    risk: null,
    go: "people.split",
    decision: { name: "split", args: { station: merge.station, epoch: merge.epoch, seq: merge.seq } },
    done: { key: "decided.split", values },
    undo: null,
    back: "decide.split_back",
  };
}

function sameMerge(a: BoardMerge, b: BoardMerge): boolean {
  return a.station === b.station && a.epoch === b.epoch && a.seq === b.seq;
}

function settleRisk(log: BoardLog, spent: number): Message {
  const desk = { name: log.name };
  if (log.station === UNKNOWN_DESKS) return { key: "decide.settle_risk_ones", values: { n: spent } };
  if (log.awaited) return { key: "decide.settle_risk_unknown", values: { desk, n: spent } };
  if (spent < log.outstanding) return { key: "decide.settle_risk", values: { desk, n: spent, count: log.outstanding - spent } };
  return { key: "decide.settle_no_risk", values: { desk } };
}

/** A lost desk's places are written off; `spent` of them count as used. */
export function settleQuestion(session: BoardSession, log: BoardLog, spent: number, reason: Reason): Question {
  const desk = { name: log.name };
  const unknown = log.station === UNKNOWN_DESKS;
  const worst = session.worst - log.outstanding + spent;
  // What another desk may still bring after a restore is not known: figures would only look exact.
  const known = session.awaited.length === 0 || (session.awaited.length === 1 && log.awaited);
  const changes: Change[] = [];
  if (known) changes.push({ label: "manage.tile_worst", before: log.awaited ? null : session.worst, after: worst });
  if (known && session.capacity !== null) {
    changes.push({ label: "manage.tile_free", before: log.awaited ? null : free(session), after: Math.max(0, session.capacity - worst) });
  }
  return {
    title: { key: "decide.settle", values: { desk, room: roomName(session) } },
    lines: [unknown ? { key: "decide.settle_unknown_ones" } : { key: log.awaited ? "decide.settle_unknown" : "decide.settle_line", values: { desk, count: log.outstanding } }],
    changes,
    risk: settleRisk(log, spent),
    go: "manage.settle",
    decision: { name: "settle", args: { station: log.station, epoch: log.epoch, session: session.id, spent, reason } },
    done: unknown ? { key: "decided.settled_ones", values: { room: roomName(session) } } : { key: "decided.settled", values: { desk, room: roomName(session) } },
    undo: null,
  };
}

/** Whether the name was typed as it stands on the board, give or take capitals and spaces. */
export function nameMatches(typed: string, name: string): boolean {
  const plain = (words: string): string => words.normalize("NFC").trim().replace(/\s+/g, " ").toLocaleLowerCase();
  return plain(typed) === plain(name);
}

/** An incident is settled. */
export function resolveQuestion(incident: BoardIncident, session: BoardSession | null, outcome: "one_person" | "two_people" | "accepted", place: Place): Question {
  const person = { name: incident.person ?? text(place.language, { key: "incident.somebody" }) };
  const args = { incident: incident.id, outcome, over_by: incident.over_by };
  const common = { go: "decide.settle_it" as Key, decision: { name: "resolve", args } as Decision, undo: null };
  if (outcome === "accepted") {
    return { ...common, title: { key: "decide.seen" }, lines: [{ key: incident.kind === "over_capacity" ? "decide.seen_over" : "decide.seen_line" }], changes: [], risk: null, done: { key: "decided.seen" } };
  }
  const one = outcome === "one_person";
  const taken: Change[] = session ? [{ label: "manage.tile_taken", before: session.occupied, after: session.occupied - (one ? 1 : 0) }] : [];
  return {
    ...common,
    title: { key: one ? "decide.one_person" : "decide.two_people" },
    lines: [{ key: one ? "decide.one_line" : "decide.two_line", values: { person } }],
    changes: taken,
    risk: one ? { key: "decide.one_risk" } : null,
    done: { key: one ? "decided.one_person" : "decided.two_people", values: { person } },
  };
}

/** What was filled in. */
export interface Input {
  capacity: number | null;
  spent: number;
  reason: Reason;
  /** What is said, for a message, a pause or a no. */
  words?: string;
  urgent?: boolean;
}

/** What is asked for, on the board as it is now; none: the board no longer has it. */
export function question(board: Board, asked: Asked, input: Input, now: number, place: Place): Question | null {
  if (asked.kind === "resolve") {
    const incident = board.incidents.find((one) => one.id === asked.incident);
    const session = board.sessions.find((one) => one.id === incident?.session_id) ?? null;
    return incident ? resolveQuestion(incident, session, asked.outcome, place) : null;
  }
  if (asked.kind === "merge") return mergeQuestion(asked.stays, asked.same, place);
  if (asked.kind === "split") {
    const merge = board.merges?.find((one) => sameMerge(one, asked.merge));
    return merge ? splitQuestion(merge) : null;
  }
  if (asked.kind === "message") return messageQuestion(board, asked.to, input.words ?? "", input.urgent ?? false);
  if (asked.kind === "refuse") {
    const desk = board.stations.find((one) => one.id === asked.station);
    return desk?.asks?.place?.at_ms === asked.asked ? refuseQuestion(desk, asked.asked, input.words ?? "") : null;
  }
  const session = board.sessions.find((one) => one.id === asked.session);
  if (!session) return null;
  switch (asked.kind) {
    case "state":
      return stateQuestion(board, session, asked.to, now, place, input.words);
    case "capacity":
      return capacityQuestion(session, input.capacity);
    case "hand_out":
      return handOutQuestion(session, asked.all);
    case "hold_seats":
      return holdQuestion(session, asked.hold);
    case "give": {
      const desk = board.stations.find((one) => one.id === asked.station);
      // What it asks now may be for another guest, or another session.
      const same = desk?.asks?.place?.at_ms === asked.asked && desk.asks.place.session === session.id;
      return same ? giveQuestion(session, desk, asked.asked) : null;
    }
    case "re_entry":
      return reEntryQuestion(session, asked.allowed);
    case "settle": {
      const log = findLog(session, asked);
      return log ? settleQuestion(session, log, input.spent, input.reason) : null;
    }
  }
}

/** The desk's log that is to be settled, as the board names it. */
export function findLog(session: BoardSession, asked: { station: string; epoch: string }): BoardLog | null {
  return session.logs.find((log) => log.station === asked.station && log.epoch === asked.epoch) ?? null;
}

/** What a desk could be settled for. */
export interface Open {
  session: BoardSession;
  log: BoardLog;
}

/** Every log of a station that may still use places; without a station every log that is awaited after a restore. */
export function openLogs(board: Board, station: string | null): Open[] {
  const wanted = (log: BoardLog): boolean => (station === null ? log.awaited : log.station === station);
  return board.sessions.flatMap((session) => session.logs.filter(wanted).map((log) => ({ session, log })));
}

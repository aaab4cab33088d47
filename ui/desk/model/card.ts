// From a verdict and what became of it to a card: class, icon, words, actions, stay (UX section 2). Pure.

import type { BookingView, CardAction, CardView, LinkView, StoreProblem, VerdictView } from "../../bindings/usher";
import { clock, day, moment, span, type Place } from "../../shared/format";
import { text, type Key, type Message } from "../../shared/messages";
import type { IconName } from "../../shared/icons";

/** The look of a card: green, asks, amber, stop, neutral, fault, out. */
export type CardClass = "G" | "R" | "A" | "S" | "N" | "F" | "O";

/** What a card's words need beside the card. */
export interface Around {
  /** The corrected time now, in ms since 1970. */
  now: number;
  place: Place;
  link: LinkView;
  event: string;
  /** The server was put back to an older state and gives no places yet. */
  learning: boolean;
  /** What a supervisor says while the door is paused; empty: nothing. */
  pauseWords?: string;
  /** Guests see the screen. */
  namesHidden?: boolean;
}

/** A mark on a guest: the desk's own words, the organiser's, or that there is one whose words are not for who sees this screen. */
export type Flag = Message | { name: string } | null;

/** A card ready to be shown. */
export interface CardModel {
  class: CardClass;
  icon: IconName;
  title: Key;
  line: Message | { note: string };
  /** What the volunteer should know of this guest, where the line says something else. */
  note: string | null;
  /** What the organiser marked this guest with, while they stand at the desk. */
  flags: Flag[];
  know: Message | null;
}

/** The most recent time for "You let them in … ago". */
const JUST_NOW_MS = 120_000;
/** How long *No places here* waits for more. */
export const ASKING_MS = 3_000;

type Face = Pick<CardModel, "class" | "icon" | "title">;
const face = (kind: CardClass, icon: IconName, title: Key): Face => ({ class: kind, icon, title });

const STOPS: Partial<Record<VerdictView["kind"], Face>> = {
  session_full: face("S", "octagon-x", "card.full.title"),
  seats_held: face("S", "armchair", "card.held.title"),
  session_not_open: face("S", "calendar-clock", "card.not_open.title"),
  session_paused: face("S", "octagon-pause", "card.paused.title"),
  session_ended: face("S", "calendar-x", "card.ended.title"),
  cancelled: face("S", "ticket-x", "card.cancelled.title"),
  revoked: face("S", "ticket-x", "card.revoked.title"),
  unknown_ticket: face("S", "user-search", "card.unknown.title"),
  signed_unknown: face("A", "badge-check", "card.new_ticket.title"),
  forged: face("S", "ban", "card.forged.title"),
  other_event: face("S", "ban", "card.other_event.title"),
  practice_only: face("S", "graduation-cap", "card.practice.title"),
  not_a_ticket: face("N", "circle-question-mark", "card.not_a_ticket.title"),
  already_in: face("N", "history", "card.already.title"),
  not_registered: face("A", "triangle-alert", "card.not_booked.title"),
  registered: face("R", "circle-check", "card.registered.title"),
};

function verdictFace(verdict: VerdictView, at: number): Face {
  if (verdict.kind === "grant_empty") {
    return verdict.optimistic
      ? face("A", "triangle-alert", "card.over_limit.title")
      : face("S", "octagon-x", "card.no_places.title");
  }
  if (verdict.kind === "expired") {
    const early = verdict.from_ms !== null && verdict.from_ms > at;
    return face("S", "ticket-x", early ? "card.early.title" : "card.expired.title");
  }
  return STOPS[verdict.kind] ?? face("N", "circle-question-mark", "card.not_a_ticket.title");
}

function cardFace(card: CardView): Face {
  switch (card.outcome.kind) {
    case "let_in":
      return face("G", "circle-check-big", "card.come_in.title");
    case "not_saved":
      return face("F", "save-off", "card.not_saved.title");
    case "turned_away":
      return face("N", "user-x", "card.turned_away.title");
    case "taken_back":
      return face(card.actions.includes("let_in") ? "R" : "N", "undo-2", "card.taken_back.title");
    case "checked_out":
      return face("O", "log-out", "card.checked_out.title");
    case "nobody_out":
      return face("N", "user-search", "card.nobody_out.title");
    case "not_counted":
      return face("N", "log-out", "card.not_counted.title");
    case "open":
      return card.unchosen ? face("A", "circle-question-mark", "card.choose.title") : verdictFace(card.verdict, card.at_ms);
  }
}

function bookedLine(booked: BookingView | null, canLetIn: boolean, around: Around): Message {
  if (!booked) return { key: canLetIn ? "card.not_booked.line" : "card.not_booked.line_closed" };
  const values = { room: { name: booked.room || booked.name }, time: moment(booked.starts_ms, around.now, around.place) };
  return { key: canLetIn ? "card.not_booked.elsewhere" : "card.not_booked.elsewhere_closed", values };
}

function alreadyLine(verdict: Extract<VerdictView, { kind: "already_in" }>, card: CardView, around: Around): Message {
  const since = card.at_ms - verdict.at_ms;
  if (verdict.here && since < JUST_NOW_MS) {
    return { key: "card.already.just_now", values: { span: text(around.place.language, span(since)) } };
  }
  const time = moment(verdict.at_ms, around.now, around.place);
  if (verdict.here) return { key: "card.already.here", values: { time } };
  if (!verdict.desk) return { key: "card.already.somewhere", values: { time } };
  return { key: "card.already.elsewhere", values: { desk: { name: verdict.desk }, time } };
}

function placesLine(verdict: Extract<VerdictView, { kind: "grant_empty" }>, card: CardView, around: Around): Message {
  if (verdict.optimistic) return { key: "card.over_limit.line" };
  if (!verdict.online) return { key: "card.no_places.offline" };
  if (around.learning) return { key: "card.no_places.learning" };
  return { key: around.now - card.at_ms < ASKING_MS ? "card.no_places.asking" : "card.no_places.none" };
}

function expiredLine(verdict: Extract<VerdictView, { kind: "expired" }>, card: CardView, around: Around): Message {
  const { from_ms: from, until_ms: until } = verdict;
  if (from !== null && from > card.at_ms) return { key: "card.early.line", values: { day: day(from, around.place) } };
  if (until !== null) return { key: "card.expired.line", values: { day: day(until, around.place) } };
  return { key: "card.expired.line_bare" };
}

/** "Opens 09:45, in 12 min." */
export function opensValues(opens: number, around: Pick<Around, "now" | "place">): Record<"time" | "span", string> {
  return {
    time: moment(opens, around.now, around.place),
    span: text(around.place.language, span(Math.max(60_000, opens - around.now))),
  };
}

const NOT_SAVED: Record<StoreProblem, Key> = {
  disk_full: "card.not_saved.disk_full",
  read_only: "card.not_saved.read_only",
  busy: "card.not_saved.busy",
  too_new: "card.not_saved.other",
  damaged: "card.not_saved.damaged",
  other: "card.not_saved.other",
};

const PLAIN: Partial<Record<VerdictView["kind"], Key>> = {
  cancelled: "card.cancelled.line",
  revoked: "card.revoked.line",
  unknown_ticket: "card.unknown.line",
  signed_unknown: "card.new_ticket.line",
  not_a_ticket: "card.not_a_ticket.line",
  practice_only: "card.practice.line",
};

/** The longest words of a pause that a card's line has room for; the stage without a card shows all. */
const PAUSE_CHARS = 90;

/** A place was asked for: how far that is. */
function askedLine(card: CardView): Message | null {
  if (!card.place) return null;
  if (card.place.refused !== null) return { key: "card.place.no" };
  return { key: card.place.told ? "card.place.asked" : "card.place.asking" };
}

/** What the organiser wants done with a guest who may come in: their own words before the desk's. */
function registeredLine({ guest }: CardView, around: Around): CardModel["line"] {
  if (guest?.note) return { note: guest.note };
  if (guest?.attention) return { key: "card.registered.attention" };
  if (!guest?.flags.length) return { key: "card.registered.line" };
  return { key: around.namesHidden ? "card.registered.flag_hidden" : "card.registered.flagged" };
}

function verdictLine(card: CardView, around: Around): CardModel["line"] {
  const { verdict } = card;
  const asked = askedLine(card);
  if (asked && ["session_full", "grant_empty", "seats_held"].includes(verdict.kind)) return asked;
  switch (verdict.kind) {
    case "registered":
      return registeredLine(card, around);
    case "not_registered":
      return bookedLine(verdict.booked, card.actions.includes("let_in_anyway"), around);
    case "already_in":
      return alreadyLine(verdict, card, around);
    case "session_full":
      return { key: "card.full.line", values: { count: verdict.capacity } };
    case "grant_empty":
      return placesLine(verdict, card, around);
    case "seats_held":
      if (verdict.until_ms === null) return { key: "card.held.line" };
      return { key: "card.held.until", values: { time: moment(verdict.until_ms, around.now, around.place) } };
    case "session_not_open":
      return { key: "card.not_open.line", values: opensValues(verdict.opens_ms, around) };
    case "session_paused":
      return around.pauseWords && around.pauseWords.length <= PAUSE_CHARS ? { note: around.pauseWords } : { key: "card.paused.line" };
    case "session_ended":
      return { key: "card.ended.line", values: { time: moment(verdict.ended_ms, around.now, around.place) } };
    case "expired":
      return expiredLine(verdict, card, around);
    case "forged":
      return { key: "card.forged.line", values: { event: { name: around.event } } };
    case "other_event":
      return { key: "card.other_event.line", values: { event: { name: around.event } } };
    default:
      return { key: PLAIN[verdict.kind] ?? "card.not_a_ticket.line" };
  }
}

function cardLine(card: CardView, around: Around): CardModel["line"] {
  switch (card.outcome.kind) {
    case "let_in":
      return card.party > 1 ? { key: "card.come_in.party", values: { count: card.party } } : { key: "card.come_in.line" };
    case "not_saved":
      return { key: NOT_SAVED[card.outcome.problem] };
    case "turned_away":
      return { key: "card.turned_away.line" };
    case "taken_back":
      return { key: card.actions.includes("let_in") ? "card.taken_back.again" : "card.taken_back.line" };
    case "checked_out":
      return { key: "card.checked_out.line" };
    case "nobody_out":
      return { key: "card.nobody_out.line" };
    case "not_counted":
      return { key: "card.not_counted.line" };
    case "open":
      if (card.unchosen) return { key: card.verdict.kind === "not_registered" ? "card.choose.none" : "card.choose.several" };
      return verdictLine(card, around);
  }
}

function knowledge(card: CardView, around: Around): Message | null {
  if (!card.guest) return null;
  if (card.others_ms === null) return { key: "card.know.never" };
  if (around.link.kind === "offline") {
    return { key: "card.know.since", values: { time: clock(card.others_ms, around.place) } };
  }
  const ago = text(around.place.language, span(card.at_ms - card.others_ms));
  return { key: "card.know.ago", values: { span: ago } };
}

/** Outcomes in which the guest still stands at the desk. */
const STILL_HERE: readonly CardView["outcome"]["kind"][] = ["open", "let_in", "not_saved"];

function noteBeside(card: CardView, line: CardModel["line"]): string | null {
  const note = card.guest?.note;
  return note && STILL_HERE.includes(card.outcome.kind) && !("note" in line) ? note : null;
}

/** Words about a person are not for who sees the screen: of all of them one sign is left. That a second look is wanted says nothing of them. */
function flagsBeside({ guest, outcome }: CardView, hidden: boolean): Flag[] {
  if (!guest || !STILL_HERE.includes(outcome.kind)) return [];
  const look: Flag[] = guest.attention ? [{ key: "card.attention" }] : [];
  if (hidden) return guest.flags.length > 0 ? [...look, null] : look;
  return [...look, ...guest.flags.map((name) => ({ name }))];
}

/** The card as it is to be shown. */
export function cardModel(card: CardView, around: Around): CardModel {
  const line = cardLine(card, around);
  const flags = flagsBeside(card, around.namesHidden ?? false);
  return { ...cardFace(card), line, note: noteBeside(card, line), flags, know: knowledge(card, around) };
}

/** The card's class alone. */
export function cardClass(card: CardView): CardClass {
  return cardFace(card).class;
}

/** What makes a card a new one: its own sound, guard and stay. */
export function cardKey(card: CardView): string {
  return [card.id, card.verdict.kind, card.outcome.kind, card.party, card.session, card.unchosen].join("/");
}

/** How long a card stays, in ms; none: until somebody clears it. */
export function stayMs(card: CardView): number | null {
  if (card.outcome.kind === "turned_away") return 5_000;
  const stays: Record<CardClass, number | null> = { G: 5_000, R: 30_000, A: 30_000, S: 20_000, N: 20_000, F: null, O: 5_000 };
  return stays[cardClass(card)];
}

/** Cards on which nothing can be done at the desk, and somebody else is to be called (UX section 2, F1). */
export function needsHelp(card: CardView): boolean {
  return card.outcome.kind === "not_saved" || (card.outcome.kind === "open" && card.verdict.kind === "forged");
}

/** The order of the buttons: the primary one last, at the end side. */
export const ACTION_ORDER: readonly CardAction[] = ["supervisor", "find", "walk_in", "ask_place", "undo", "whole_order", "turn_away", "check_out", "let_back_in", "let_in_anyway", "let_in"];
/** The key of each button; none: it has none of its own. Space is named in words. */
export const ACTION_KEYS: Record<CardAction, string | null> = {
  let_in: "Space", let_in_anyway: "F2", let_back_in: "F2", turn_away: "F8", undo: "F9", check_out: null, whole_order: "F7", find: "F3", walk_in: "F6", supervisor: "F4", ask_place: null,
};

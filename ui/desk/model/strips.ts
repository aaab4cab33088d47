// The one strip over the recent list: the first that applies, in order of what matters most at the door. Pure.

import type { BadgeFailed, DeskView, LeftOpen, MessageView } from "../../bindings/usher";
import { moment, span, type Place } from "../../shared/format";
import { text, type Key, type Message } from "../../shared/messages";
import { shownName } from "../../shared/names";
import { badgeProblem, failedBadge } from "./badges";
import { opensValues } from "./card";
import { fitsStrip, said } from "./messages";

/** How long a guest left undecided is offered again, in ms. */
export const LEFT_OPEN_MS = 10_000;
/** How far the clock may be off before it is told, in ms. */
export const SKEW_MAX_MS = 120_000;

/** How long a desk may check out with nobody leaving before it asks, in ms. */
export const OUT_IDLE_MS = 600_000;

/** A strip. */
export interface Strip {
  kind: "message" | "left_open" | "held" | "not_saved" | "notice" | "badge" | "revoked" | "out_idle" | "other_server" | "disk_full" | "files" | "no_places" | "not_open" | "over" | "clock" | "learning";
  tone: "ask" | "stop";
  message: Message;
  /** The guest that can still be let in. */
  leftOpen?: LeftOpen;
  /** The badge that did not come out, and why it did not. */
  badge?: { failed: BadgeFailed; why: Message };
  /** The supervisor's message, and its own words where the sentence is ours. */
  said?: { message: MessageView; words: string; fits: boolean };
}

/** What this window knows beside the view. */
export interface StripState {
  now: number;
  place: Place;
  /** When the view's `left_open` was first seen here, in the same time as `now`. */
  leftOpenSince: number | null;
  /** Since when nobody was checked out here, while every scan does; none: scans let in. */
  outIdleSince?: number | null;
  /** Esc was pressed on this *not saved*. */
  notSavedCleared: boolean;
  /** A command that could not be carried out, for a few seconds. */
  notice: Message | null;
  /** The message stands on the stage. */
  messageOpen?: boolean;
}

type Rule = (view: DeskView, state: StripState) => Strip | null;

const shown = (view: DeskView, name: string): string => shownName(view.names_hidden, name);

const leftOpen: Rule = (view, state) => {
  const left = view.left_open;
  if (!left || state.leftOpenSince === null || state.now - state.leftOpenSince >= LEFT_OPEN_MS) return null;
  // A signed ticket whose guest is not on the list yet has no name.
  const message: Message = left.name ? { key: "strip.left_open", values: { name: { name: shown(view, left.name) } } } : { key: "strip.left_open_new" };
  return { kind: "left_open", tone: "ask", message, leftOpen: left };
};

const held: Rule = (view) => {
  const name = view.held_scan;
  if (name === null) return null;
  const message: Message = name ? { key: "strip.held", values: { name: { name: shown(view, name) } } } : { key: "strip.held_unknown" };
  return { kind: "held", tone: "ask", message };
};

const notSaved: Rule = (view, state) => {
  if (!view.not_saved || state.notSavedCleared) return null;
  const { name } = view.not_saved;
  const message: Message = name
    ? { key: "strip.not_saved", values: { name: { name: shown(view, name) } } }
    : { key: "strip.not_saved_unknown" };
  return { kind: "not_saved", tone: "stop", message };
};

const notice: Rule = (_view, state) => (state.notice ? { kind: "notice", tone: "ask", message: state.notice } : null);

const message: Rule = (view, state) => {
  const one = view.message;
  // Nobody and guests cannot say that they read it.
  if (!one || state.messageOpen || view.attended !== "volunteer") return null;
  const { lead, words } = said(one, view);
  const fits = fitsStrip(one);
  const plain: Message = fits ? { key: "message.words", values: { text: { name: words } } } : { key: "message.long" };
  return { kind: "message", tone: one.urgent ? "stop" : "ask", message: lead ?? plain, said: { message: one, words: lead ? words : "", fits } };
};

const badge: Rule = (view) => {
  const failed = view.badges.failed;
  return failed && { kind: "badge", tone: "ask", message: failedBadge({ ...failed, name: failed.name && shown(view, failed.name) }), badge: { failed, why: badgeProblem(failed.why) } };
};

const revoked: Rule = (view) =>
  view.link.kind === "offline" && view.link.why === "revoked"
    ? { kind: "revoked", tone: "stop", message: { key: "strip.revoked" } }
    : null;

const outIdle: Rule = (_view, state) =>
  state.outIdleSince != null && state.now - state.outIdleSince >= OUT_IDLE_MS
    ? { kind: "out_idle", tone: "ask", message: { key: "strip.out_idle" } }
    : null;

const otherServer: Rule = (view) =>
  view.link.kind === "offline" && view.link.why === "other_server"
    ? { kind: "other_server", tone: "ask", message: { key: "strip.other_server" } }
    : null;

const ownFault: Rule = (view) => {
  const why = view.link.kind === "offline" ? view.link.why : null;
  return why === "disk_full" || why === "files" ? { kind: why, tone: "ask", message: { key: `strip.${why}` } } : null;
};

const noPlaces: Rule = (view) =>
  view.places.kind === "left" && view.places.left === 0
    ? { kind: "no_places", tone: "stop", message: { key: noPlacesKey(view) } }
    : null;

const noPlacesKey = (view: DeskView): Key => {
  const { inside = 0, capacity = null, held = 0 } = view.room ?? {};
  if (capacity !== null && inside >= capacity) return "strip.no_places_full";
  if (held > 0) return "strip.no_places_kept";
  return view.learning && view.link.kind === "online" ? "strip.no_places_learning" : "strip.no_places";
};

const learning: Rule = (view) =>
  view.learning && view.link.kind === "online" && view.places.kind === "left"
    ? { kind: "learning", tone: "ask", message: { key: "strip.learning" } }
    : null;

const notOpen: Rule = (view, state) => {
  const phase = view.sessions.find((session) => session.id === view.session)?.phase;
  if (phase?.kind === "scheduled") {
    return { kind: "not_open", tone: "ask", message: { key: "strip.not_open", values: opensValues(phase.opens_ms, state) } };
  }
  if (phase?.kind !== "ended") return null;
  const time = moment(phase.ended_ms, state.now, state.place);
  return { kind: "over", tone: "ask", message: { key: "strip.over", values: { time } } };
};

const wrongClock: Rule = (view, state) => {
  const skew = view.clock.skew_ms;
  if (Math.abs(skew) <= SKEW_MAX_MS) return null;
  const values = { span: text(state.place.language, span(Math.abs(skew))) };
  return { kind: "clock", tone: "ask", message: { key: skew > 0 ? "strip.slow" : "strip.fast", values } };
};

const RULES: readonly Rule[] = [leftOpen, notSaved, held, notice, message, revoked, outIdle, noPlaces, notOpen, badge, otherServer, ownFault, learning, wrongClock];

/** The strip to show, the worst first; none when all is well. Away from the door only what could not be carried out. */
export function worstStrip(view: DeskView, state: StripState): Strip | null {
  for (const rule of view.phase.kind === "door" ? RULES : [notice]) {
    const strip = rule(view, state);
    if (strip) return strip;
  }
  return null;
}

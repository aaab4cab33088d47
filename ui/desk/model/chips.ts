// The four figures at the foot of the desk. Pure.

import type { DeskView } from "../../bindings/usher";
import { clock, span, type Place } from "../../shared/format";
import { text, type Message } from "../../shared/messages";

/** A chip: a large figure over a small label. */
export interface Chip {
  id: "link" | "places" | "room" | "waiting";
  figure: Message;
  label: Message;
  /** The rest of the label, where there is room for it. */
  more?: Message;
  tone: "plain" | "ask" | "stop";
  offline?: boolean;
}

/** A guest list younger than this counts as up to date, in ms. */
const FRESH_MS = 15_000;

function listAge(view: DeskView, now: number, place: Place): Message {
  if (view.list.synced_ms === null) return { key: "chip.link.no_list" };
  const age = now - view.list.synced_ms;
  if (age < FRESH_MS) return { key: "chip.link.fresh" };
  const steady = age < 60_000 ? Math.floor(age / 10_000) * 10_000 : age;
  return { key: "chip.link.age", values: { span: text(place.language, span(steady)) } };
}

function linkChip(view: DeskView, now: number, place: Place): Chip {
  if (view.link.kind === "online") {
    return { id: "link", figure: { key: "chip.link.online" }, label: listAge(view, now, place), tone: "plain" };
  }
  const time = clock(view.link.since_ms, place);
  return { id: "link", figure: { key: "chip.link.offline" }, label: { key: "chip.link.since", values: { time } }, more: { key: "chip.link.keep_going" }, tone: "plain", offline: true };
}

function placesChip(view: DeskView): Chip {
  const label: Message = { key: "chip.places.label" };
  if (view.places.kind === "no_limit") return { id: "places", figure: { key: "chip.places.no_limit" }, label: { key: "chip.places.label_no_limit" }, tone: "plain" };
  const { left, target } = view.places;
  const tone = left === 0 ? "stop" : left <= Math.max(5, target * 0.2) ? "ask" : "plain";
  return { id: "places", figure: { key: "chip.number", values: { n: left } }, label: { ...label, values: { count: left } }, tone };
}

function roomChip(view: DeskView, place: Place): Chip {
  const { room } = view;
  if (!room) return { id: "room", figure: { key: "chip.unknown" }, label: { key: "chip.room.unknown" }, tone: "plain" };
  const figure: Message =
    room.capacity === null
      ? { key: "chip.number", values: { n: room.inside } }
      : { key: "chip.room.of", values: { inside: room.inside, capacity: room.capacity } };
  const over = room.capacity === null ? 0 : room.inside - room.capacity;
  const label: Message = over > 0 ? { key: "chip.room.over", values: { n: over } } : { key: "chip.room.label", values: { time: clock(room.as_of_ms, place) } };
  return { id: "room", figure, label, tone: over > 0 ? "stop" : "plain" };
}

/** The chips, in order. */
export function chips(view: DeskView, now: number, place: Place): Chip[] {
  const waiting: Chip = { id: "waiting", figure: { key: "chip.number", values: { n: view.waiting } }, label: { key: "chip.waiting.label" }, tone: "plain" };
  return [linkChip(view, now, place), placesChip(view), roomChip(view, place), waiting];
}

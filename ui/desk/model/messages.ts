// What supervisors say to this desk: which words, and where they are shown. Pure.

import type { DeskView, HelpView, MessageView } from "../../bindings/usher";
import { span, type Place } from "../../shared/format";
import { text, type Message } from "../../shared/messages";
import { shownName } from "../../shared/names";
import { PANELS, type Panel } from "./panels";

/** So many characters fit into the strip; longer words open on the stage. */
export const STRIP_CHARS = 90;
/** How long a card may stand before an urgent message covers it, in ms: with the clock's tick at most 5 s. */
export const COVERS_AFTER_MS = 4_000;

/** A message in words: a sentence of ours, and the supervisor's own words beside it. */
export interface Said {
  /** Our sentence; none: the words say all. */
  lead: Message | null;
  words: string;
}

/** What a message says. */
export function said(message: MessageView, view: DeskView): Said {
  if (message.comes) return { lead: message.text ? { key: "message.comes", values: { name: { name: message.text } } } : { key: "message.comes_somebody" }, words: "" };
  if (message.refused === null) return { lead: null, words: message.text };
  const name = shownName(view.names_hidden, message.refused);
  return { lead: name ? { key: "message.no_place", values: { name: { name } } } : { key: "message.no_place_unknown" }, words: message.text };
}

/** Whether the words fit into the strip. */
export function fitsStrip(message: MessageView): boolean {
  return message.text.length <= STRIP_CHARS;
}

/** Whether an urgent message covers the stage; `since`: when this window first saw it. */
export function covers(view: DeskView, panel: Panel, card: boolean, since: number | null, now: number): boolean {
  if (!view.message?.urgent || view.phase.kind !== "door" || view.attended !== "volunteer" || PANELS[panel].first) return false;
  return !card || (since !== null && now - since >= COVERS_AFTER_MS);
}

/** How far a call for help is; none: nobody was called. */
export function helpLine(help: HelpView, online: boolean, now: number, place: Place): Message | null {
  const asked = help.asked;
  if (!asked) return null;
  if (asked.comes !== null) return asked.comes ? { key: "message.comes", values: { name: { name: asked.comes } } } : { key: "message.comes_somebody" };
  if (asked.told_ms !== null) return { key: "help.told", values: { span: text(place.language, span(Math.max(0, now - asked.told_ms))) } };
  return { key: online ? "help.calling" : "help.waits" };
}

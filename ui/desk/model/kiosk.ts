// What guests who serve themselves are told: the least, and nothing that is about somebody else. Pure.

import type { CardView } from "../../bindings/usher";
import { moment, type Place } from "../../shared/format";
import type { IconName } from "../../shared/icons";
import type { Message } from "../../shared/messages";

/** A guest's screen: come in, wait, or ask at the desk. */
export interface KioskFace {
  look: "idle" | "in" | "ask";
  icon: IconName;
  title: Message;
  line: Message;
  /** The guest's own name, once let in. */
  name: string | null;
}

/** How long an answer stays before the start comes back, in ms. */
export const KIOSK_STAY_MS = 6_000;

const ask = (icon: IconName, title: Message["key"], line: Message["key"], values?: Message["values"]): KioskFace => ({
  look: "ask", icon, title: { key: title }, line: values ? { key: line, values } : { key: line }, name: null,
});

/** What stands there without a card. */
export function kioskStart(sees: boolean, two: boolean): KioskFace {
  if (two) return { look: "idle", icon: "copy-x", title: { key: "two_codes.title" }, line: { key: "kiosk.two" }, name: null };
  const line: Message = { key: sees ? "kiosk.start_line" : "kiosk.start_scanner" };
  return { look: "idle", icon: "scan-qr-code", title: { key: "kiosk.start" }, line, name: null };
}

/** What a card says to its guest. */
export function kioskFace(card: CardView, around: { now: number; place: Place }): KioskFace {
  if (card.outcome.kind === "let_in") {
    return { look: "in", icon: "circle-check-big", title: { key: "kiosk.in" }, line: { key: "kiosk.in_line" }, name: card.guest?.name ?? null };
  }
  if (card.outcome.kind === "checked_out") {
    return { look: "in", icon: "log-out", title: { key: "card.checked_out.title" }, line: { key: "kiosk.out_line" }, name: null };
  }
  const { verdict } = card;
  switch (verdict.kind) {
    case "session_not_open": return ask("calendar-clock", "card.not_open.title", "kiosk.not_open", { time: moment(verdict.opens_ms, around.now, around.place) });
    case "session_paused": return ask("octagon-pause", "kiosk.wait", "kiosk.wait_line");
    case "not_a_ticket": return ask("circle-question-mark", "card.not_a_ticket.title", "kiosk.not_a_ticket");
    default: return ask("hand-helping", "kiosk.ask", "kiosk.ask_line");
  }
}

// The words of name badges: what failed, why, and what to do. Pure.

import type { BadgeFailed, BadgeProblem, BadgesView, DeskView, PrinterOutcome, PrintersView } from "../../bindings/usher";
import type { Message } from "../../shared/messages";

/** Whose badge did not come out, and how many others. */
export function failedBadge({ name, more }: BadgeFailed): Message {
  if (!name) return { key: "strip.badge_test" };
  const values = { name: { name }, count: more };
  return more > 0 ? { key: "strip.badge_more", values } : { key: "strip.badge", values: { name: { name } } };
}

/** Why it did not, and what to do. */
export function badgeProblem(why: BadgeProblem): Message {
  if (why.kind === "no_font") return { key: "badge.no_font", values: { letters: { name: why.letters } } };
  return { key: `badge.${why.kind}` };
}

/** What is said below the printers; null: nothing. */
export function printersLine(found: PrintersView): Message | null {
  if (found.unanswered) return { key: "badges.unanswered" };
  return found.names.length === 0 ? { key: "badges.no_printers" } : null;
}

/** Why a printer was not taken; null: it was. */
export function printerRefused(outcome: PrinterOutcome): Message | null {
  return outcome === "set" ? null : { key: `badges.${outcome}` };
}

/** What the panel says at its foot. */
export function badgesFoot(badges: BadgesView): Message {
  if (badges.waiting > 0) return { key: "badges.waiting", values: { count: badges.waiting } };
  return badges.failed ? badgeProblem(badges.failed.why) : { key: "badges.hint" };
}

/** What is said below the labels' sizes of the event's own one; null: the desk does not go by it. */
export function eventLabel({ set, event }: BadgesView): Message | null {
  if (set.size !== "event") return null;
  if (!event) return { key: "badges.event_none" };
  switch (event.drawn) {
    case "as_said": return { key: "badges.event_size", values: { width: event.width_mm, height: event.height_mm } };
    case "unreadable": return { key: "badges.event_unreadable" };
    case "last_plain": return { key: "badges.event_plain" };
  }
}

/** The names to choose from: what the computer has, and what is chosen though it has gone or is an address. */
export function printerNames(found: PrintersView, chosen: string | null): string[] {
  return chosen === null || found.names.includes(chosen) ? found.names : [...found.names, chosen];
}

/** Whose badge Ctrl+P prints: the card's guest, else the one that failed; none: nobody's. */
export function badgeToPrint(view: DeskView, card: DeskView["card"]): { id: string; name: string } | null {
  if (card) return card.guest && { id: card.id, name: card.guest.name };
  const failed = view.badges.failed;
  return failed && { id: failed.id, name: failed.name };
}

// Which sound a card makes, if any: only a new card or a new outcome is heard. Pure.

import type { CardView } from "../../bindings/usher";
import type { Sound } from "../../shared/sounds";
import { cardClass, cardKey } from "./card";

function isFlagged({ guest }: CardView): boolean {
  return guest !== null && (guest.attention || guest.note !== "" || guest.flags.length > 0);
}

function openSound(card: CardView): Sound | null {
  if (card.verdict.kind === "not_a_ticket") return null;
  switch (cardClass(card)) {
    case "R":
      return isFlagged(card) ? "ask" : "go_first";
    case "A":
      return "ask";
    default:
      return "stop";
  }
}

/** The sound of going from one card to the next; none for silence. */
export function soundFor(before: CardView | null, after: CardView | null): Sound | null {
  if (!after || after.again) return null;
  if (before && cardKey(before) === cardKey(after)) return null;
  switch (after.outcome.kind) {
    case "let_in": {
      const heardFirst = before?.id === after.id && before.outcome.kind === "open" && openSound(before) === "go_first";
      return heardFirst ? "go_second" : "go";
    }
    case "not_saved":
      return "fault";
    case "open":
      return openSound(after);
    // It was written, and they may pass.
    case "checked_out":
      return "go";
    case "nobody_out":
      return "stop";
    case "turned_away":
    case "not_counted":
    case "taken_back":
      return null;
  }
}

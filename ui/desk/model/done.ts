// What this desk did: which lines can be taken back, and why. Pure.

import type { DeskCommands, DoneRow, RecentWhat } from "../../bindings/usher";
import type { IconName } from "../../shared/icons";
import type { Key } from "../../shared/messages";

/** Why something is taken back. */
export type UndoReason = NonNullable<DeskCommands["undo"]["args"]["reason"]>;

/** The reasons in the order in which they are offered. */
export const UNDO_REASONS: readonly UndoReason[] = ["wrong_person", "scanned_twice", "left", "other"];

/** The icon of what happened. */
export const RECENT_ICONS: Record<RecentWhat, IconName> = {
  let_in: "circle-check", turned_away: "user-x", taken_back: "undo-2", checked_out: "log-out", added: "users", undecided: "circle-question-mark",
};

/** What a line without a name is called: a code that was refused, or a guest whose name is not known here. */
export function nameless(what: RecentWhat): Key {
  return what === "turned_away" ? "recent.unknown" : "recent.nameless";
}

/** The line to mark first: the newest let-in that can be taken back, else the newest line that can. */
export function firstUndoable(rows: readonly DoneRow[]): number {
  const letIn = rows.findIndex((row) => row.undo && row.what === "let_in");
  return Math.max(0, letIn >= 0 ? letIn : rows.findIndex((row) => row.undo));
}

// *Save unsent log* and *Check this desk's records*: what is said, and why a file was not written.

import type { Counted, RecordDifference, RecordsView, SavePlaceKind, StoreProblem } from "../../bindings/usher";
import { windowError } from "../../shared/api";
import type { Key, Message } from "../../shared/messages";

/** Why a file was not written; `call`: the store did not say. */
export type SaveFault = StoreProblem | "call";

/** What a call that writes a file came to; the panel itself says why it failed. */
export async function tried<T>(work: Promise<T>): Promise<{ done: T } | { fault: SaveFault }> {
  try {
    return { done: await work };
  } catch (reason) {
    const error = windowError(reason);
    return { fault: error.kind === "store" ? error.problem : "call" };
  }
}

/** What waits, before it is saved. */
export function saveLead(waiting: number): Message {
  return waiting > 0 ? { key: "save.waiting", values: { count: waiting } } : { key: "save.nothing" };
}

/** The first thing to do with the file. */
export function nextStep(kind: SavePlaceKind): Message {
  return { key: kind === "stick" ? "save.bring_stick" : "save.bring_file" };
}

/** Why the file could not be written, and what to do. */
export function saveFault(why: SaveFault): Message {
  if (why === "disk_full" || why === "read_only") return { key: `save.fault_${why}` };
  return { key: "save.fault_other" };
}

/** The file's name alone. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** What the check found, in one sentence. */
export function checkLead(found: RecordsView, rebuilt: boolean): Message {
  const differ = found.differences.length;
  if (differ > 0) return { key: rebuilt ? "check.still" : "check.differs", values: { count: differ } };
  return { key: rebuilt ? "check.rebuilt" : "check.agrees", values: { count: found.entries } };
}

/** What only a later version can read; null: nothing. */
export function unreadLine(found: RecordsView): Message | null {
  return found.unread > 0 ? { key: "check.unread", values: { count: found.unread } } : null;
}

const FIGURES: [keyof Counted, Key][] = [
  ["inside", "check.inside"],
  ["occupied", "check.occupied"],
  ["unsettled", "check.unsettled"],
  ["over_grant", "check.over_grant"],
];

/** Each figure of a session that differs. */
export function differs(difference: RecordDifference): Message[] {
  const { shown, counted } = difference;
  return FIGURES.filter(([figure]) => shown[figure] !== counted[figure]).map(([figure, key]) => ({
    key,
    values: { shown: shown[figure], counted: counted[figure] },
  }));
}

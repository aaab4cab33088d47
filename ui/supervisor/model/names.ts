// Names that only the window can give: the server's board has none, or says it in no language. Pure.

import type { Board } from "../../bindings/usher";
import { text, type Key, type Language } from "../../shared/messages";

/** The station id under which a restored server waits for desks that it does not know: its roster is gone too. */
export const UNKNOWN_DESKS = "00000000-0000-0000-0000-000000000000";

/** What the server gives for the name of a desk that it knows by nothing but a Grant that came back: its id. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The board with words where the server has only an id. */
export function named(board: Board, language: Language): Board {
  const name = (given: string, key: Key = "desk.unknown_ones"): string => {
    if (given === UNKNOWN_DESKS) return text(language, { key });
    return ID.test(given) ? text(language, { key: "desk.unknown_one", values: { code: given.slice(0, 4).toUpperCase() } }) : given;
  };
  return {
    ...board,
    sessions: board.sessions.map((session) => ({
      ...session,
      awaited: session.awaited.map((desk) => name(desk, "desk.unknown_ones_awaited")),
      logs: session.logs.map((log) => ({ ...log, name: name(log.name) })),
    })),
    incidents: board.incidents.map((incident) => ({
      ...incident,
      records: incident.records.map((record) => ({ ...record, station: name(record.station) })),
    })),
  };
}

// What is to be settled, worst first: the board's incidents and desks lost from sight. Pure; deciding is decisions.ts.

import type { Board, BoardIncident, BoardRecord, BoardSession } from "../../bindings/usher";
import type { IconName } from "../../shared/icons";
import { clock, moment, span, type Place } from "../../shared/format";
import { text, type Key, type Message, type Value } from "../../shared/messages";
import { desks, LIMITS, silence } from "./desks";

/** Something that a person has to settle. */
export interface Item {
  id: string;
  kind: BoardIncident["kind"] | "lost_desk";
  tone: "ask" | "stop";
  icon: IconName;
  /** The sentence in one line. */
  headline: Message;
  /** The whole sentence. */
  sentence: Message;
  /** A few words for lists. */
  short: Message;
  /** Where and when, under the short words. */
  where: string;
  /** What it means and what to do. */
  note: Message;
  records: BoardRecord[];
  /** The session, for an incident of one. */
  session: BoardSession | null;
  /** The station that is lost; none for an incident. */
  station: string | null;
}

const ORDER: Item["kind"][] = ["over_capacity", "broken_chain", "double_admission", "lost_desk", "server_restored", "unknown_admitted", "clock_far_off"];
const LOOK: Record<Item["kind"], [tone: Item["tone"], icon: IconName, note: Key]> = {
  over_capacity: ["stop", "octagon-x", "incident.note_over"],
  broken_chain: ["stop", "link-2-off", "incident.note_chain"],
  double_admission: ["ask", "triangle-alert", "incident.note_double"],
  lost_desk: ["stop", "wifi-off", "incident.note_lost"],
  unknown_admitted: ["ask", "user-search", "incident.note_unknown"],
  clock_far_off: ["ask", "clock-alert", "incident.note_clock"],
  server_restored: ["ask", "history", "incident.note_restored"],
};

function places(records: BoardRecord[], now: number, place: Place): string {
  const each = records.map((record) =>
    text(place.language, { key: "incident.place", values: { desk: record.station, time: moment(record.at_ms, now, place) } }),
  );
  return new Intl.ListFormat(place.language, { type: "conjunction" }).format(each);
}

function values(incident: BoardIncident, session: BoardSession | undefined, now: number, place: Place): Record<string, Value> {
  const somebody = text(place.language, { key: "incident.somebody" });
  return {
    person: { name: incident.person ?? somebody },
    session: { name: incident.session ?? "–" },
    n: incident.over_by ?? 0,
    inside: session?.inside ?? 0,
    capacity: session?.capacity ?? 0,
    desk: { name: incident.records[0]?.station ?? text(place.language, { key: "incident.some_desk" }) },
    places: places(incident.records, now, place),
  };
}

function sentenceKey(incident: BoardIncident, session: BoardSession | undefined): Key {
  if (incident.kind === "over_capacity" && session?.capacity != null) return "incident.over_capacity_full";
  if (incident.kind === "double_admission" && incident.records.length > 1) return "incident.double_admission_full";
  if (incident.kind === "unknown_admitted" && incident.records.length > 0) return "incident.unknown_admitted_full";
  return `incident.${incident.kind}`;
}

function item(incident: BoardIncident, board: Board, now: number, place: Place): Item {
  const session = board.sessions.find((candidate) => candidate.id === incident.session_id);
  const worded = values(incident, session, now, place);
  const [tone, icon, note] = LOOK[incident.kind];
  const times = [...new Set(incident.records.map((record) => moment(record.at_ms, now, place)))];
  return {
    id: incident.id,
    kind: incident.kind,
    tone,
    icon,
    headline: { key: incident.kind === "over_capacity" ? sentenceKey(incident, session) : `incident.${incident.kind}`, values: worded },
    sentence: { key: sentenceKey(incident, session), values: worded },
    short: { key: `incident.${incident.kind}_short`, values: worded },
    where: [incident.kind === "over_capacity" ? null : incident.session, times.slice(0, 3).join(", ")].filter(Boolean).join(" · "),
    note: { key: note },
    records: incident.records,
    session: session ?? null,
    station: null,
  };
}

function lost(board: Board, now: number, place: Place): Item[] {
  const [tone, icon, note] = LOOK.lost_desk;
  return desks(board, now, place)
    .filter((row) => row.cause === "heard" && (silence(row.station, now) ?? 0) >= LIMITS.heard_ms[1])
    .map(({ station }) => {
      const quiet = text(place.language, span(silence(station, now) ?? 0));
      const last = station.last_contact_ms ?? now;
      const worded = { desk: { name: station.name }, span: quiet };
      return {
        id: `lost-${station.id}`,
        kind: "lost_desk",
        tone,
        icon,
        headline: { key: "incident.lost_desk", values: worded },
        sentence: { key: "incident.lost_desk", values: worded },
        short: { key: "incident.lost_desk_short", values: worded },
        where: text(place.language, { key: "incident.lost_desk_line", values: { time: clock(last, place), n: station.waiting } }),
        note: { key: note },
        records: [],
        session: null,
        station: station.id,
      };
    });
}

/** Everything to settle, worst first, then the oldest. */
export function toSettle(board: Board, now: number, place: Place): Item[] {
  const all = [...board.incidents.map((incident) => item(incident, board, now, place)), ...lost(board, now, place)];
  const since = (one: Item): number => one.records.at(-1)?.at_ms ?? 0;
  return all.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || since(a) - since(b) || a.id.localeCompare(b.id));
}

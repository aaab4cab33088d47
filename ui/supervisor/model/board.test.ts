import { describe, expect, it } from "vitest";
import type { Board, BoardSession, BoardStation } from "../../bindings/usher";
import { BOARDS, boardSession, NOW, station, supervisorView } from "../../dev/fixtures";
import { text, type Message } from "../../shared/messages";
import { desks } from "./desks";
import { toSettle } from "./incidents";
import { keptSeats, rooms, roomTone, tiles } from "./rooms";

const PLACE = { language: "en", zone: "Europe/Berlin" } as const;
const board = BOARDS["board"]?.board as Board;
const words = (messages: Message[]): string => messages.map((message) => text("en", message)).join(" · ");
const only = (over: Partial<BoardStation>, session = boardSession()): string => {
  const row = desks({ ...board, sessions: [session], stations: [station(over)] }, NOW, PLACE)[0];
  return row ? `${row.tone}: ${text("en", row.word)}` : "";
};

describe("rooms", () => {
  it("stand most at risk first, ended ones last", () => {
    expect(rooms(board, NOW, PLACE).map((room) => room.session.room)).toEqual(["Hall C", "Hall A", "Hall B", "Studio 1", "Garden", "Lab 2", "Canteen"]);
  });
  it("turn yellow and red at their limits", () => {
    const tone = (inside: number, worst: number, pace = 0): string => roomTone(boardSession({ inside, occupied: inside, worst }), pace);
    expect([tone(254, 290), tone(255, 290), tone(299, 299), tone(300, 300)]).toEqual(["plain", "ask", "ask", "stop"]);
    expect([tone(100, 299), tone(100, 300), tone(100, 301)]).toEqual(["plain", "ask", "stop"]);
    expect([tone(200, 290, 10), tone(200, 290, 9.9)]).toEqual(["ask", "plain"]);
    expect(roomTone(boardSession({ capacity: null, inside: 5000 }), 100)).toBe("plain");
  });
  it("say what is inside, given and open, without merging figures", () => {
    const of = (id: string): string | undefined => {
      const room = rooms(board, NOW, PLACE).find((one) => one.session.id === id);
      return room && `${room.status ? text("en", room.status) : "-"} | ${words(room.worst)} | ${words(room.open)}`;
    };
    expect(of("b1")).toBe("Full in 6 min | At worst 287 · 13 can still be given | 56 held by desks");
    expect(of("b2")).toBe("Full in 8 min | At worst 245 · 15 can still be given | 29 held by desks · 7 waiting to send");
    expect(of("b3")).toBe("3 too many | At worst 312 · none can be given | 9 held by desks");
    expect(of("b4")).toBe("Not filling | At worst 60 · all places given | 3 held by desks");
    expect(of("b6")).toBe("- | At worst 20 · 60 can still be given | 20 held by desks");
  });
  it("say that the worst case is not known while desks are awaited, and who they are", () => {
    const learning = BOARDS["learning"]?.board as Board;
    const room = rooms(learning, NOW, PLACE).find((one) => one.session.id === "b2");
    expect(room && words(room.worst)).toBe("At worst: not known yet · Waiting for Desk 2 and Desk 7");
    expect(room?.tone).toBe("ask");
    const empty = rooms({ ...board, sessions: [boardSession({ inside: 0, occupied: 0, worst: 0, awaited: ["Desk 2"] })] }, NOW, PLACE)[0];
    expect(empty && words(empty.worst)).toContain("not known yet");
    const figures = (session: BoardSession): string[] => tiles(session).map((tile) => `${text("en", tile.figure)} ${text("en", tile.label)}`);
    expect(figures(room?.session as BoardSession)).toEqual([
      "214 inside of 260", "216 seats taken", "? held by desks", "? at worst", "? can be given",
    ]);
    expect(figures(boardSession({ held: 4 }))).toEqual(["231 inside of 300", "56 held by desks", "4 kept for guests", "287 at worst", "13 can be given"]);
    expect(figures(boardSession({ capacity: null, grantable: null }))).toEqual(["231 inside"]);
  });
  it("say whether seats are kept, and until when", () => {
    const kept = (over: Partial<BoardSession>): string => text("en", keptSeats(boardSession(over), NOW, PLACE));
    const until = { hold_seats: true, held_until_ms: NOW + 6 * 60_000 };
    expect(kept({ ...until, held: 40 })).toBe("40 kept until 10:20 for registered guests who are not in yet");
    expect(kept({ ...until, held: 1 })).toContain("1 kept until 10:20 for a registered guest");
    expect(kept({ hold_seats: true, held: 40 })).toBe("40 kept for registered guests who are not in yet");
    // Cut off, and some desk has not said yet that it uses them no more.
    expect(kept({ held: 3 })).toContain("3 kept");
    expect(kept({})).toContain("None kept");
  });
  it("draw a bar that never leaves its frame", () => {
    for (const room of rooms(board, NOW, PLACE)) {
      if (room.bar) expect(room.bar.inside + room.bar.twice + room.bar.held).toBeLessThanOrEqual(100.001);
    }
    const hall = rooms(board, NOW, PLACE).find((room) => room.session.id === "b2")?.bar;
    expect(hall?.twice).toBeCloseTo((2 / 260) * 100);
  });
});

describe("desks", () => {
  it("stand out while a restored server awaits them, heard or not", () => {
    const learning = BOARDS["learning"]?.board as Board;
    const found = desks(learning, NOW, PLACE).filter((row) => text("en", row.word) === "Awaited");
    expect(found.map((row) => `${row.station.name} ${row.tone}`)).toEqual(["Desk 7 ask", "Desk 2 ask"]);
  });
  it("stand worst first", () => {
    expect(desks(board, NOW, PLACE).map((row) => row.station.name)).toEqual(["Desk 7", "Desk 2", "Desk 3", "Desk 4", "Desk 1"]);
  });
  it("change colour at their limits", () => {
    const MIN = 60_000;
    expect([only({ last_contact_ms: NOW - 2 * MIN + 1 }), only({ last_contact_ms: NOW - 2 * MIN }), only({ last_contact_ms: NOW - 10 * MIN })]).toEqual([
      "plain: Good", "ask: Not heard 2 min", "stop: Not heard 10 min",
    ]);
    expect([only({ waiting: 24 }), only({ waiting: 25 }), only({ waiting: 200 })]).toEqual(["plain: Good", "ask: 25 unsent", "stop: 200 unsent"]);
    expect([only({ skew_ms: 29_999 }), only({ skew_ms: -30_000 }), only({ skew_ms: 120_000 })]).toEqual(["plain: Good", "ask: Clock 30 s off", "stop: Clock 2 min off"]);
    expect([only({ places: 6 }), only({ places: 5 }), only({ places: 0, recent: 0 }), only({ places: 0, recent: 3 })]).toEqual([
      "plain: Good", "ask: Few places", "ask: No places", "stop: No places",
    ]);
    expect(only({ places: null })).toBe("plain: Good");
  });
  it("may be silent while no session is open", () => {
    expect(only({ last_contact_ms: NOW - 3_600_000 }, boardSession({ state: "scheduled" }))).toBe("plain: Ready");
    expect(only({ last_contact_ms: null })).toBe("plain: Never heard");
  });
});

describe("to settle", () => {
  it("holds incidents and lost desks, worst first, each in one sentence", () => {
    expect(toSettle(board, NOW, PLACE).map((item) => text("en", item.sentence))).toEqual([
      "Rust at the edge is over by 3: 303 of 300 inside.",
      "Ana Gómez was let in at Desk 2, 10:02 and Desk 5, 10:04.",
      "Desk 7 not heard for 12 min.",
    ]);
  });
  it("is empty when all is well", () => {
    expect(toSettle(BOARDS["calm"]?.board as Board, NOW, PLACE)).toEqual([]);
  });
  it("words every kind, even with nothing known", () => {
    const kinds = ["double_admission", "over_capacity", "unknown_admitted", "broken_chain", "clock_far_off", "server_restored"] as const;
    const bare = supervisorView().board as Board;
    const items = toSettle({ ...bare, stations: [], incidents: kinds.map((kind) => ({ id: kind, kind, session_id: null, session: null, person: null, over_by: 1, records: [] })) }, NOW, PLACE);
    expect(items.map((item) => text("en", item.sentence))).toEqual([
      "– is over by 1.", "The records of a desk do not fit together.", "Somebody was let in twice.",
      "The server was put back to an older state. It is learning from the desks.", "An unknown ticket was let in.", "The clock of a desk was far off.",
    ]);
  });
});

import { describe, expect, it } from "vitest";
import type { Board, BoardMerge, BoardSession, FoundPerson } from "../../bindings/usher";
import { BOARDS, boardSession, log, NOW } from "../../dev/fixtures";
import { LOCALES, text, type Language, type Message } from "../../shared/messages";
import { named, UNKNOWN_DESKS } from "./names";
import { capacityQuestion, handOutQuestion, holdQuestion, mergeQuestion, nameMatches, openLogs, question, reEntryQuestion, settleQuestion, splitQuestion, stateQuestion, type Asked, type Question } from "./decisions";

const PLACE = { language: "en", zone: "Europe/Berlin" } as const;
const board = BOARDS["board"]?.board as Board;
const learning = BOARDS["learning"]?.board as Board;
const NOTHING = { capacity: null, spent: 0, reason: "lost" } as const;
const say = (message: Message | null): string | null => message && text("en", message);
const moves = (asks: Question): string[] => asks.changes.map((change) => `${text("en", { key: change.label })} ${change.before}→${change.after}`);
const room = (id: string, from = board): BoardSession => from.sessions.find((session) => session.id === id) as BoardSession;

describe("settling a lost desk", () => {
  const session = room("b2");
  const lost = session.logs.find((one) => one.station === "d7");
  const settle = (spent: number): Question => settleQuestion(session, lost ?? log("", "", 0), spent, "counted");

  it("says what may have happened unseen, and what the answer moves", () => {
    const asks = settle(14);
    expect(say(asks.title)).toBe("Settle Desk 7 for Hall B");
    expect(asks.lines.map(say)).toEqual(["Desk 7 may have let in up to 14 guests that nobody has counted, or still do so."]);
    expect(moves(asks)).toEqual(["at worst 245→245", "can be given 15→15"]);
    expect(say(asks.risk)).toBe("This is the safe side. Places that Desk 7 did not use stay empty.");
  });
  it("names the risk of every place that is said to be unused", () => {
    expect(say(settle(4).risk)).toBe("If Desk 7 let in more than 4, there may be up to 10 guests too many.");
    expect(say(settle(13).risk)).toBe("If Desk 7 let in more than 13, there may be 1 guest too many.");
    expect(moves(settle(4))).toEqual(["at worst 245→235", "can be given 15→25"]);
  });
  it("is sent with the log, the number and the reason, and cannot be taken back", () => {
    expect(settle(4).decision).toEqual({ name: "settle", args: { station: "d7", epoch: "00000000000000a7", session: "b2", spent: 4, reason: "counted" } });
    expect(settle(4).undo).toBeNull();
  });
  it("gives no figures that nobody knows while other desks are awaited", () => {
    const two = room("b2", learning);
    const awaited = two.logs[0] ?? log("", "", 0);
    const asks = settleQuestion(two, awaited, 5, "lost");
    expect(moves(asks)).toEqual([]);
    expect(say(asks.risk)).toContain("nobody can say how many");
    const last = settleQuestion({ ...two, awaited: ["Desk 2"], worst: 245, outstanding: 29 }, awaited, 5, "lost");
    expect(moves(last)).toEqual(["at worst null→245", "can be given null→15"]);
  });
  it("takes the name as people type it, and no other", () => {
    expect([nameMatches(" desk  7 ", "Desk 7"), nameMatches("Desk 77", "Desk 7"), nameMatches("", "Desk 7")]).toEqual([true, false, false]);
  });
  it("finds what a lost desk holds, and what is awaited", () => {
    const names = (from: Board, station: string | null): string[] => openLogs(from, station).map(({ session: s, log: l }) => `${s.id} ${l.name} ${l.outstanding}`);
    expect(names(board, "d7")).toEqual(["b2 Desk 7 14", "b4 Desk 7 3"]);
    expect(names(board, "d1")).toEqual([]);
    expect(names(learning, null)).toEqual(["b2 Desk 2 5", "b2 Desk 7 0"]);
  });
});

describe("another number of places", () => {
  const session = boardSession();
  const risk = (capacity: number | null): string | null => say(capacityQuestion(session, capacity).risk);
  it("moves what can be given, and can be taken back", () => {
    const asks = capacityQuestion(session, 320);
    expect([moves(asks), asks.risk]).toEqual([["Places 300→320", "can be given 13→33"], null]);
    expect(asks.undo).toEqual({ name: "capacity", args: { session: "b1", capacity: 300 } });
    expect(capacityQuestion(boardSession({ awaited: ["Desk 2"] }), 320).changes).toHaveLength(1);
  });
  it("says what cannot be undone by a smaller number", () => {
    expect([risk(287), risk(300)]).toEqual([null, null]);
    expect(risk(286)).toContain("1 more than that may come in");
    expect(risk(231)).toContain("56 more than that may come in");
    expect(risk(230)).toContain("1 more guest than that is inside already");
    expect(risk(null)).toContain("Nobody is turned away");
  });
});

describe("the door", () => {
  it("pauses where it is heard, and names who does not hear it", () => {
    expect(say(stateQuestion(board, room("b1"), "paused", NOW, PLACE).risk)).toBe("A desk without a network does not hear this: it goes on with the places it has.");
    expect(say(stateQuestion(board, room("b4"), "ended", NOW, PLACE).risk)).toContain("Not heard lately: Desk 7.");
    expect(stateQuestion(board, room("b4"), "open", NOW, PLACE).risk).toBeNull();
  });
  it("goes back to what was set before", () => {
    expect(stateQuestion(board, boardSession({ set: "open" }), "paused", NOW, PLACE).undo).toEqual({ name: "state", args: { session: "b1", state: "open", words: null } });
    expect(say(stateQuestion(board, room("b1"), "scheduled", NOW, PLACE).lines[0] ?? null)).toBe("It opens by itself at 09:45 and ends after 11:00.");
  });
});

describe("sharing and keeping", () => {
  it("handing out says what a failing network makes unusable", () => {
    const asks = handOutQuestion(boardSession(), true);
    expect(say(asks.lines[1] ?? null)).toBe("13 places lie on the server now: unusable if the network fails now.");
    expect([asks.decision, asks.undo]).toEqual([
      { name: "hand_out", args: { session: "b1", all: true } },
      { name: "hand_out", args: { session: "b1", all: false } },
    ]);
    expect(say(handOutQuestion(boardSession({ grantable: -4 }), true).lines[1] ?? null)).toContain("0 places");
  });
  it("keeping seats says whom it turns away", () => {
    expect(say(holdQuestion(boardSession(), true).risk)).toContain("Others are turned away");
    expect(say(holdQuestion(boardSession({ held: 40 }), false).lines[0] ?? null)).toContain("40 kept seats become free");
  });
});

describe("incidents", () => {
  const ask = (asked: Asked): Question | null => question(board, asked, NOTHING, NOW, PLACE);
  it("one person gives a seat back, two people keep both", () => {
    const one = ask({ kind: "resolve", incident: "i2", outcome: "one_person" });
    const two = ask({ kind: "resolve", incident: "i2", outcome: "two_people" });
    expect(one && [moves(one), say(one.risk)]).toEqual([["seats taken 216→215"], "If two people did come in on this ticket, one more is inside than is counted."]);
    expect(two && [moves(two), two.risk]).toEqual([["seats taken 216→216"], null]);
    expect(one?.decision).toEqual({ name: "resolve", args: { incident: "i2", outcome: "one_person", over_by: null } });
  });
  it("noting as seen says whether it comes back, and how many were seen", () => {
    const seen = ask({ kind: "resolve", incident: "i1", outcome: "accepted" });
    expect(say(seen?.lines[0] ?? null)).toContain("comes back when more guests are over than now");
    expect(seen?.decision).toEqual({ name: "resolve", args: { incident: "i1", outcome: "accepted", over_by: 3 } });
  });
  it("what the board no longer has cannot be decided", () => {
    expect(ask({ kind: "resolve", incident: "gone", outcome: "accepted" })).toBeNull();
    expect(ask({ kind: "capacity", session: "gone" })).toBeNull();
    expect(ask({ kind: "settle", session: "b2", station: "d7", epoch: "0" })).toBeNull();
  });
});

describe("two names", () => {
  const found = (id: string, name: string, inside: string[] = []): FoundPerson => ({ id, name, organisation: "", order: "", inside });
  const [ana, anna] = [found("p1", "Ana Gómez", ["Keynote", "Breakfast"]), found("p2", "Anna Gomez", ["Keynote"])];

  it("are put together with the first that stays, and say where both are inside", () => {
    const asks = mergeQuestion(ana, anna, PLACE);
    expect(asks.lines.map(say)).toEqual([
      "Anna Gomez is the same person as Ana Gómez. Check-ins of both count for one person from now on.",
      "Both are inside of Keynote: it is listed to settle as let in twice.",
    ]);
    expect(asks.decision).toEqual({ name: "merge", args: { stays: "p1", same: "p2" } });
    expect([asks.undo, asks.back, say(asks.done)]).toEqual([null, "decide.merge_back", "Ana Gómez and Anna Gomez are one person."]);
    expect(mergeQuestion(ana, found("p3", ""), PLACE).lines.map(say)).toEqual(["p3 is the same person as Ana Gómez. Check-ins of both count for one person from now on."]);
  });
  it("are taken apart by the merge's own name, as long as the board has it", () => {
    const merge = board.merges?.[0] as BoardMerge;
    expect(splitQuestion(merge).decision).toEqual({ name: "split", args: { station: "e0", epoch: "00000000000000a1", seq: 41 } });
    expect(say(question(board, { kind: "split", merge }, NOTHING, NOW, PLACE)?.title ?? null)).toBe("Take Ana Gómez and Anna Gomez apart?");
    expect(question({ ...board, merges: [] }, { kind: "split", merge }, NOTHING, NOW, PLACE)).toBeNull();
  });
});

describe("coming and going", () => {
  it("warns once the doors are open, and goes back", () => {
    const before = reEntryQuestion(boardSession({ state: "scheduled", inside: 0 }), true);
    expect([before.risk, before.decision, before.undo]).toEqual([
      null, { name: "re_entry", args: { session: "b1", allowed: true } }, { name: "re_entry", args: { session: "b1", allowed: false } },
    ]);
    expect(say(reEntryQuestion(boardSession(), true).risk)).toContain("The doors are open already.");
    expect(say(reEntryQuestion(boardSession({ re_entry: true }), false).title)).toBe("Count guests of Hall A out?");
  });
});

describe("desks that the server does not know", () => {
  it("have words in every language, and are settled by their id", () => {
    const raw = BOARDS["unknown"]?.board as Board;
    expect(JSON.stringify(raw)).toContain(UNKNOWN_DESKS);
    for (const language of Object.keys(LOCALES) as Language[]) {
      const session = named(raw, language).sessions[0] as BoardSession;
      expect([...session.awaited, session.logs[0]?.name].join()).not.toContain(UNKNOWN_DESKS);
    }
    const session = room("b2", named(raw, "en"));
    const asks = settleQuestion(session, session.logs[0] ?? log("", "", 0), 3, "counted");
    expect(say(asks.title)).toBe("Settle Desks that this server does not know for Hall B");
    expect(asks.decision).toEqual({ name: "settle", args: { station: UNKNOWN_DESKS, epoch: "0000000000000000", session: "b2", spent: 3, reason: "counted" } });
    expect([say(asks.lines[0] ?? null), say(asks.risk)].join(" ")).not.toContain("was not heard");
    expect(nameMatches("desks that this server does not know", session.logs[0]?.name ?? "")).toBe(true);
  });
  it("have a short name each where the server knows an id", () => {
    const id = "3420a352-dcc6-4852-a52b-ad5ed46d1990";
    const raw = { ...board, sessions: [boardSession({ awaited: [id], logs: [log(id, id, 12)] })] };
    expect(named(raw, "en").sessions[0]?.logs[0]?.name).toBe("Unknown desk 3420");
    expect(named(raw, "de").sessions[0]?.awaited).toEqual(["Unbekannter Schalter 3420"]);
    expect(named(raw, "en").sessions[0]?.logs[0]?.station).toBe(id);
  });
  it("leave every other name as it is", () => {
    expect(named(board, "de")).toEqual(board);
  });
});

import { describe, expect, it } from "vitest";
import { boardSession, NOW, station, supervisorView } from "../../dev/fixtures";
import { text } from "../../shared/messages";
import { question, stateQuestion, type Asked } from "./decisions";
import { desks } from "./desks";
import { addressed, giveQuestion, messageQuestion, readBy, spoken, wordsFit, WORDS_MAX } from "./words";

const PLACE = { language: "en", zone: "Europe/Berlin" } as const;
const board = supervisorView().board ?? (() => { throw new Error("no board"); })();
const say = (message: Parameters<typeof text>[1]): string => text("en", message);
const fill = { capacity: null, spent: 0, reason: "lost" } as const;

describe("a message", () => {
  it("names whom it is for, and is nothing once they are gone", () => {
    const title = (station: string | null, session: string | null): string | null => {
      const asked = messageQuestion(board, { station, session }, " Come ", true);
      return asked && say(asked.title);
    };
    expect([title(null, null), title("d2", null), title(null, "b2"), title("gone", null), title(null, "gone")]).toEqual([
      "Message to all desks", "Message to Desk 2", "Message to Hall B", null, null,
    ]);
    expect(messageQuestion(board, { station: "d2", session: null }, " Come ", true)?.decision).toEqual({ name: "message", args: { to: "d2", session: null, urgent: true, text: "Come" } });
  });
  it("has words, and not too many, counted as the server does", () => {
    expect([wordsFit(" ", false), wordsFit(" ", true), wordsFit("🎤".repeat(WORDS_MAX), false), wordsFit("x".repeat(WORDS_MAX + 1), true)]).toEqual([false, true, true, false]);
  });
  it("is listed with whom it was for, what it said and where it was read", () => {
    const [urgent, comes, room] = board.messages ?? [];
    if (!urgent || !comes || !room) throw new Error("three messages");
    expect([urgent, comes, room].map((one) => say(addressed(board, one)))).toEqual(["All desks", "Desk 2", "Hall B"]);
    expect([say(spoken(comes)), say(spoken({ ...comes, comes: false, refuses: true, text: "Full" }))]).toEqual(["On the way.", "No place. Full"]);
    expect(say(readBy(urgent))).toBe("Read at 3 of 5 desks");
  });
});

describe("a pause", () => {
  it("takes words along, and its way back those that were there", () => {
    const session = boardSession({ set: "paused", state: "paused", pause_words: "Wait" });
    expect(stateQuestion(board, session, "paused", NOW, PLACE, " Stage. ").decision).toMatchObject({ args: { words: "Stage." } });
    expect(stateQuestion(board, session, "open", NOW, PLACE, "nothing").decision).toMatchObject({ args: { words: null } });
    expect(stateQuestion(board, session, "open", NOW, PLACE).undo).toMatchObject({ args: { state: "paused", words: "Wait" } });
  });
});

describe("a place for one guest", () => {
  const asked = (grantable: number | null, capacity: number | null = 300): [unknown, number | null | undefined] => {
    const { decision, changes } = giveQuestion(boardSession({ grantable, capacity }), station(), NOW);
    return [(decision.args as { capacity: number | null }).capacity, changes[0]?.after];
  };
  it("is a free one where there is one, else one more than all that is given away", () => {
    expect([asked(3), asked(0), asked(-12), asked(null, null)]).toEqual([[null, undefined], [301, 301], [313, 313], [null, undefined]]);
  });
  it("can be given and refused only while the desk asks", () => {
    const asking = { ...board, stations: [station({ asks: { help_ms: null, place: { at_ms: NOW, session: "b1", guest: null } } })] };
    const both: Asked[] = [{ kind: "give", session: "b1", station: "d1", asked: NOW }, { kind: "refuse", station: "d1", asked: NOW }];
    const there = (on: typeof board): boolean[] => both.map((one) => question(on, one, { ...fill, words: "Full" }, NOW, PLACE) !== null);
    expect([there(asking), there({ ...board, stations: [station()] })]).toEqual([[true, true], [false, false]]);
    expect(question(asking, { kind: "give", session: "b1", station: "d1", asked: NOW - 1 }, fill, NOW, PLACE)).toBeNull();
    expect(question(asking, { kind: "refuse", station: "d1", asked: NOW - 1 }, fill, NOW, PLACE)).toBeNull();
  });
});

it("a desk that asks stands before every other, with since when", () => {
  const calls = station({ id: "d9", name: "Desk 9", asks: { help_ms: NOW - 40_000, place: null } });
  const rows = desks({ ...board, stations: [...board.stations, calls] }, NOW, PLACE);
  expect([rows[0]?.station.id, rows[0] && say(rows[0].word), rows[0]?.tone]).toEqual(["d9", "Calls for help, 40 s", "stop"]);
});

import { describe, expect, it } from "vitest";
import { NOW, view } from "../../dev/fixtures";
import type { DeskView, DoneRow } from "../../bindings/usher";
import { text } from "../../shared/messages";
import { chips } from "./chips";
import { firstUndoable } from "./done";
import { found, mayBeCode } from "./find";

const PLACE = { language: "en", zone: "Europe/Berlin" } as const;
const shown = (over: Partial<DeskView>): string[] =>
  chips(view(over), NOW, PLACE).map((chip) => `${text("en", chip.figure)} ${text("en", chip.label)}${chip.more ? ` · ${text("en", chip.more)}` : ""} ${chip.tone}`);

describe("chips", () => {
  it("online", () => {
    expect(shown({})).toEqual(["Online guest list up to date plain", "14 places left here plain", "231 of 300 in room at 10:14 plain", "0 waiting to send plain"]);
  });
  it("offline", () => {
    const [link, , , waiting] = shown({ link: { kind: "offline", since_ms: NOW - 720_000, why: "no_answer" }, waiting: 1207 });
    expect([link, waiting]).toEqual(["Offline since 10:02 · keep going plain", "1,207 waiting to send plain"]);
  });
  it("the list's age is told", () => {
    expect(shown({ list: { people: 1, synced_ms: NOW - 47_000, complete: true } })[0]).toBe("Online guest list 40 s old plain");
    expect(shown({ list: { people: 1, synced_ms: NOW - 180_000, complete: true } })[0]).toBe("Online guest list 3 min old plain");
    expect(shown({ list: { people: 0, synced_ms: null, complete: false } })[0]).toBe("Online no guest list yet plain");
  });
  it("places turn yellow at five or a fifth, red at none", () => {
    const tone = (left: number, target: number): string | undefined => shown({ places: { kind: "left", left, target } })[1];
    expect([tone(6, 20), tone(5, 20), tone(20, 100), tone(21, 100), tone(0, 20), tone(1, 20)]).toEqual([
      "6 places left here plain", "5 places left here ask", "20 places left here ask", "21 places left here plain", "0 places left here stop", "1 place left here ask",
    ]);
    expect(shown({ places: { kind: "no_limit" } })[1]).toBe("No limit on places here plain");
  });
  it("an unknown room is no number", () => {
    expect(shown({ room: null })[2]).toBe("– in room plain");
    expect(shown({ room: { inside: 42, capacity: null, held: 0, as_of_ms: NOW } })[2]).toBe("42 in room at 10:14 plain");
  });
  it("a room over its places says by how many", () => {
    const room = (inside: number): string | undefined => shown({ room: { inside, capacity: 300, held: 0, as_of_ms: NOW } })[2];
    expect([room(300), room(303)]).toEqual(["300 of 300 in room at 10:14 plain", "303 of 300 in room, 3 too many stop"]);
  });
});

describe("find", () => {
  it("takes for an unknown code only what no name can be", () => {
    expect(["K7QF3MXP", "OLD-NO-SUCH-CODE-1"].map(mayBeCode)).toEqual([true, true]);
    expect(["K7QF3MX", "alexandra", "ana12345@example.org", "ana gomez 7"].map(mayBeCode)).toEqual([false, false, false, false]);
  });
  it("marks the letters that were typed, accents or not", () => {
    expect(found("Gómez, Ana", "gom")).toEqual(["", "Góm", "ez, Ana"]);
    expect(found("van Gom, Fleur", "GOM")).toEqual(["van ", "Gom", ", Fleur"]);
    expect(found("Işık, Łucja", "isi")).toEqual(["", "Işı", "k, Łucja"]);
    expect(found("Işık, Łucja", "luc")).toEqual(["Işık, ", "Łuc", "ja"]);
    expect(found("Groß, Jan", "GROSS")).toEqual(["", "Groß", ", Jan"]);
    expect(found("Ana", "x")).toEqual(["Ana", "", ""]);
  });
});

describe("what this desk did", () => {
  const row = (id: string, what: DoneRow["what"], undo: boolean): DoneRow => ({ id, name: "Ana", at_ms: 0, what, session: "Hall", undo, waiting: false });
  it("marks the newest let-in that can be taken back, else the newest line that can", () => {
    expect(firstUndoable([row("a", "turned_away", true), row("b", "let_in", false), row("c", "let_in", true)])).toBe(2);
    expect(firstUndoable([row("a", "taken_back", false), row("b", "turned_away", true)])).toBe(1);
    expect(firstUndoable([row("a", "taken_back", false)])).toBe(0);
    expect(firstUndoable([])).toBe(0);
  });
});

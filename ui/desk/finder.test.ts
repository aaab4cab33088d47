import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FindRow, FindView } from "../bindings/usher";
import { ANA } from "../dev/fixtures";
import { programOf } from "../dev/program";
import type { Finder } from "./finder.svelte";
import type { Desk } from "./state.svelte";

const calls: [name: string, args: unknown][] = [];
let waiting: { text: string; answer: (found: FindView) => void; fail: (why: unknown) => void }[] = [];
const api = programOf((name, args) => {
  calls.push([name, args]);
  if (name !== "find") return new Promise(() => undefined);
  return new Promise((answer, fail) => waiting.push({ text: (args as { text: string }).text, answer: answer as (found: FindView) => void, fail }));
});
const row = (id: string, near = false): FindRow => ({ guest: { ...ANA, id }, order: "", status: "booked", near });

let desk: Desk;
let finder: Finder;
/** Answers the question that is on its way. */
async function answer(rows: FindRow[], over: Partial<FindView> = {}): Promise<void> {
  waiting.shift()?.answer({ rows, more: false, code: null, ...over });
  await vi.advanceTimersByTimeAsync(0);
}
const asked = (): unknown[] => calls.filter(([name]) => name === "find").map(([, args]) => (args as { text: string }).text);
const others = (): unknown[] => calls.filter(([name]) => name !== "find");

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { language: "en", languages: ["en"] });
  vi.stubGlobal("document", { hidden: true });
  const [state, search] = await Promise.all([import("./state.svelte"), import("./finder.svelte")]);
  desk = new state.Desk(api);
  finder = new search.Finder(desk);
  calls.length = 0;
  waiting = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("asking", () => {
  it("begins with the second letter, and at once", () => {
    finder.typed("a");
    expect([asked(), desk.panel, finder.searching]).toEqual([[], "find", false]);
    finder.typed("an");
    expect([asked(), finder.searching]).toEqual([["an"], true]);
  });

  it("has one question on its way, and the newest text waits", async () => {
    for (const text of ["go", "gom", "gome", "gomez"]) finder.typed(text);
    expect(asked()).toEqual(["go"]);
    await answer([row("old")]);
    expect([asked(), finder.rows]).toEqual([["go", "gomez"], []]);
    await answer([row("new")], { more: true });
    expect([asked().length, finder.rows.map((one) => one.guest.id), finder.more, finder.searching]).toEqual([2, ["new"], true, false]);
  });

  it("an answer to what was cleared is shown to nobody", async () => {
    finder.typed("gomez");
    finder.clear();
    await answer([row("a")]);
    expect([finder.rows, desk.panel, finder.searching]).toEqual([[], "none", false]);
    finder.typed("ana");
    expect(asked()).toEqual(["gomez", "ana"]);
  });

  it("goes on after a search that failed", async () => {
    finder.typed("gomez");
    finder.enter();
    waiting.shift()?.fail({ kind: "not_ready" });
    await vi.advanceTimersByTimeAsync(0);
    expect([finder.searching, finder.rows, others()]).toEqual([false, [], []]);
    finder.typed("gomezz");
    expect(asked()).toEqual(["gomez", "gomezz"]);
  });

  it("names leave the screen after 30 s without a key", async () => {
    finder.typed("gomez");
    await answer([row("a")]);
    await vi.advanceTimersByTimeAsync(29_000);
    finder.move(1);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(finder.rows.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect([finder.rows, finder.text, desk.panel]).toEqual([[], "", "none"]);
  });
});

describe("Enter", () => {
  it("opens the marked guest", async () => {
    finder.typed("gomez");
    await answer([row("a"), row("b"), row("c")]);
    finder.move(1);
    finder.enter();
    expect([others(), finder.text, desk.panel]).toEqual([[["open", { person: "b" }]], "", "none"]);
  });

  it("waits for the answer to what stands there", async () => {
    finder.typed("go");
    finder.typed("gomez");
    finder.enter();
    await answer([row("too early")]);
    expect(others()).toEqual([]);
    await answer([row("a")]);
    expect(others()).toEqual([["open", { person: "a" }]]);
  });

  it("is forgotten when somebody types on", async () => {
    finder.typed("gomez");
    finder.enter();
    finder.typed("gomez r");
    await answer([row("a")]);
    await answer([row("b")]);
    expect([others(), finder.rows.length]).toEqual([[], 1]);
  });

  it("scans a code that the desk knows, whoever else is found", async () => {
    finder.typed("k7qf3mxp");
    await answer([row("a")], { code: "K7QF3MXP" });
    finder.enter();
    expect(others()).toEqual([["scan", { readings: ["K7QF3MXP"], found: "typed" }]]);
  });

  it("scans what may be a code where nobody is found: that it is unknown must be learnt", async () => {
    finder.typed("old-code-7 ");
    await answer([]);
    finder.enter();
    expect(others()).toEqual([["scan", { readings: ["old-code-7", "OLD-CODE-7"], found: "typed" }]]);
  });

  it("does nothing with a name that nobody has", async () => {
    for (const text of ["alexandrina", "x7", "ana 12345678"]) {
      finder.typed(text);
      await answer([]);
      finder.enter();
      expect([others(), finder.text]).toEqual([[], text]);
    }
  });

  it("does not call a half-typed name with similar ones a ticket", async () => {
    finder.typed("gomez1985x");
    await answer([row("a", true)]);
    finder.enter();
    expect(others()).toEqual([["open", { person: "a" }]]);
  });
});

describe("a code and 300 ms of silence", () => {
  it("counts as a scan when it came with no field focused", async () => {
    finder.takes("K7QF");
    finder.typed("K7QF3MX");
    finder.typed("K7QF3MXP");
    await answer([]);
    await answer([], { code: "K7QF3MXP" });
    await vi.advanceTimersByTimeAsync(299);
    expect(others()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(others()).toEqual([["scan", { readings: ["K7QF3MXP"], found: "typed" }]]);
  });

  it("is counted from the last letter, however long the answer took", async () => {
    finder.takes("K7QF3MXP");
    await vi.advanceTimersByTimeAsync(250);
    await answer([], { code: "K7QF3MXP" });
    await vi.advanceTimersByTimeAsync(49);
    expect(others()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(others().length).toBe(1);
  });

  it.each([
    ["somebody types on", () => finder.typed("K7QF3MXPQ")],
    ["it is cleared", () => finder.clear()],
  ])("is over when %s", async (_, act) => {
    finder.takes("K7QF3MXP");
    await answer([], { code: "K7QF3MXP" });
    act();
    await answer([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(others()).toEqual([]);
  });

  it.each([
    ["typed into the field", () => finder.typed("K7QF3MXP")],
    ["a run that was corrected", () => (finder.takes("K7QF3MXX"), finder.typed("K7QF3MX"), finder.typed("K7QF3MXP"))],
    ["letters behind others in the field", () => (finder.typed("K7"), finder.takes("QF3MXP"))],
  ])("waits for Enter when it was %s", async (_, type) => {
    type();
    while (waiting.length) await answer([], { code: "K7QF3MXP" });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(others()).toEqual([]);
    finder.enter();
    expect(others().length).toBe(1);
  });
});

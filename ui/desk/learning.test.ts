import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DeskView } from "../bindings/usher";
import { CARDS, lesson, view } from "../dev/fixtures";
import type { DeskApi } from "../shared/api";
import { coachWords, LESSON_STEPS, stepAt } from "./model/lesson";
import { NEW_CARD_MS } from "./model/guard";
import type { Learning } from "./learning";
import type { Desk } from "./state.svelte";

const calls: unknown[] = [];
const api = {
  call: (name: string, args: unknown) => (calls.push([name, args]), Promise.resolve(view())),
  onView: () => Promise.resolve(() => undefined),
} as unknown as DeskApi;

let desk: Desk;
let learning: Learning;
function show(shown: DeskView): void {
  desk.receive(shown);
  flushSync();
}
/** A time at which the hand means what it sees. */
const later = (): number => performance.now() + NEW_CARD_MS;
const gone = (): unknown[] => calls.splice(0).map((call) => ((call as [string, { go: string }])[1]).go);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { language: "en", languages: ["en"] });
  vi.stubGlobal("document", { hidden: true });
  desk = new (await import("./state.svelte")).Desk(api);
  vi.spyOn(desk.speaker, "play").mockImplementation(() => undefined);
  learning = new (await import("./learning")).Learning(desk);
  calls.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the offer", () => {
  const offered = (over: Partial<DeskView> = {}): DeskView => view({ lesson_offered: true, ...over });

  it("is taken by Space and declined by Esc", () => {
    show(offered());
    learning.space(later());
    expect(learning.escape()).toBe(true);
    expect(gone()).toEqual(["begin", "end"]);
  });

  it.each<[string, Partial<DeskView>]>([
    ["a card", { card: CARDS["ok"] ?? null }], ["people leaving", { out: true }], ["nothing offered", { lesson_offered: false }],
    ["a paused door", { sessions: view().sessions.map((one) => ({ ...one, phase: { kind: "paused" } })) }],
  ])("does not stand behind %s", (_, over) => {
    show(offered(over));
    learning.space(later());
    expect([learning.offered, learning.escape(), gone()]).toEqual([false, false, []]);
  });

  it("does not stand behind a panel", () => {
    show(offered());
    desk.panel = "menu";
    expect([learning.offered, learning.escape()]).toEqual([false, false]);
  });
});

describe("the minute", () => {
  it("goes on by Space only where the step is done, and when the hand meant it", () => {
    show(lesson("anyway", false, CARDS["asknone"]));
    learning.space(later());
    expect(gone()).toEqual([]);
    show(lesson("ask", true, { ...CARDS["already"]!, id: "v2" }));
    learning.space(performance.now() + NEW_CARD_MS - 1);
    expect(gone()).toEqual([]);
    learning.space(later());
    expect(gone()).toEqual(["next"]);
  });

  it("is left by Esc", () => {
    show(lesson("help", true));
    expect([learning.escape(), gone()]).toEqual([true, ["end"]]);
  });

  it("keeps its card until somebody goes on", () => {
    show(lesson("welcome", true, CARDS["ok"]));
    vi.advanceTimersByTime(120_000);
    expect(desk.card).not.toBeNull();
    expect(calls).toEqual([]);
  });

  it("makes way for what belongs to the door, which waits for it", async () => {
    show(lesson("welcome", true, CARDS["ok"]));
    const done: string[] = [];
    learning.afterwards(() => done.push(desk.lesson === null ? "at the door" : "too early"));
    expect(done).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect([done, gone()]).toEqual([["at the door"], ["end"]]);
    learning.afterwards(() => done.push("at once"));
    expect([done.at(-1), gone()]).toEqual(["at once", []]);
  });

  it("has a line for each step, and another where something was done", () => {
    const steps = (["welcome", "ask", "anyway", "help"] as const).flatMap((step) => [false, true].map((done) => ({ step, done })));
    expect(new Set(steps.map(coachWords)).size).toBe(6);
    expect(steps.map(stepAt)).toEqual([1, 1, 2, 2, 3, 3, LESSON_STEPS, LESSON_STEPS]);
  });
});

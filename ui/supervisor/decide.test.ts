import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DecideOutcome } from "../bindings/usher";
import type { SupervisorApi } from "../shared/api";
import type { Office } from "./decide.svelte";
import type { Decision } from "./model/decisions";

const calls: [string, unknown][] = [];
let answer: () => Promise<DecideOutcome>;
const api = {
  call: (name: string, args: unknown) => {
    calls.push([name, args]);
    return answer();
  },
  onView: () => Promise.resolve(() => undefined),
} as unknown as SupervisorApi;

const pause: Decision = { name: "state", args: { session: "b1", state: "paused", words: null } };
const open: Decision = { name: "state", args: { session: "b1", state: "open", words: null } };
const TOLD = { message: { key: "decided.paused" }, undo: open } as const;
let office: Office;

beforeEach(async () => {
  vi.useFakeTimers();
  const { Office } = await import("./decide.svelte");
  office = new Office(api);
  office.ask({ kind: "state", session: "b1", to: "paused" });
  calls.length = 0;
  answer = () => Promise.resolve({ kind: "done" });
});
afterEach(() => vi.useRealTimers());

describe("a decision", () => {
  it("is sent once however often it is pressed, and told with its way back", async () => {
    const both = await Promise.all([office.decide(pause, TOLD), office.decide(pause, TOLD)]);
    expect([both, calls]).toEqual([[true, false], [["state", pause.args]]]);
    expect([office.asked, office.told]).toEqual([null, TOLD]);
    await office.undo();
    expect(calls.at(-1)).toEqual(["state", open.args]);
    expect(office.told).toEqual({ message: { key: "decided.undone" }, undo: null });
  });
  it("that is refused stays on the screen with the reason", async () => {
    answer = () => Promise.resolve({ kind: "refused", why: "learning" });
    expect(await office.decide(pause, TOLD)).toBe(false);
    expect([office.refused, office.asked !== null, office.told, office.busy]).toEqual(["learning", true, null, false]);
    answer = () => Promise.reject(new Error("no window"));
    await office.decide(pause, TOLD);
    expect(office.refused).toBe("call");
    office.leave();
    expect([office.refused, office.asked]).toEqual([null, null]);
  });
  it("cannot be left or replaced while it is under way", async () => {
    let done: (outcome: DecideOutcome) => void = () => undefined;
    answer = () => new Promise((resolve) => (done = resolve));
    const sent = office.decide(pause, TOLD);
    office.leave();
    office.ask({ kind: "capacity", session: "b1" });
    expect(office.asked).toEqual({ kind: "state", session: "b1", to: "paused" });
    done({ kind: "done" });
    expect(await sent).toBe(true);
  });
  it("whose undo is refused says why, and offers it again", async () => {
    await office.decide(pause, TOLD);
    answer = () => Promise.resolve({ kind: "refused", why: "offline" });
    await office.undo();
    expect(office.told).toEqual({ message: { key: "decide.refused_offline" }, undo: open, refused: true });
    expect(office.refused).toBeNull();
  });
  it("that needs no confirmation leaves what is being written, and its refusal is told", async () => {
    const come: Decision = { name: "come", args: { station: "d3", asked_ms: 5 } };
    const writing = { kind: "message", to: { station: null, session: null } } as const;
    office.ask(writing);
    await office.decideNow(come, { message: { key: "decided.coming" }, undo: null });
    expect([office.asked, office.told?.message.key, calls]).toEqual([writing, "decided.coming", [["come", come.args]]]);
    answer = () => Promise.resolve({ kind: "refused", why: "unknown" });
    await office.decideNow(come, { message: { key: "decided.coming" }, undo: null });
    expect([office.asked, office.refused, office.told]).toEqual([writing, null, { message: { key: "decide.refused_unknown" }, undo: null, refused: true }]);
  });
  it("can be taken back for a while", async () => {
    await office.decide(pause, TOLD);
    vi.advanceTimersByTime(19_999);
    expect(office.told).not.toBeNull();
    vi.advanceTimersByTime(1);
    expect(office.told).toBeNull();
  });
});

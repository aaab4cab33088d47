import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CardView, PinOutcome } from "../bindings/usher";
import { CARDS, view } from "../dev/fixtures";
import { programOf } from "../dev/program";
import { text } from "../shared/messages";
import type { PinEntry, Word } from "./pin.svelte";
import type { Desk } from "./state.svelte";

const calls: [name: string, args: Record<string, unknown>][] = [];
let answer: unknown;
const api = programOf((name, args) => {
  calls.push([name, args as Record<string, unknown>]);
  return Promise.resolve((name === "override" ? answer : view({ card: CARDS["full"] as CardView })) as never);
});
const FULL = CARDS["full"] as CardView;

let pin: typeof import("./pin.svelte");
let desk: Desk;
let word: Word;
beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { language: "en", languages: ["en"] });
  vi.stubGlobal("document", { hidden: true });
  const [state, pins] = await Promise.all([import("./state.svelte"), import("./pin.svelte")]);
  pin = pins;
  desk = new state.Desk(api);
  word = new pins.Word(desk);
  desk.receive(view({ card: FULL }));
  flushSync();
  calls.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a PIN that is typed", () => {
  const ask = (entry: PinEntry, outcome: PinOutcome): Promise<boolean> => entry.ask(() => Promise.resolve(outcome));

  it("has four to eight digits and nothing else", () => {
    const entry = new pin.PinEntry();
    entry.take("25 8", 0);
    expect([entry.digits, entry.ready]).toEqual(["258", false]);
    for (const digit of "0123456") entry.type(digit);
    expect([entry.digits, entry.ready]).toEqual(["25801234", true]);
    entry.erase();
    expect(entry.digits).toBe("2580123");
  });

  it("is not asked for while it is too short", async () => {
    const entry = new pin.PinEntry();
    entry.take("258", 0);
    const asked = vi.fn();
    expect(await entry.ask(asked)).toBe(false);
    expect(asked).not.toHaveBeenCalled();
  });

  it("is gone after each try, and says why it did not open", async () => {
    const entry = new pin.PinEntry();
    for (const [outcome, words] of [
      [{ kind: "wrong", wait_ms: 4_000 }, "This PIN opens nothing here. Try again in 4 s."],
      [{ kind: "wait", wait_ms: 2_000 }, "Too soon after a wrong PIN. Wait 2 s."],
      [{ kind: "unlocks_only" }, "This PIN unlocks desks and lets nobody in. Ask a supervisor."],
      [{ kind: "no_pins" }, "No PIN is set for this event. The organiser can set one."],
    ] as [PinOutcome, string][]) {
      entry.take("2580", 0);
      expect(await ask(entry, outcome)).toBe(false);
      expect([entry.digits, entry.problem && text("en", entry.problem)]).toEqual(["", words]);
    }
    entry.take("2580", 0);
    expect(await ask(entry, { kind: "opened" })).toBe(true);
    expect([entry.digits, entry.problem]).toEqual(["", null]);
  });
});

describe("a half-typed PIN", () => {
  it("is gone after a while without a key", () => {
    const entry = new pin.PinEntry();
    entry.take("25", 0);
    vi.advanceTimersByTime(pin.IDLE_MS - 1);
    entry.type("8");
    vi.advanceTimersByTime(pin.IDLE_MS - 1);
    expect(entry.digits).toBe("258");
    vi.advanceTimersByTime(1);
    expect(entry.digits).toBe("");
  });
});

describe("a code that is typed into a PIN", () => {
  const typed = (entry: PinEntry, text: string, gap: number, from = 1_000): void => [...text].forEach((key, at) => entry.take(entry.digits + key, from + at * gap));

  it("empties the field, and none of its digits is a PIN, however slow the scanner", () => {
    for (const code of ["K7QF3MXP", "2580K", "A25801234", "258012345"]) {
      const entry = new pin.PinEntry();
      typed(entry, code, 120);
      expect([entry.digits, entry.ready], code).toEqual(["", false]);
    }
  });
  it("leaves what a person types after it, and what stood there before a scan", () => {
    const entry = new pin.PinEntry();
    typed(entry, "x", 0);
    typed(entry, "2580", 130, 1_000 + pin.BURST_MS);
    expect(entry.digits).toBe("2580");
    typed(entry, "K7", 8, 5_000);
    entry.putBack("25");
    expect(entry.digits).toBe("25");
    typed(entry, "80", 130, 5_100);
    expect(entry.digits).toBe("2580");
  });
});

describe("an answer that comes late", () => {
  it("opens nothing, and empties nothing that was typed since", async () => {
    const entry = new pin.PinEntry();
    let answered: (outcome: PinOutcome) => void = () => undefined;
    entry.take("2580", 0);
    const asked = entry.ask(() => new Promise((done) => (answered = done)));
    entry.forget();
    entry.take("1111", 0);
    answered({ kind: "opened" });
    expect([await asked, entry.digits, entry.busy]).toEqual([false, "1111", false]);
  });

  it("of a supervisor's word closes no other panel", async () => {
    await word.open(FULL);
    word.entry.take("2580", 0);
    answer = new Promise((done) => setTimeout(() => done({ kind: "decided", card: FULL }), 1_000));
    const asked = word.letIn();
    desk.panel = "menu";
    word.closed();
    await vi.advanceTimersByTimeAsync(1_000);
    await asked;
    expect(desk.panel).toBe("menu");
  });
});

describe("a supervisor's word", () => {
  it("opens where the card takes one, once scans are held, with the likeliest reason", async () => {
    await word.open(CARDS["unknown"] as CardView);
    expect([desk.panel, calls]).toEqual(["none", []]);
    await word.open(FULL);
    expect([desk.panel, word.reason, calls]).toEqual(["supervisor", "room", [["hold_scans", { held: true }]]]);
    expect(pin.likelyReason(CARDS["cancelled"] as CardView)).toBe("checked");
  });

  it("is sent with PIN and reason, and the panel closes when it opened", async () => {
    await word.open(FULL);
    word.reason = "staff";
    word.entry.take("2580", 0);
    answer = { kind: "pin", why: { kind: "wrong", wait_ms: 1_000 } };
    await word.letIn();
    expect(desk.panel).toBe("supervisor");
    word.entry.take("2580", 0);
    answer = { kind: "decided", card: FULL };
    await word.letIn();
    expect([desk.panel, calls.slice(-2)]).toEqual(["none", [["override", { id: FULL.id, pin: "2580", reason: "staff" }], ["hold_scans", { held: false }]]]);
    word.closed();
    expect(word.card).toBeNull();
  });

  it("the card that it is about stays while the panel is open", async () => {
    await word.open(FULL);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls.filter(([name]) => name === "close")).toEqual([]);
    desk.panel = "none";
    await vi.advanceTimersByTimeAsync(3_000);
    expect(calls.filter(([name]) => name === "close")).toHaveLength(1);
  });
});

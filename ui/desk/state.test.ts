import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CardView, DeskView, MessageView } from "../bindings/usher";
import { CARDS, NOW, view } from "../dev/fixtures";
import { programOf } from "../dev/program";
import type { Sound } from "../shared/sounds";
import type { Desk } from "./state.svelte";

const calls: [name: string, args: unknown][] = [];
const heard: Sound[] = [];
let refuse: unknown = null;
const api = programOf((name, args) => {
  calls.push([name, args]);
  return refuse ? Promise.reject(refuse) : new Promise(() => undefined);
});

let desk: Desk;
const named = (name: string, over: Partial<CardView> = {}): CardView => ({ ...(CARDS[name] as CardView), ...over });
function show(card: CardView | null, over: Partial<DeskView> = {}): void {
  desk.receive(view({ card, ...over }));
  flushSync();
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { language: "en", languages: ["en"] });
  vi.stubGlobal("document", { hidden: true });
  const state = await import("./state.svelte");
  desk = new state.Desk(api);
  vi.spyOn(desk.speaker, "play").mockImplementation((sound) => void heard.push(sound));
  calls.length = heard.length = 0;
  refuse = null;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a card's stay", () => {
  it.each([["ok", 5_000], ["ready", 30_000], ["ask", 30_000], ["full", 20_000], ["already", 20_000]])("%s leaves after %i ms, and the desk is told", (name, stay) => {
    show(named(name));
    vi.advanceTimersByTime(stay - 1);
    expect(desk.card).not.toBeNull();
    vi.advanceTimersByTime(1);
    expect(desk.card).toBeNull();
    expect(calls).toEqual([["close", { id: "v1" }]]);
  });

  it("is not made longer by a push that shows the same card", () => {
    show(named("full"));
    vi.advanceTimersByTime(15_000);
    show(named("full"), { waiting: 3 });
    vi.advanceTimersByTime(5_000);
    expect(desk.card).toBeNull();
  });

  it("starts anew with the next card", () => {
    show(named("full"));
    vi.advanceTimersByTime(19_000);
    show(named("full", { id: "v2" }));
    vi.advanceTimersByTime(19_000);
    expect(desk.card?.id).toBe("v2");
    expect(calls).toEqual([]);
  });

  it("ends for an unsaved guest only when somebody clears it; until then it sounds every 5 s", () => {
    show(named("notsaved"));
    vi.advanceTimersByTime(60_000);
    expect(desk.card).not.toBeNull();
    expect(heard).toEqual(Array.from({ length: 13 }, () => "fault"));
    desk.escape(performance.now());
    vi.advanceTimersByTime(20_000);
    expect(desk.card).toBeNull();
    expect(heard).toHaveLength(13);
  });
});

describe("deciding", () => {
  it("waits 250 ms after a card changed", () => {
    show(named("ready"));
    const at = performance.now();
    desk.hand.act("let_in", at + 249);
    expect(calls).toEqual([]);
    desk.hand.act("let_in", at + 250);
    expect(calls).toEqual([["accept", { id: "v1", anyway: false }]]);
  });

  it("is asked for once, and never for what the card does not take", () => {
    show(named("ask"));
    const later = performance.now() + 1_000;
    desk.hand.act("let_in", later);
    expect(calls).toEqual([]);
    desk.hand.act("let_in_anyway", later);
    desk.hand.act("let_in_anyway", later);
    expect(calls).toEqual([["accept", { id: "v1", anyway: true }]]);
  });

  it("checks out and lets back in by their own commands, on the card that takes them", () => {
    show(named("already"));
    const later = performance.now() + 1_000;
    desk.hand.act("check_out", later);
    expect(calls).toEqual([["check_out", { id: "v1" }]]);
    show(named("comeandgo", { id: "v2" }));
    desk.hand.act("check_out", performance.now() + 2_000);
    expect(calls).toHaveLength(1);
    desk.hand.act("let_back_in", performance.now() + 2_000);
    expect(calls.at(-1)).toEqual(["let_back_in", { id: "v2" }]);
  });

  it("that fails becomes a notice for six seconds", async () => {
    show(named("ready"));
    refuse = { kind: "not_possible" };
    desk.hand.act("let_in", performance.now() + 1_000);
    await vi.advanceTimersByTimeAsync(1);
    expect(desk.strip).toMatchObject({ kind: "notice", message: { key: "notice.not_possible" } });
    await vi.advanceTimersByTimeAsync(6_000);
    expect(desk.notice).toBeNull();
  });
});

describe("a new card", () => {
  it("closes whatever was open and sounds once", () => {
    show(null);
    desk.panel = "menu";
    show(named("ok"));
    expect(desk.panel).toBe("none");
    show(named("ok"), { waiting: 1 });
    expect(heard).toEqual(["go"]);
  });

  it("shown again brings the green back in silence", () => {
    show(named("ok"));
    vi.advanceTimersByTime(5_000);
    expect(desk.card).toBeNull();
    show(named("again"));
    expect(desk.card?.again).toBe(true);
    expect(heard).toEqual(["go"]);
  });

  it("leaves the panel alone when only its outcome changed", () => {
    show(named("ready"));
    desk.panel = "menu";
    show(named("ready", { outcome: { kind: "let_in" } }));
    expect(desk.panel).toBe("menu");
    expect(heard).toEqual(["go_first", "go_second"]);
  });
});

describe("a door where people leave", () => {
  it("is turned by one command, back and forth", async () => {
    show(null);
    void desk.hand.turnOut();
    show(null, { out: true });
    void desk.hand.turnOut();
    expect(calls).toEqual([["set_out", { out: true }], ["set_out", { out: false }]]);
  });

  it("asks after ten minutes without anybody whether it still checks out", () => {
    const at = (ms: number, card: CardView | null = null, out = true): void => show(card, { out, clock: { now_ms: NOW + ms, skew_ms: 0 } });
    at(0);
    at(599_999);
    expect(desk.strip).toBeNull();
    at(600_000);
    expect(desk.strip?.kind).toBe("out_idle");
    at(600_001, named("left"));
    expect(desk.strip).toBeNull();
    at(1_200_000, named("left"));
    expect(desk.strip).toBeNull();
    at(1_200_001, named("left"));
    expect(desk.strip?.kind).toBe("out_idle");
    at(1_200_002, null, false);
    expect(desk.strip).toBeNull();
  });

  it("says goodbye with the sound of the open door", () => {
    show(named("left"), { out: true });
    expect(heard).toEqual(["go"]);
  });
});

describe("a guest left open", () => {
  it("is not let in by a hand that was on its way when another took the place", () => {
    const left = (id: string, name: string) => ({ left_open: { id, name, action: "let_in" as const, at_ms: NOW } });
    show(null, left("v0", "Ana"));
    vi.advanceTimersByTime(250);
    show(null, left("v1", "Ben"));
    desk.hand.letInLeftOpen(performance.now() + 249);
    expect(calls).toEqual([]);
    desk.hand.letInLeftOpen(performance.now() + 250);
    expect(calls).toEqual([["accept", { id: "v1", anyway: false }]]);
  });

  it("is offered for ten seconds from when it was first seen", () => {
    const left = { id: "v0", name: "Ana", action: "let_in", at_ms: NOW - 60_000 } as const;
    show(null, { left_open: left });
    expect(desk.strip?.kind).toBe("left_open");
    show(null, { left_open: left, clock: { now_ms: NOW + 9_999, skew_ms: 0 } });
    expect(desk.strip?.kind).toBe("left_open");
    show(null, { left_open: left, clock: { now_ms: NOW + 10_000, skew_ms: 0 } });
    expect(desk.strip).toBeNull();
  });
});

describe("Ctrl+P", () => {
  const badges = view().badges;
  it("prints the card's guest and says so where there is a printer", async () => {
    show(named("ask"), { badges: { ...badges, set: { ...badges.set, printer: "Badges" } } });
    void desk.hand.printBadge();
    expect(calls).toEqual([["print", { id: "v1" }]]);
    expect(desk.notice).toBeNull();
  });
  it("without a guest calls nothing and says why", async () => {
    show(named("nobodyout"));
    await desk.hand.printBadge();
    expect(calls).toEqual([]);
    expect(desk.notice?.key).toBe("notice.no_badge");
  });
  it("from the strip prints what failed, but not within 250 ms of a new card", () => {
    const failed = { id: "v7", name: "Ana", why: { kind: "slow" }, more: 0 } as const;
    show(named("ok"), { badges: { ...badges, failed } });
    desk.hand.printAgain(failed, performance.now() + 100);
    expect(calls).toEqual([]);
    desk.hand.printAgain(failed, performance.now() + 251);
    expect(calls).toEqual([["print", { id: "v7" }]]);
  });
});

describe("a supervisor's message", () => {
  const message = (over: Partial<MessageView> = {}): MessageView => ({ id: "m1", urgent: false, text: "Ten minutes.", comes: false, refused: null, at_ms: NOW, more: 0, ...over });
  const later = (): number => performance.now() + 1_000;

  it("takes Esc before anything else, on the stage and in the strip of an empty desk", () => {
    show(null, { message: message({ urgent: true }), lesson_offered: true });
    expect([desk.covered, desk.messages.escape(later())]).toEqual([true, true]);
    show(null, { message: message({ id: "m2" }), lesson_offered: true, not_saved: null });
    expect(desk.messages.escape(later())).toBe(true);
    expect(calls).toEqual([["message_read", { id: "m1" }], ["message_read", { id: "m2" }]]);
  });
  it("in the strip leaves Esc to the card, to the open panel and to the first minute", () => {
    show(named("full"), { message: message() });
    expect(desk.messages.escape(later())).toBe(false);
    show(null, { message: message() });
    desk.panel = "menu";
    expect(desk.messages.escape(later())).toBe(false);
    desk.panel = "none";
    show(null, { message: message(), practice: { tickets: [], lesson: { step: "welcome", done: false } } });
    expect(desk.messages.escape(later())).toBe(false);
  });
  it("that is long is read first", () => {
    show(null, { message: message({ text: "x".repeat(200) }) });
    expect([desk.messages.escape(performance.now()), desk.panel]).toEqual([true, "none"]);
    desk.messages.escape(later());
    expect([desk.panel, calls]).toEqual(["message", []]);
  });
  it("waits for a volunteer: at a locked desk Enter is the PIN's", () => {
    for (const attended of ["nobody", "guest"] as const) {
      show(null, { message: message({ urgent: true }), attended });
      expect([desk.covered, desk.strip, desk.messages.escape(later())]).toEqual([false, null, false]);
    }
  });
});

describe("closing the window", () => {
  const closing = { serving: true, waiting: 7 };
  const told = (): string | undefined => desk.notice?.key;
  it("asks a volunteer, and tells everybody else what it wants", async () => {
    let ask: (view: typeof closing) => void = () => undefined;
    vi.spyOn(api, "onClosing").mockImplementationOnce((hear) => ((ask = hear), Promise.resolve(() => undefined)));
    void desk.start();
    await vi.advanceTimersByTimeAsync(1);
    const asked = (attended: DeskView["attended"]): unknown[] => {
      show(null, { attended });
      desk.notice = null;
      ask(closing);
      return [desk.panel, told()];
    };
    expect(asked("volunteer")).toEqual(["closing", undefined]);
    desk.panel = "none";
    expect(asked("nobody")).toEqual(["none", "notice.closing_locked"]);
    expect(asked("guest")).toEqual(["leave_kiosk", "notice.closing_locked"]);
  });
});

describe("a spoken name", () => {
  const said: string[] = [];
  beforeEach(async () => {
    said.length = 0;
    vi.stubGlobal("speechSynthesis", { getVoices: () => [1], cancel: () => undefined, speak: (words: { text: string }) => void said.push(words.text) });
    vi.stubGlobal("SpeechSynthesisUtterance", class { constructor(readonly text: string) {} });
    (await import("../shared/voice.svelte")).setSpoken(true);
  });
  afterEach(async () => (await import("../shared/voice.svelte")).setSpoken(false));
  const speaks = (name: string, over: Partial<DeskView> = {}): string[] => {
    said.length = 0;
    show(null, over);
    show(named(name, { id: name }), over);
    vi.advanceTimersByTime(1_000);
    return [...said];
  };

  it("is anybody's to a volunteer, and in self-service only who is let in, and never a hidden one", () => {
    const name = CARDS["ok"]?.guest?.name;
    expect([speaks("ok"), speaks("full")]).toEqual([[name], [name]]);
    expect([speaks("ok", { attended: "guest" }), speaks("full", { attended: "guest" })]).toEqual([[name], []]);
    expect([speaks("ok", { names_hidden: true }), speaks("ok", { attended: "guest", names_hidden: true })]).toEqual([[], []]);
  });
});

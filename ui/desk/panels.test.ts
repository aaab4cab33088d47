import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CardView, DeskView } from "../bindings/usher";
import { CARDS, view } from "../dev/fixtures";
import { programOf } from "../dev/program";
import type { Word } from "./pin.svelte";
import type { Desk } from "./state.svelte";
import type { WalkInForm } from "./walk-in.svelte";

const FULL = CARDS["full"] as CardView;
const calls: string[] = [];
let now: DeskView;
/** How long each answer takes, in ms. */
let slow = 0;
const api = programOf((name, args) => {
  calls.push(name === "hold_scans" ? `hold ${String((args as { held: boolean }).held)}` : name);
  if (name === "open_settings") now = { ...now, settings_open: true };
  if (name === "close_settings") now = { ...now, settings_open: false };
  const answer = (): unknown => (name === "open_settings" ? { kind: "opened" } : now);
  return new Promise((done) => setTimeout(() => done(answer() as never), slow));
});

let desk: Desk;
let word: Word;
let form: WalkInForm;
function show(over: Partial<DeskView>): void {
  now = view(over);
  desk.receive(now);
  flushSync();
}
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(1_000);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { language: "en", languages: ["en"] });
  vi.stubGlobal("document", { hidden: true });
  const [state, pins, walkIn] = await Promise.all([import("./state.svelte"), import("./pin.svelte"), import("./walk-in.svelte")]);
  desk = new state.Desk(api);
  [word, form] = [new pins.Word(desk), new walkIn.WalkInForm(desk)];
  [slow, now] = [0, view()];
  show({ card: FULL });
  calls.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a panel in which something is written", () => {
  it("stands only while scans are held: the last that was asked for opens, and one that closes lets go", async () => {
    slow = 100;
    void form.open();
    void word.open(FULL);
    await settled();
    expect([desk.panel, calls]).toEqual(["supervisor", ["hold true", "hold true"]]);
    void form.open();
    await settled();
    expect([desk.panel, calls.slice(2)]).toEqual(["walk_in", ["hold true"]]);
    desk.panel = "none";
    expect(calls.slice(3)).toEqual(["hold false"]);
  });

  it("asks to hold again only once letting go was heard", async () => {
    slow = 100;
    void form.open();
    await settled();
    desk.panel = "none";
    void form.open();
    expect(calls).toEqual(["hold true", "hold false"]);
    await settled();
    expect([desk.panel, calls]).toEqual(["walk_in", ["hold true", "hold false", "hold true"]]);
  });

  it("does not open over what came to the stage meanwhile, and lets go", async () => {
    slow = 100;
    void word.open(FULL);
    show({ card: { ...FULL, id: "next" } });
    await settled();
    expect([desk.panel, word.card, calls]).toEqual(["none", null, ["hold true", "hold false"]]);
    void form.open();
    desk.panel = "menu";
    await settled();
    expect([desk.panel, calls.slice(2)]).toEqual(["menu", ["hold true", "hold false"]]);
  });

  it("is about the card as it stands when it opens", async () => {
    slow = 100;
    void word.open(FULL);
    now = view({ card: { ...FULL, outcome: { kind: "let_in" }, actions: ["undo"] } });
    await settled();
    expect([desk.panel, calls]).toEqual(["none", ["hold true", "hold false"]]);
  });
});

describe("settings behind a PIN", () => {
  it("stay open beneath an urgent message, and close with their panel", async () => {
    show({ settings_open: false });
    desk.panels.settings();
    expect(desk.panel).toBe("pin");
    expect(await opens()).toBe("opened");
    expect(desk.panel).toBe("settings");
    show({ settings_open: true, message: { id: "m1", urgent: true, text: "Stop.", comes: false, refused: null, at_ms: now.clock.now_ms, more: 0 } });
    expect([desk.covered, desk.panel, calls.includes("close_settings")]).toEqual([true, "settings", false]);
    desk.panel = "none";
    expect(calls.at(-1)).toBe("close_settings");
  });

  it("do what was asked for once the PIN has opened them, in the panel that asked", async () => {
    show({ settings_open: false });
    desk.panel = "badges";
    const then = vi.fn(() => (desk.panel = "badges"));
    desk.panels.settings(then);
    expect([desk.panel, then.mock.calls.length]).toEqual(["pin", 0]);
    await opens();
    expect([desk.panel, then.mock.calls.length, calls.includes("close_settings")]).toEqual(["badges", 1, false]);
    desk.panels.settings(then);
    expect(then).toHaveBeenCalledTimes(2);
    desk.panel = "menu";
    expect(calls.at(-1)).toBe("close_settings");
  });

  it("ask for the PIN again where their time is over", () => {
    desk.panel = "settings";
    show({ settings_open: false });
    expect(desk.panel).toBe("pin");
  });

  it("are closed again where the answer finds no dialog", async () => {
    show({ settings_open: false });
    desk.panels.settings();
    slow = 100;
    const tried = desk.panels.trySettings("2580");
    desk.panel = "none";
    await settled();
    await tried;
    expect([desk.panel, calls.at(-1)]).toEqual(["none", "close_settings"]);
  });

  it("are named where one of them is refused to a volunteer", async () => {
    vi.spyOn(api, "call").mockRejectedValueOnce({ kind: "locked" });
    await desk.turn("set_door", { mode: "fast_door" });
    expect(desk.notice?.key).toBe("notice.settings_closed");
  });

  async function opens(): Promise<string | undefined> {
    const tried = desk.panels.trySettings("2580");
    await settled();
    const outcome = await tried;
    desk.panels.settingsOpened();
    return outcome?.kind;
  }
});

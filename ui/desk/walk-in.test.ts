import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CardView, WalkInOutcome } from "../bindings/usher";
import { CARDS, session, view } from "../dev/fixtures";
import { programOf } from "../dev/program";
import type { Desk } from "./state.svelte";
import type { WalkInForm } from "./walk-in.svelte";

const calls: [name: string, args: Record<string, unknown>][] = [];
let outcome: WalkInOutcome | { failed: unknown };
const api = programOf((name, args) => {
  calls.push([name, args as Record<string, unknown>]);
  if (name === "walk_in") return "failed" in outcome ? Promise.reject(outcome.failed) : Promise.resolve(outcome as never);
  return Promise.resolve((name === "find" ? { rows: [], more: false, code: null } : view()) as never);
});

let desk: Desk;
let form: WalkInForm;
const asked = (name: string): Record<string, unknown>[] => calls.filter((call) => call[0] === name).map((call) => call[1]);

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("navigator", { language: "en", languages: ["en"] });
  vi.stubGlobal("document", { hidden: true });
  const [state, walkIn] = await Promise.all([import("./state.svelte"), import("./walk-in.svelte")]);
  desk = new state.Desk(api);
  form = new walkIn.WalkInForm(desk);
  desk.receive(view());
  flushSync();
  calls.length = 0;
  outcome = { kind: "added", card: CARDS["walkin"] as CardView };
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the walk-in form", () => {
  it("opens only once the desk holds its scans, and not away from the door", async () => {
    const opening = form.open();
    expect([desk.panel, calls]).toEqual(["none", [["hold_scans", { held: true }]]]);
    await opening;
    expect([desk.panel, form.kind]).toEqual(["walk_in", "Walk-in"]);
    desk.receive(view({ phase: { kind: "start" } }));
    expect(desk.panel).toBe("none");
    await form.open();
    expect(desk.panel).toBe("none");
  });

  it("sends the same id however often it is pressed, and a new one the next time", async () => {
    await form.open();
    await form.submit();
    expect(asked("walk_in")).toEqual([]);
    form.first = "Quirin";
    outcome = { failed: { kind: "store", problem: "disk_full" } };
    await form.submit();
    expect([desk.panel, form.first]).toEqual(["walk_in", "Quirin"]);
    outcome = { kind: "added", card: CARDS["walkin"] as CardView };
    await Promise.all([form.submit(), form.submit()]);
    const ids = asked("walk_in").map((args) => args["form"]);
    expect([ids.length, new Set(ids).size, desk.panel]).toEqual([2, 1, "none"]);
    form.closed();
    await form.open();
    expect(form.first).toBe("");
    form.first = "Zuriñe";
    await form.submit();
    expect(asked("walk_in").at(-1)?.["form"]).not.toBe(ids[0]);
  });

  it("says that nobody can be let in before it is asked, and after", async () => {
    await form.open();
    form.last = "Mbéki";
    expect(form.letsIn).toBe(true);
    outcome = { kind: "not_now" };
    await form.submit();
    expect([form.problem, form.letsIn, desk.panel]).toEqual(["walk_in.not_now", false, "walk_in"]);
    await form.submit();
    expect(asked("walk_in").map((args) => args["let_in"])).toEqual([true, false]);
    desk.receive(view({ places: { kind: "left", left: 0, target: 20 } }));
    expect(form.possible).toBe(false);
    desk.receive(view({ sessions: [session({ phase: { kind: "paused" } })] }));
    expect(form.possible).toBe(false);
    desk.receive(view({ places: { kind: "no_limit" } }));
    expect(form.possible).toBe(true);
  });

  it("names what is wrong, looks for people called alike, and leaves no name behind", async () => {
    await form.open();
    form.first = "Q";
    form.typed();
    expect(asked("find")).toEqual([]);
    form.last = "Mb";
    form.typed();
    expect(asked("find")).toEqual([{ text: "Q Mb" }]);
    outcome = { kind: "invalid", why: "email" };
    await form.submit();
    expect(form.problem).toBe("walk_in.bad_email");
    desk.panel = "none";
    form.closed();
    expect([form.first, form.last, form.email]).toEqual(["", "", ""]);
    expect(asked("hold_scans").at(-1)).toEqual({ held: false });
  });
});

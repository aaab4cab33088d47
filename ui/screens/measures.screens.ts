// The measures of UX section 9 that belong to the hand and the ear, in WebKitGTK: see dev/measures.ts and dev/soundings.ts.

import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Measures } from "../dev/measures";
import type { Soundings } from "../dev/soundings";
import { Browser } from "./browser";

const browser = new Browser(inject("session"));

describe("the hand", () => {
  let measures: Measures;
  beforeAll(async () => {
    await browser.size({ width: 1280, height: 800 });
    measures = await browser.measure<Measures>();
  });

  it("takes one key at most for ten arrivals at a fast door, nine when asking first", () => {
    const { fast_door: fast, ask_first: ask } = measures.arrivals;
    expect([fast.keys, fast.let_in, fast.calls]).toEqual([1, 9, ["accept:anyway"]]);
    expect([ask.keys, ask.let_in]).toEqual([9, 9]);
    expect(ask.calls.filter((call) => call === "accept")).toHaveLength(8);
  });

  it("takes a wrong let-in back with one key while its card stands, and three afterwards", () => {
    expect(measures.undone).toEqual({ card: 1, later: 3 });
  });

  it("admits nobody by what was meant for the guest before", () => {
    expect(measures.race.admitted).toEqual([]);
    // Otherwise this machine was too slow to prove anything.
    expect(measures.race.early).toBeGreaterThanOrEqual(12);
    expect(measures.race.later).toEqual(["Space: accept", "tap: accept"]);
  });

  it("scans at 60 ms a key once the scanner was tested, and a name stays a name", () => {
    const scan = "know_code,scan:scanner:K7QF3MXP|";
    for (const focus of ["stage", "find", "button"]) {
      for (const end of ["Enter", "Tab", "nothing"]) expect([focus, end, measures.slow[`60 ms, ${focus}, ${end}`]]).toEqual([focus, end, scan]);
      expect(measures.slow[`60 ms, ${focus}, a name`]).toBe("know_code|maximiliane");
    }
    expect(measures.slow["60 ms, find, not tested"]).toBe("|K7QF3MXP");
  });

  it("scans at 100 ms a key from the stage, tested or not", () => {
    expect([measures.slow["100 ms, stage, Enter"], measures.slow["100 ms, stage, nothing"]]).toEqual(Array(2).fill("scan:typed:K7QF3MXP|"));
  });
});

describe("the sounds", () => {
  let soundings: Soundings;
  beforeAll(async () => {
    await browser.open("desk");
    soundings = await browser.run<Soundings>("window.usherHarness.soundings()");
  });

  it("are as long as they should be, within 5 ms", () => {
    expect(Object.keys(soundings.lengthsMs).sort()).toEqual(["ask", "fault", "go", "stop"]);
    for (const [sound, ms] of Object.entries(soundings.lengthsMs)) expect(Math.abs(ms - (soundings.wantedMs[sound] ?? 0)), `${sound}: ${ms} ms`).toBeLessThanOrEqual(5);
  });

  it("are told apart: no two are alike in their first half second", () => {
    expect(Object.keys(soundings.alike)).toHaveLength(6);
    for (const [pair, alike] of Object.entries(soundings.alike)) expect(alike, pair).toBeLessThan(0.5);
  });
});

// A scan arrives whole and presses nothing, wherever the focus is (UX sections 3 and 9): real key presses with their real
// times, 5 and 40 ms a key, ended by Enter, by Tab or by nothing. Each place is reached as a person reaches it, by Tab, so that
// Enter would press what has the focus.

import { beforeAll, describe, expect, inject, it } from "vitest";
import { Browser } from "./browser";

const CODE = "K7QF3MXP";
const TAB = "\uE004";
const ENDS = [["Enter", "\uE007"], ["Tab", TAB], ["nothing", ""]] as const;
const GAPS_MS = [5, 40];
/** What a scan is (UX section 3): a machine that was slower typed none, and the burst is typed again. */
const MEDIAN_GAP_MS_MAX = 45, GAP_MS_MAX = 80;
/** How often a slow machine may try to type as a scanner does. */
const BURSTS_MAX = 8;
/** How long the page rests after a scan before it is asked what it did: longer than any key is held. */
const REST_MS = 200;
/** A card that is new takes no key for so long. */
const NEW_CARD_MS = 250;

const browser = new Browser(inject("session"));

/** The keys' times are noted by the page; so is what stands in the fields. */
const LISTEN = `(() => {
  window.keyTimes = [];
  window.addEventListener("keydown", (event) => event.key.length === 1 && window.keyTimes.push(event.timeStamp), true);
  return 0;
})()`;
/** The visible controls, in the order of Tab. */
const STOPS = `[...(document.querySelector(".panel") ?? document).querySelectorAll("button:not(:disabled), input:not(:disabled)")].filter((e) => e.offsetParent !== null)`;
/** Until so much of the page's time has passed. */
const passed = (ms: number): string => `new Promise((done) => { const end = performance.now() + ${ms}; (function look() { performance.now() >= end ? done(0) : requestAnimationFrame(look); })(); })`;

interface Outcome {
  heard: string[];
  /** Between one key and the next, ascending. */
  gapsMs: number[];
  fields: Record<string, string>;
}

/** Shows the place, puts the focus where it is to be, and types. */
async function scan(place: string, stop: string | null, gapMs: number, end: string, text: string): Promise<Outcome> {
  await browser.run("window.usherHarness.show(args[0], 'en', 'light').then(() => 0)", place);
  await browser.run(passed(NEW_CARD_MS));
  if (stop !== null) {
    await browser.run(`(() => { const stops = ${STOPS}, at = stops.findIndex((e) => e.dataset.testid === args[0]); stops[(at + stops.length - 1) % stops.length].focus(); return 0; })()`, stop);
    await browser.press([{ key: TAB, pauseMs: 0 }]);
    await browser.run(`(async () => { for (let n = 0; n < 200 && document.activeElement?.dataset.testid !== args[0]; n += 1) await new Promise(requestAnimationFrame); if (document.activeElement?.dataset.testid !== args[0]) throw new Error("Tab does not reach " + args[0]); return 0; })()`, stop);
    if (text) await browser.run(`(() => { const field = document.activeElement; field.value = args[0]; field.dispatchEvent(new Event("input", { bubbles: true })); return 0; })()`, text);
  }
  await browser.run("(window.usherHarness.heard(), window.keyTimes = [], 0)");
  await browser.press([...CODE].map((key) => ({ key, pauseMs: gapMs })).concat(end ? [{ key: end, pauseMs: 0 }] : []));
  await browser.run(passed(REST_MS));
  return browser.run<Outcome>(`({
    heard: window.usherHarness.heard(),
    gapsMs: window.keyTimes.slice(1).map((time, at) => time - window.keyTimes[at]).sort((a, b) => a - b),
    fields: Object.fromEntries([...document.querySelectorAll("input")].map((e) => [e.dataset.testid, e.value])),
  })`);
}

/** What the driver itself needs for a key, in ms, as the bursts have shown: so much shorter is the pause. */
let driverMs = 0;

/** Types until the machine was as fast as a scanner. */
async function scanned(place: string, stop: string | null, gapMs: number, end: string, text = ""): Promise<Outcome> {
  const slowest: string[] = [];
  for (let n = 0; n < BURSTS_MAX; n += 1) {
    const pauseMs = Math.max(1, Math.round(gapMs - driverMs));
    const outcome = await scan(place, stop, pauseMs, end, text);
    const { gapsMs } = outcome;
    // Of an even number of gaps the upper middle one: it is the stricter.
    const median = gapsMs[gapsMs.length >> 1] ?? 0;
    if (median <= MEDIAN_GAP_MS_MAX && (gapsMs.at(-1) ?? 0) <= GAP_MS_MAX) return outcome;
    driverMs = Math.min(gapMs / 2, Math.max(0, median - pauseMs));
    slowest.push(gapsMs.map(Math.round).join(" "));
  }
  throw new Error(`This machine is too busy to type as a scanner does: ${BURSTS_MAX} bursts had gaps of ${slowest.join("; ")} ms.`);
}

describe("a scan at the door", () => {
  const PLACE = "card:readyfamily";
  let stops: string[] = [];

  beforeAll(async () => {
    await browser.open("desk");
    await browser.size({ width: 1280, height: 800 });
    await browser.run(LISTEN);
    await browser.run("window.usherHarness.show(args[0], 'en', 'light').then(() => 0)", PLACE);
    stops = await browser.run<string[]>(`${STOPS}.map((e) => e.dataset.testid)`);
  });

  it("can be made from every control of the door", () => {
    expect(stops).toEqual(expect.arrayContaining(["action-let_in", "action-turn_away", "menu", "find", "footer-undo"]));
  });

  describe.each(GAPS_MS)("with %i ms a key", (gapMs) => {
    it.each(ENDS)("and %s at the end arrives whole and presses nothing", async (word, end) => {
      const wrong: string[] = [];
      for (const stop of [null, ...stops]) {
        const { heard, fields } = await scanned(PLACE, stop, gapMs, end);
        const where = `${PLACE} 1280x800 en light, focus on ${stop ?? "the stage"}, ${gapMs} ms, ${word}`;
        if (heard.join() !== `scan:scanner:${CODE}`) wrong.push(`${where}: the desk was asked for ${heard.join() || "nothing"}`);
        if (fields["find"] !== "") wrong.push(`${where}: the find field reads "${fields["find"]}"`);
      }
      expect(wrong).toEqual([]);
    });

    it.each(ENDS)("and %s at the end leaves what was typed before in a field", async (word, end) => {
      // The session is not chosen yet, so the desk takes no scan; but none of it may stand in the field.
      const { heard, fields } = await scanned("screen:start", "start-initials", gapMs, end, "MK");
      expect({ word, heard, initials: fields["start-initials"] }).toEqual({ word, heard: [], initials: "MK" });
    });
  });
});

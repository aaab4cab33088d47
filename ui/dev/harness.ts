// What the tests of the screens ask of a page (?harness): to show a place in a language and a theme, and to judge what stands
// there. One page for thousands of combinations: the window's parts are mounted anew for each place, the page is not loaded anew.

import { tick } from "svelte";
import { cardClass, type CardClass } from "../desk/model/card";
import { speak } from "../shared/i18n.svelte";
import type { Language } from "../shared/messages";
import { paint, type Theme } from "../shared/theme.svelte";
import { CARDS } from "./fixtures";
import { rhythm } from "./hand";
import { faults, nameOf } from "./faults";
import type { Place, Step } from "./places";
import { readingOf, type Seen } from "./reading";
import { soundings, type Soundings } from "./soundings";

/** What a page lends the harness. */
export interface Stage {
  places: Record<string, Place>;
  /** Mounts the window anew, showing this place's view; its steps are taken afterwards. */
  begin(place: Place): void;
  /** Somebody wants to close the window. */
  closing(): void;
  /** What the window asked of its program since this was asked last. */
  heard(): string[];
}

/** What a sweep found. */
export interface Swept {
  places: number;
  /** Each fault in words: the place first. */
  faults: string[];
  /** Where each card's actions stand: top and bottom, in px. */
  rows: Record<string, [top: number, bottom: number]>;
}

/** What the tests call. */
export interface Harness {
  places(): string[];
  show(place: string, language: Language, theme: Theme): Promise<void>;
  /** What is cut off, too small, outside or in the way, at every place. */
  sweep(language: Language, theme: Theme): Promise<Swept>;
  /** What axe-core finds, at every place. */
  axe(language: Language, theme: Theme): Promise<string[]>;
  /** The cards by the class that they belong to. */
  classes(): Record<string, CardClass>;
  /** The card in this picture of the page, seen from afar. */
  see(png: string): Promise<Seen>;
  heard(): string[];
  /** How the four sounds of the door really sound. */
  soundings(): Promise<Soundings>;
  /** The two judges on the page as it stands. */
  faults(): string[];
  violations(): Promise<string[]>;
}

declare global {
  interface Window {
    usherHarness?: Harness;
  }
}

/** How many frames a step waits for what it presses. */
const FRAMES_MAX = 120;
const frame = (): Promise<number> => new Promise(requestAnimationFrame);
/** After everything that waits now: answers that are there have been heard. */
const turn = (): Promise<void> => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => (port1.close(), done());
  port2.postMessage(null);
});

/** Everything that was asked for has been answered and stands on the page. Measuring lays it out; no frame is waited for. */
async function settled(): Promise<void> {
  await tick();
  await turn();
  await tick();
}

async function there(css: string): Promise<HTMLElement> {
  for (let n = 0; n < FRAMES_MAX; n += 1) {
    const e = document.querySelector<HTMLElement>(css);
    if (e) return e;
    await frame();
  }
  throw new Error(`there is no ${css}`);
}

async function take(stage: Stage, step: Step): Promise<void> {
  if ("closing" in step) return stage.closing();
  if ("keys" in step) return rhythm([...step.keys, "Enter"], 12);
  if ("see" in step) return void (await there(step.see));
  const e = await there(`[data-testid="${"press" in step ? step.press : step.into}"]:not(:disabled)`);
  if ("press" in step) return e.click();
  e.focus();
  (e as HTMLInputElement).value = step.type;
  e.dispatchEvent(new Event("input", { bubbles: true }));
}

async function show(stage: Stage, name: string, language: Language, theme: Theme): Promise<void> {
  const place = stage.places[name];
  if (!place) throw new Error(`there is no place ${name}`);
  speak(language);
  paint(theme);
  stage.begin(place);
  await settled();
  for (const step of place.steps ?? []) {
    try {
      await take(stage, step);
    } catch (reason) {
      throw new Error(`${name}: ${reason instanceof Error ? reason.message : String(reason)}`);
    }
    await settled();
  }
  stage.heard();
}

async function sweep(stage: Stage, language: Language, theme: Theme): Promise<Swept> {
  const found: Swept = { places: 0, faults: [], rows: {} };
  for (const name of Object.keys(stage.places)) {
    await show(stage, name, language, theme);
    found.places += 1;
    found.faults.push(...faults().map((fault) => `${name}: ${fault}`));
    const row = document.querySelector(".card .row")?.getBoundingClientRect();
    if (row) found.rows[name] = [Math.round(row.top), Math.round(row.bottom)];
  }
  return found;
}

/** The success criteria of WCAG 2.2 AA, and what axe-core counts as good practice beside them. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe-core finds on the page as it stands, each with its rule, its element and what is wrong. */
async function violations(): Promise<string[]> {
  const { default: axe } = await import("axe-core");
  const judged = await axe.run(document, { runOnly: RULES, resultTypes: ["violations"], elementRef: true });
  return judged.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id} (${help}): ${node.element ? nameOf(node.element) : String(node.target)}; ${node.failureSummary?.split("\n")[1]?.trim() ?? ""}`));
}

async function axe(stage: Stage, language: Language, theme: Theme): Promise<string[]> {
  const bad: string[] = [];
  for (const name of Object.keys(stage.places)) {
    await show(stage, name, language, theme);
    bad.push(...(await violations()).map((words) => `${name}: ${words}`));
  }
  return bad;
}

/** Puts the harness on the page, once all fonts are there: nothing is measured in another font. */
export async function expose(stage: Stage): Promise<void> {
  await Promise.all([...document.fonts].map((font) => font.load()));
  // What fades in would be judged half transparent; the tests look at what stays.
  const still = document.createElement("style");
  still.textContent = "*, *::before, *::after { animation: none !important; transition: none !important; }";
  document.head.append(still);
  window.usherHarness = {
    places: () => Object.keys(stage.places),
    show: (place, language, theme) => show(stage, place, language, theme),
    sweep: (language, theme) => sweep(stage, language, theme),
    axe: (language, theme) => axe(stage, language, theme),
    classes: () => Object.fromEntries(Object.entries(CARDS).map(([name, card]) => [`card:${name}`, cardClass(card)])),
    see: readingOf,
    heard: stage.heard,
    soundings,
    faults,
    violations,
  };
  window.dispatchEvent(new Event("usher-harness"));
}

// Every state is told apart by its picture alone, from afar and by every eye (UX section 9). The desk's usual window is
// pictured, each card is shrunk to 64x40, and the words are left out: ground, edge and icon must do. The English cards are the
// patterns; each card in another language must be most like a pattern of its own class.

import { beforeAll, describe, expect, inject, it } from "vitest";
import type { CardClass } from "../desk/model/card";
import type { Seen } from "../dev/reading";
import { Browser } from "./browser";
import { EYES, look, unlike, type Eye } from "./colours";
import { LANGUAGE_NAMES } from "./windows";

/**
 * How far the patterns of two classes must be apart. 2.3 is just noticed side by side; who stands two metres away and looks up
 * has nothing beside it, so five times as much is asked for. The nearest pair are the stops and the fault, on one ground:
 * they ask for the same (nobody comes in), and only their icons differ.
 */
const APART_MIN = 11.5;
const THEMES = ["light", "dark"] as const;
const eyes = Object.keys(EYES) as Eye[];

interface Pictured {
  name: string;
  language: string;
  class: CardClass;
  seen: Seen;
}

const browser = new Browser(inject("session"));

async function picture(name: string, language: string, theme: string, kind: CardClass): Promise<Pictured> {
  const png = await browser.keep(name, language, theme);
  return { name, language, class: kind, seen: await browser.run<Seen>("window.usherHarness.see(args[0])", png) };
}

describe.each(THEMES)("in the %s theme", (theme) => {
  const patterns: Pictured[] = [];
  const others: Pictured[] = [];

  beforeAll(async () => {
    await browser.open("desk");
    await browser.size({ width: 1280, height: 800 });
    const classes = Object.entries(await browser.run<Record<string, CardClass>>("window.usherHarness.classes()"));
    const rest = LANGUAGE_NAMES.filter((language) => language !== "en");
    for (const [at, [name, kind]] of classes.entries()) {
      patterns.push(await picture(name, "en", theme, kind));
      others.push(await picture(name, rest[at % rest.length] ?? "en", theme, kind));
    }
  }, 280_000);

  it("every class of card is pictured", () => {
    expect([...new Set(patterns.map((pattern) => pattern.class))].sort()).toEqual(["A", "F", "G", "N", "O", "R", "S"]);
  });

  it.each(eyes)("every card looks like its class in another language too, to %s eyes", (eye) => {
    const known = patterns.map((pattern) => ({ pattern, look: look(eye, pattern.seen) }));
    const wrong = others.flatMap((other) => {
      const mine = look(eye, other.seen);
      const [nearest] = known.map(({ pattern, look: its }) => ({ pattern, far: unlike(mine, its) })).sort((a, b) => a.far - b.far);
      if (nearest?.pattern.class === other.class) return [];
      return [`${other.name} (${other.class}) 1280x800 ${other.language} ${theme}, ${eye}: most like ${nearest?.pattern.name} (${nearest?.pattern.class}), ${nearest?.far.toFixed(1)} apart`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(eyes)("no two classes look alike to %s eyes", (eye) => {
    const close = patterns.flatMap((a, at) => patterns.slice(at + 1).flatMap((b) => {
      const far = unlike(look(eye, a.seen), look(eye, b.seen));
      return a.class === b.class || far >= APART_MIN ? [] : [`${a.name} (${a.class}) and ${b.name} (${b.class}) 1280x800 en ${theme}, ${eye}: only ${far.toFixed(1)} apart`];
    }));
    expect(close).toEqual([]);
  });
});

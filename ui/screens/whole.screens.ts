// Nothing is cut off, too small, outside or in the way, at any place, in any language, size and theme; and the action row
// never moves (UX sections 1, 7 and 9).

import { describe, expect, inject, it } from "vitest";
import type { Swept } from "../dev/harness";
import { Browser } from "./browser";
import { at, LANGUAGE_NAMES, PAGES, SIZES } from "./windows";

/** One place of each window is kept as a picture in each size and language, for people to look at. */
const LOOKED_AT = { desk: "card:readyfamily", supervisor: "board:board" } as const;
const browser = new Browser(inject("session"));

describe.each(PAGES)("%s", (page) => {
  describe.each(SIZES)("at $width x $height", (size) => {
    const rows = new Map<string, string[]>();

    it.each(LANGUAGE_NAMES)("everything is whole in %s", async (language) => {
      await browser.open(page);
      await browser.size(size);
      // Colours move nothing: each language meets both themes, in one size this and in the next that.
      const theme = (LANGUAGE_NAMES.indexOf(language) + SIZES.indexOf(size)) % 2 === 0 ? "light" : "dark";
      const swept = await browser.run<Swept>("window.usherHarness.sweep(args[0], args[1])", language, theme);
      expect(swept.places).toBeGreaterThan(0);
      const found = at(`${page} ${size.width}x${size.height} ${language} ${theme}`, swept.faults);
      for (const [name, [top, bottom]] of Object.entries(swept.rows)) rows.set(`${top} to ${bottom}`, [...(rows.get(`${top} to ${bottom}`) ?? []), `${name} in ${language}`]);
      await browser.keep(LOOKED_AT[page], language, theme, `${size.width}x${size.height}`);
      expect(found).toEqual([]);
    });

    // Under a card of the first minute stands its line: those rows are at a place of their own.
    if (page === "desk") it.each([["the first minute's card", true], ["other card", false]])("the action row stands at one place on every %s", (_, ofLesson) => {
      const there = [...rows].map(([where, names]) => [where, names.filter((name) => name.startsWith("screen:lesson") === ofLesson)] as const).filter(([, names]) => names.length > 0);
      expect(there.length).toBeGreaterThan(0);
      const elsewhere = there.sort((one, other) => other[1].length - one[1].length).slice(1);
      expect(elsewhere.map(([where, names]) => `the row stands at ${where} px on ${names.join(", ")}`)).toEqual([]);
    });
  });
});

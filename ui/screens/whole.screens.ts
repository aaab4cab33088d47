// Nothing is cut off, too small, outside or in the way, at any place, in any language, size and theme; and the action row
// never moves (UX sections 1, 7 and 9).

import { describe, expect, inject, it } from "vitest";
import type { Swept } from "../dev/harness";
import { Browser } from "./browser";
import { at, LANGUAGE_NAMES, PAGES, SIZES } from "./windows";

const browser = new Browser(inject("session"));

describe.each(PAGES)("%s", (page) => {
  describe.each(SIZES)("at $width x $height", (size) => {
    const rows = new Map<string, string[]>();

    it.each(LANGUAGE_NAMES)("everything is whole in %s", async (language) => {
      await browser.open(page);
      await browser.size(size);
      const found: string[] = [];
      // Colours move nothing: each language meets both themes, in one size this and in the next that.
      const theme = (LANGUAGE_NAMES.indexOf(language) + SIZES.indexOf(size)) % 2 === 0 ? "light" : "dark";
      const swept = await browser.run<Swept>("window.usherHarness.sweep(args[0], args[1])", language, theme);
      expect(swept.places).toBeGreaterThan(0);
      found.push(...at(`${page} ${size.width}x${size.height} ${language} ${theme}`, swept.faults));
      for (const [name, [top, bottom]] of Object.entries(swept.rows)) rows.set(`${top} to ${bottom}`, [...(rows.get(`${top} to ${bottom}`) ?? []), `${name} in ${language}`]);
      expect(found).toEqual([]);
    });

    it.runIf(page === "desk")("the action row stands at one place on every card", () => {
      const elsewhere = [...rows].sort((a, b) => b[1].length - a[1].length).slice(1);
      expect(rows.size).toBeGreaterThan(0);
      expect(elsewhere.map(([where, names]) => `the row stands at ${where} px on ${names.join(", ")}`)).toEqual([]);
    });
  });
});

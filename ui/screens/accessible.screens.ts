// axe-core finds nothing at any place: WCAG 2.2 AA and good practice. What a page is made of depends on the language's
// direction, its contrasts on the theme; neither on the other. So English in light and Arabic in dark meet every rule both ways.

import { describe, expect, inject, it } from "vitest";
import { Browser } from "./browser";
import { at, PAGES } from "./windows";

const browser = new Browser(inject("session"));

describe.each(PAGES)("%s", (page) => {
  it.each([["en", "light"], ["ar", "dark"]])("axe finds nothing in %s, %s", async (language, theme) => {
    await browser.open(page);
    await browser.size({ width: 1280, height: 800 });
    const found = await browser.run<string[]>("window.usherHarness.axe(args[0], args[1])", language, theme);
    expect(at(`${page} 1280x800 ${language} ${theme}`, found)).toEqual([]);
  });
});

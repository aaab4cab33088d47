// The judges see what is bad: a page that passes them all is worth nothing if they are blind.

import { beforeEach, describe, expect, inject, it } from "vitest";
import { Browser } from "./browser";

const browser = new Browser(inject("session"));

/** Puts something bad on a card that is good. */
async function spoilt(html: string): Promise<{ faults: string; violations: string }> {
  await browser.run(`(() => { const bad = document.createElement("div"); bad.dataset.testid = "bad"; bad.innerHTML = args[0]; document.querySelector(".card .line").append(bad); return 0; })()`, html);
  const [faults, violations] = await browser.run<[string[], string[]]>("window.usherHarness.violations().then((found) => [window.usherHarness.faults(), found])");
  return { faults: faults.join("\n"), violations: violations.join("\n") };
}

beforeEach(async () => {
  await browser.open("desk");
  await browser.size({ width: 1280, height: 800 });
  await browser.run("window.usherHarness.show('card:already', 'en', 'light').then(() => 0)");
});

describe("the judges", () => {
  it("find nothing where nothing is bad", async () => {
    expect(await spoilt("")).toEqual({ faults: "", violations: "" });
  });

  it.each([
    ["words that are wider than their box", '<p style="width:90px;overflow:hidden;white-space:nowrap">far too many words</p>', "cut off sideways"],
    ["our own words in an ellipsis", '<p style="width:90px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">far too many words</p>', "cut off sideways"],
    ["words that are higher than their box", '<p style="height:9px;overflow:hidden">words</p>', "cut off below"],
    ["a button that sticks out at the start", '<div style="overflow:hidden"><button style="margin-left:-40px">Press</button></div>', "cut off by div"],
    ["something outside the window", '<p style="position:absolute;left:1270px;width:300px">words</p>', "outside the window"],
    ["a control that is too small", '<button style="height:30px">Press</button>', "under 48"],
    ["text that is too small", '<p style="font-size:11px">words</p>', "under 20 u"],
    ["two controls on one another", '<button>One</button><button style="margin-left:-60px">Two</button>', "lies on"],
  ])("find %s", async (_, html, words) => {
    expect((await spoilt(html)).faults).toContain(words);
  });

  it("find a verdict that is too small to be read from afar", async () => {
    await browser.run(`(document.querySelector(".card .title").style.fontSize = "60px", 0)`);
    expect((await spoilt("")).faults).toContain("under 1/12");
  });

  it.each([
    ["faint words", '<p style="color:#bbb">words</p>', "color-contrast"],
    ["a button without a name", "<button></button>", "button-name"],
    ["a field without a name", "<input type='text'>", "label"],
  ])("find %s", async (_, html, rule) => {
    expect((await spoilt(html)).violations).toContain(rule);
  });
});

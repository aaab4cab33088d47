// The rules of the hand: what keys do on each card, and what they never do (UX sections 1 and 3), as `drive.ts` presses them.

import { expect, inject, it } from "vitest";
import { Browser } from "./browser";

/** A step that is written twice would be counted once: so many there are. */
const STEPS = 56;

it("each key does what it should, and never admits by accident", async () => {
  const browser = new Browser(inject("session"));
  await browser.size({ width: 1280, height: 800 });
  const steps = await browser.drive();
  expect(steps.filter((step) => !step.startsWith("ok "))).toEqual([]);
  expect(steps).toHaveLength(STEPS);
});

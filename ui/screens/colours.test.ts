import { describe, expect, it } from "vitest";
import type { Rgb } from "../dev/reading";
import { apart, lab, look, seenBy, unlike } from "./colours";

const WHITE: Rgb = [1, 1, 1];
const RED: Rgb = [1, 0, 0];

describe("colours", () => {
  it("put white, black and red where CIELAB has them", () => {
    expect(lab(WHITE).map((part) => Math.round(part) + 0)).toEqual([100, 0, 0]);
    for (const part of lab([0, 0, 0])) expect(part).toBeCloseTo(0);
    expect(lab(RED).map(Math.round)).toEqual([53, 80, 67]);
  });

  it("leave white white to every eye, and take hue from grey", () => {
    for (const eye of ["usual", "protan", "deutan", "tritan", "grey"] as const) expect(lab(seenBy(eye, WHITE))[0], eye).toBeCloseTo(100, 0);
    const [r, g, b] = seenBy("grey", RED);
    expect([g, b]).toEqual([r, r]);
  });

  it("bring red and green together for those who do not tell them apart", () => {
    const green: Rgb = [0.05, 0.28, 0.02];
    const red: Rgb = [0.55, 0.05, 0.01];
    const usual = apart(lab(red), lab(green));
    expect(apart(lab(seenBy("deutan", red)), lab(seenBy("deutan", green)))).toBeLessThan(usual / 2);
  });

  it("hold a card like itself, and unlike one with another icon only", () => {
    const card = { ground: RED, edge: RED, icon: [WHITE, RED] };
    const other = { ...card, icon: [RED, WHITE] };
    expect(unlike(look("usual", card), look("usual", card))).toBe(0);
    expect(unlike(look("usual", card), look("usual", other))).toBeGreaterThan(50);
  });
});

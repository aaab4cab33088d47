import { describe, expect, it } from "vitest";
import { NewCardGuard, TapGuard } from "./guard";

describe("the new-card guard", () => {
  it("ignores keys and taps made before the card or in its first 250 ms", () => {
    const guard = new NewCardGuard();
    expect(guard.allows(5)).toBe(true);
    guard.changed(1_000);
    for (const at of [900, 1_000, 1_001, 1_249]) expect(guard.allows(at), String(at)).toBe(false);
    expect(guard.allows(1_250)).toBe(true);
  });
});

describe("the tap guard", () => {
  it("counts a double tap once", () => {
    const taps = new TapGuard();
    expect(taps.takes(0, 10, 10)).toBe(true);
    expect(taps.takes(400, 12, 11)).toBe(false);
    expect(taps.takes(401, 12, 11)).toBe(true);
  });
  it("takes a tap on another spot at once", () => {
    const taps = new TapGuard();
    taps.takes(0, 10, 10);
    expect(taps.takes(50, 300, 10)).toBe(true);
  });
});

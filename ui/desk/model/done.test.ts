import { describe, expect, it } from "vitest";
import { nameless } from "./done";

describe("a line without a name", () => {
  it("is an unknown ticket where somebody was refused, and a guest everywhere else", () => {
    expect(nameless("turned_away")).toBe("recent.unknown");
    for (const what of ["let_in", "taken_back", "checked_out", "undecided"] as const) expect(nameless(what)).toBe("recent.nameless");
  });
});

import { describe, expect, it } from "vitest";
import type { BadgeFailed, BadgeProblem } from "../../bindings/usher";
import { CARDS, view } from "../../dev/fixtures";
import { text, type Language, LOCALES } from "../../shared/messages";
import { badgeProblem, badgesFoot, badgeToPrint, eventLabel, failedBadge, printerNames, printerRefused, printersLine } from "./badges";

const FAILED: BadgeFailed = { id: "v7", name: "Ana", why: { kind: "out_of_paper" }, more: 0 };
const BADGES = view().badges;
const KINDS = ["no_printer", "gone", "stopped", "out_of_paper", "needs_care", "slow", "no_pdf", "refused", "too_many"] as const;

describe("a badge that did not come out", () => {
  it("is told with its guest, or as the test label", () => {
    expect(text("en", failedBadge(FAILED))).toBe("No badge: Ana");
    expect(text("en", failedBadge({ ...FAILED, more: 3 }))).toBe("No badge: Ana (+3)");
    expect(text("en", failedBadge({ ...FAILED, name: "", more: 3 }))).toBe("The test label did not come out.");
  });

  it.each(Object.keys(LOCALES) as Language[])("has another cause and remedy for every code in %s", (language) => {
    const problems: BadgeProblem[] = [...KINDS.map((kind) => ({ kind })), { kind: "no_font", letters: "王" }];
    const lines = problems.map((why) => text(language, badgeProblem(why)));
    expect(new Set(lines).size).toBe(problems.length);
    expect(lines.at(-1)).toContain("王");
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(70);
  });

  it("stands at the panel's foot until something is on its way", () => {
    expect(badgesFoot(BADGES).key).toBe("badges.hint");
    expect(badgesFoot({ ...BADGES, failed: FAILED }).key).toBe("badge.out_of_paper");
    expect(text("en", badgesFoot({ ...BADGES, failed: FAILED, waiting: 2 }))).toBe("2 badges are on their way.");
  });
});

describe("Ctrl+P", () => {
  const failed = view({ badges: { ...BADGES, failed: FAILED } });
  it("prints the card's guest, let in or not", () => {
    for (const name of ["ok", "ready", "ask", "already"]) expect(badgeToPrint(failed, CARDS[name] ?? null)?.name).toBe(CARDS[name]?.guest?.name);
  });
  it("prints nobody's on a card without a guest, and what failed without a card", () => {
    expect(badgeToPrint(failed, CARDS["nobodyout"] ?? null)).toBeNull();
    expect(badgeToPrint(failed, null)).toEqual({ id: "v7", name: "Ana" });
    expect(badgeToPrint(view(), null)).toBeNull();
  });
});

describe("printers", () => {
  it("keep the chosen one on the list when it has gone or is an address", () => {
    const found = { names: ["A", "B"], unanswered: false };
    expect(printerNames(found, "B")).toEqual(["A", "B"]);
    expect(printerNames(found, null)).toEqual(["A", "B"]);
    expect(printerNames(found, "ipp://here/ipp/print")).toEqual(["A", "B", "ipp://here/ipp/print"]);
  });
  it("say why there are none", () => {
    expect(printersLine({ names: ["A"], unanswered: false })).toBeNull();
    expect(printersLine({ names: [], unanswered: false })?.key).toBe("badges.no_printers");
    expect(printersLine({ names: [], unanswered: true })?.key).toBe("badges.unanswered");
  });
  it("say why one was not taken", () => {
    expect(printerRefused("set")).toBeNull();
    expect(text("en", printerRefused("not_ipp") ?? { key: "menu.title" })).toBe("Only addresses that begin with ipp:// work here.");
  });
});

describe("the event's label", () => {
  const said = (over: Partial<typeof BADGES>): string | null => {
    const words = eventLabel({ ...BADGES, ...over });
    return words && text("en", words);
  };
  it("is told with its size, that labels of it are loaded", () => {
    expect(said({})).toBe("The event's label has 90 × 54 mm. Load such labels.");
    expect(said({ event: null })).toBe("The event has no label of its own: 90 × 54 mm.");
  });
  it("is told where badges are plain all the same", () => {
    expect(said({ event: { width_mm: 90, height_mm: 54, drawn: "unreadable" } })).toContain("cannot read");
    expect(said({ event: { width_mm: 90, height_mm: 54, drawn: "last_plain" } })).toContain("no room");
  });
  it("is no matter at a desk with a size of its own", () => {
    expect(said({ set: { ...BADGES.set, size: "w62_h29" } })).toBeNull();
  });
});

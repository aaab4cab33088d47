import { describe, expect, it } from "vitest";
import type { Counted } from "../../bindings/usher";
import { text } from "../../shared/messages";
import { checkLead, differs, fileName, nextStep, saveFault, saveLead, unreadLine } from "./records";

const counts = (over: Partial<Counted> = {}): Counted => ({ inside: 231, occupied: 231, unsettled: 0, over_grant: 0, ...over });

describe("saving the unsent log", () => {
  it("says how much waits, and what to do with the file", () => {
    expect([saveLead(0), saveLead(1), saveLead(7)].map((message) => text("en", message))).toEqual([
      "Everything here is sent. You can still save a copy.",
      "1 waiting to send. A file can carry it to the server.",
      "7 waiting to send. A file can carry them to the server.",
    ]);
    expect(text("en", nextStep("stick"))).toContain("Take the stick out");
    expect(text("en", nextStep("desk"))).toContain("Copy the file to a stick");
    expect([fileName("/media/a/desk-3.usherlog"), fileName("C:\\Users\\a\\desk-3.usherlog")]).toEqual(["desk-3.usherlog", "desk-3.usherlog"]);
  });
  it("says why nothing was saved", () => {
    expect(text("en", saveFault("disk_full"))).toContain("no room there");
    expect(text("en", saveFault("read_only"))).toContain("nothing may be written there");
    expect(text("en", saveFault("other"))).toBe(text("en", saveFault("call")));
  });
});

describe("checking the records", () => {
  const one = { session: "Keynote", shown: counts(), counted: counts({ inside: 233, unsettled: 1 }) };
  it("names only the figures that differ", () => {
    expect(differs(one).map((message) => text("en", message))).toEqual(["Guests inside: screen 231, records 233", "Let in twice: screen 0, records 1"]);
    expect(differs({ ...one, counted: one.shown })).toEqual([]);
  });
  it("says in one sentence what was found, before and after counting anew", () => {
    const lead = (differences: (typeof one)[], rebuilt: boolean): string => text("en", checkLead({ entries: 1204, unread: 0, differences }, rebuilt));
    expect(lead([], false)).toBe("The counts on the screen agree with all 1,204 records.");
    expect(lead([one], false)).toBe("1 session shows other counts than its records. Trust the records.");
    expect(lead([], true)).toBe("Counted anew from 1,204 records. All agree now.");
    expect(lead([one], true)).toContain("call the organiser");
  });
  it("says what only a later version can read", () => {
    const line = (unread: number): string | null => {
      const message = unreadLine({ entries: 1204, unread, differences: [] });
      return message && text("en", message);
    };
    expect(line(0)).toBeNull();
    expect(line(1)).toBe("1 record is of a kind that only a newer Usher knows. It is kept, and not counted here: update this computer.");
    expect(line(3)).toContain("They are kept");
  });
});

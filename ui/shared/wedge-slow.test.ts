// Scanners past the speed that no person reaches, and people just under it (UX sections 3 and 9).

import { describe, expect, it } from "vitest";
import type { ScannerSettings } from "../bindings/usher";
import { Page, place } from "./wedge-page";
import { readings, speed, type Press } from "./wedge-run";

const CODE = "K7QF3MXPAB2Z9";
const FIELDS = { "no field": null, "an empty field": "", "a field with text": "gom" } as const;
const ENDS = [["enter", "Enter"], ["tab", "Tab"], ["nothing", null]] as const;
const learned = (over: Partial<ScannerSettings> = {}): ScannerSettings => ({ prefix: "", tail: "", end: "enter", gap_ms: 60, ...over });

function tested(field: string | null, over: Partial<ScannerSettings> = {}, known: readonly string[] = [CODE]): Page {
  const page = new Page(field);
  page.wedge.scanner = learned(over);
  page.known = known;
  return page;
}

/** Recorded: gaps of people who type quickly, in ms; the medians are 62, 71 and 84. */
const RHYTHMS = [
  [60, 62, 61, 75, 62, 66, 60, 70, 61, 64, 62, 60],
  [71, 66, 90, 70, 62, 78, 71, 110, 69, 75, 60, 72],
  [84, 120, 60, 95, 84, 70, 160, 84, 66, 90, 81, 250],
];

describe("a slow scanner that was tested", () => {
  for (const [where, field] of Object.entries(FIELDS)) {
    for (const [end, key] of ENDS) {
      for (const gap of [50, 60, 70]) {
        it(`is read in ${where}, ended by ${end}, ${gap} ms between keys`, () => {
          const page = tested(field, { end });
          page.type(CODE, gap);
          page.wait(gap);
          if (key) expect(page.key(key)).toBe(false);
          page.wait(600);
          expect([page.scans(), page.presses(), page.text(), page.field]).toEqual([[CODE], [], "", field]);
        });
      }
    }
  }

  it("is believed only where its code is known", () => {
    for (const field of [null, "gom"]) {
      const page = tested(field, {}, ["ANOTHER99"]);
      page.type(CODE, 60);
      page.wait(60);
      page.key("Enter");
      page.wait(600);
      expect(page.scans()).toEqual([]);
      expect(page.text() + (page.field ?? "")).toBe(field === null ? CODE : `gom${CODE}`);
      expect(page.presses(), "the person's Enter is pressed").toEqual(["Enter"]);
    }
  });

  it("is not waited for where it was not tested", () => {
    const page = new Page("gom");
    page.known = [CODE];
    page.type(CODE, 60);
    page.wait(300);
    expect([page.scans(), page.field, page.asked]).toEqual([[], `gom${CODE}`, []]);
  });

  it("may be a little slower than at its test, up to 80 ms", () => {
    const at = (gap: number): Press[] => [...CODE].map((key, n) => ({ key, ...place(key), at: n * gap, repeat: false, chord: false, field: null }));
    expect([60, 75, 76].map((gap) => speed(at(gap), learned()))).toEqual(["maybe", "maybe", "person"]);
    expect([80, 81].map((gap) => speed(at(gap), learned({ gap_ms: 79 })))).toEqual(["maybe", "person"]);
    expect(speed(at(45), learned()), "a quick one needs no desk").toBe("scanner");
  });
});

describe("a scanner that adds something", () => {
  for (const [name, prefix, tail] of [["a sign before", "~", ""], ["an AIM prefix", "]Q1", ""], ["signs around", "*", "#"], ["letters before", "QR", ""]] as const) {
    for (const gap of [5, 60]) {
      it(`has ${name} taken off at ${gap} ms`, () => {
        const page = tested("gom", { prefix, tail });
        page.type(prefix + CODE + tail, gap);
        page.key("Enter");
        page.wait(600);
        expect([page.scans()[0], page.field]).toEqual([CODE, "gom"]);
      });
    }
  }

  it("has it taken off under another layout and Caps Lock, and a code without it stays readable", () => {
    const press = (key: string, code: string, shift = false): Press => ({ key, code, shift, at: 0, repeat: false, chord: false, field: null });
    const german = [press("°", "Backquote", true), press("Y", "KeyZ", true), press("4", "Digit4")];
    expect(readings(german, learned({ prefix: "~" }))[0]).toBe("Z4");
    expect(readings([press("a", "KeyA", true), press("b", "KeyB", true)], learned({ prefix: "A" }))).toContain("B");
    expect(readings([press("4", "Digit4"), press("7", "Digit7")], learned({ prefix: "~" }))).toEqual(["47"]);
  });
});

describe("a person at a desk with a slow scanner", () => {
  RHYTHMS.forEach((rhythm, n) => {
    for (const [where, field] of Object.entries(FIELDS)) {
      it(`in rhythm ${n + 1} is never a scan, and the text stays whole, in ${where}`, () => {
        const page = tested(field, { gap_ms: 79 });
        const text = "maximiliane gomez oberlander 1234";
        page.type(text, (at) => rhythm[at % rhythm.length] ?? 100);
        page.wait(400);
        expect(page.scans()).toEqual([]);
        expect(page.text() + (page.field ?? "")).toBe((field === null ? "" : field) + text);
      });
    }
  });

  it("keeps every letter from the stage into the Find field, at any rhythm from 60 to 250 ms", () => {
    let seed = 11;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 500; round += 1) {
      const gaps = Array.from({ length: 20 }, () => 60 + Math.floor(random() * 190));
      const page = new Page(null, true);
      page.wedge.scanner = learned({ gap_ms: 79, prefix: round % 2 ? "m" : "" });
      page.type("maximiliane gomez", (at) => gaps[at] ?? 100);
      page.wait(400);
      expect(page.field, `gaps ${gaps.join(" ")}`).toBe("maximiliane gomez");
      expect([page.scans(), page.presses()]).toEqual([[], []]);
    }
  });
});

describe("while the scanner is tested", () => {
  const run = (gap: number, end: string | null): Press[][] => {
    const page = new Page();
    page.wedge.testing = true;
    page.type("~USHER:TEST", gap);
    page.wait(gap);
    if (end) page.key(end);
    page.wait(700);
    expect([page.scans(), page.text()]).toEqual([[], ""]);
    return page.signs.flatMap((sign) => (sign.kind === "run" ? [sign.presses] : []));
  };

  it.each([[5, "Enter"], [60, "Tab"], [120, "Enter"], [250, null], [5, null]] as const)("the keys are told whole at %i ms, ended by %s", (gap, end) => {
    const runs = run(gap, end);
    expect(runs).toHaveLength(1);
    expect(runs[0]?.map((press) => press.key)).toEqual([..."~USHER:TEST", ...(end ? [end] : [])]);
  });

  it("a lone Tab is still a person's", () => {
    const page = new Page();
    page.wedge.testing = true;
    page.key("Tab");
    page.wait(200);
    expect(page.presses()).toEqual(["Tab"]);
  });
});

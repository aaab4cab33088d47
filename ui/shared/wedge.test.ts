import { describe, expect, it } from "vitest";
import { Page, place } from "./wedge-page";
import { readings, type Press } from "./wedge-run";

const CODE = "K7QF3MXPAB2Z9";
const FIELDS = { "no field": null, "an empty field": "", "a field with text": "gom" } as const;
const SUFFIXES = { Enter: "Enter", Tab: "Tab", none: null } as const;

describe("a scanner is recognised", () => {
  for (const [where, field] of Object.entries(FIELDS)) {
    for (const [ending, suffix] of Object.entries(SUFFIXES)) {
      for (const gap of [2, 5, 12, 20, 30, 45]) {
        it(`in ${where}, ended by ${ending}, ${gap} ms between keys`, () => {
          const page = new Page(field);
          page.type(CODE, gap);
          if (suffix) {
            page.wait(gap);
            expect(page.key(suffix)).toBe(false);
          }
          page.wait(600);
          expect(page.scans()).toEqual([CODE]);
          expect(page.presses()).toEqual([]);
          expect(page.signs.filter((sign) => sign.kind === "text")).toEqual([]);
          expect(page.field).toBe(field);
        });
      }
    }
  }

  it("with one slow key in the burst", () => {
    const page = new Page();
    page.type(CODE, (at) => (at === 4 ? 75 : 10));
    page.wait(200);
    expect(page.scans()).toEqual([CODE]);
  });

  it("from six characters on, not from five", () => {
    for (const [code, found] of [["ABC123", 1], ["ABC12", 0]] as const) {
      const page = new Page();
      page.type(code, 10);
      page.key("Enter");
      page.wait(300);
      expect(page.scans()).toHaveLength(found);
    }
  });

  it("twice in a row as two scans", () => {
    const page = new Page();
    page.type(CODE, 5);
    page.key("Enter");
    page.wait(300);
    page.type("SECOND99", 5);
    page.key("Enter");
    page.wait(300);
    expect(page.scans()).toEqual([CODE, "SECOND99"]);
  });

  it("with an Enter that comes late, which presses nothing", () => {
    const page = new Page();
    page.type(CODE, 5);
    page.wait(400);
    expect(page.key("Enter")).toBe(false);
    page.wait(300);
    expect(page.scans()).toEqual([CODE]);
    expect(page.presses()).toEqual([]);
  });

  it("with codes that hold spaces", () => {
    const page = new Page();
    page.type("AB 12 CD 34", 8);
    page.key("Enter");
    page.wait(300);
    expect(page.scans()).toEqual(["AB 12 CD 34"]);
    expect(page.presses()).toEqual([]);
  });

  it("with F-keys inside the burst, which command nothing", () => {
    const page = new Page();
    page.type("ABC123", 5);
    page.wait(5);
    expect(page.key("F8")).toBe(false);
    page.wait(5);
    page.type("DEF456", 5);
    page.wait(200);
    expect(page.scans()).toEqual(["ABC123DEF456"]);
  });
});

describe("prefix keys of a scanner", () => {
  for (const prefix of ["Enter", "Tab", " "]) {
    for (const field of [null, "gom"]) {
      it(`${JSON.stringify(prefix)} ${field === null ? "on the stage" : "in a field"} belongs to the run behind it`, () => {
        const page = new Page(field);
        page.key(prefix, prefix === " " ? { code: "Space" } : {});
        page.wait(20);
        page.type(CODE, 10);
        page.key("Enter");
        page.wait(600);
        expect(page.scans()).toEqual([CODE]);
        expect(page.presses()).toEqual([]);
        expect(page.field).toBe(field);
      });
    }
  }

  it("alone they are pressed after 50 ms, once, with their own time", () => {
    for (const [key, name] of [["Enter", "Enter"], ["Tab", "Tab"], [" ", "Space"]] as const) {
      const page = new Page();
      const at = page.now;
      expect(page.key(key, { code: name })).toBe(false);
      page.wait(49);
      expect(page.signs).toEqual([]);
      page.wait(60);
      expect(page.signs).toEqual([{ kind: "press", key: name, shift: false, at }]);
    }
  });

  it("held down they repeat nothing", () => {
    const page = new Page();
    page.key(" ", { code: "Space" });
    for (let n = 0; n < 20; n += 1) {
      page.wait(33);
      expect(page.key(" ", { code: "Space", repeat: true })).toBe(false);
    }
    expect(page.presses()).toEqual(["Space"]);
  });

  it("a held letter is no scan", () => {
    const page = new Page("");
    page.key("a");
    for (let n = 0; n < 30; n += 1) {
      page.wait(30);
      page.key("a", { code: "KeyA", repeat: true });
    }
    page.wait(300);
    expect(page.scans()).toEqual([]);
    expect(page.field).toBe("a".repeat(31));
  });

  it("a Space in a field is typed, not pressed", () => {
    const page = new Page("ana");
    expect(page.key(" ", { code: "Space" })).toBe(true);
    page.wait(200);
    expect(page.field).toBe("ana ");
    expect(page.presses()).toEqual([]);
  });
});

describe("a person typing", () => {
  for (const gap of [60, 75, 81, 100, 150, 200, 250]) {
    it(`at ${gap} ms is never a scan, and no letter is lost`, () => {
      const stage = new Page();
      stage.type("maximiliane gomez 1234", gap);
      stage.wait(400);
      expect(stage.scans()).toEqual([]);
      const typed = stage.signs.map((sign) => (sign.kind === "text" ? sign.text : sign.kind === "press" ? " " : "")).join("");
      expect(typed).toBe("maximiliane gomez 1234");
      const field = new Page("x");
      field.type("maximiliane gomez 1234", gap);
      field.wait(400);
      expect(field.scans()).toEqual([]);
      expect(field.field).toBe("xmaximiliane gomez 1234");
    });
  }

  it("from the stage into the Find field keeps every letter in its order, at any rhythm", () => {
    // A small generator of its own, so that a failing rhythm can be run again.
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let round = 0; round < 500; round += 1) {
      const gaps = Array.from({ length: 20 }, () => 46 + Math.floor(random() * 160));
      const page = new Page(null, true);
      page.type("maximiliane gomez", (at) => gaps[at] ?? 100);
      page.wait(400);
      expect(page.field, `gaps ${gaps.join(" ")}`).toBe("maximiliane gomez");
      expect(page.scans()).toEqual([]);
      expect(page.presses()).toEqual([]);
    }
  });

  it("in rolls and pauses is never a scan", () => {
    const rhythm = [60, 110, 75, 240, 66, 180, 90, 62, 130, 70];
    const page = new Page("");
    page.type("K7QF3MXPAB2Z9", (at) => rhythm[at % rhythm.length] ?? 100);
    page.wait(40);
    expect(page.key("Enter")).toBe(false);
    page.wait(300);
    expect(page.scans()).toEqual([]);
    expect(page.field).toBe("K7QF3MXPAB2Z9");
    expect(page.presses()).toEqual(["Enter"]);
  });

  it("uses shortcuts, arrows and Backspace freely", () => {
    const page = new Page("ab");
    expect(page.key("Backspace")).toBe(true);
    expect(page.key("ArrowDown")).toBe(true);
    expect(page.key("ArrowDown", { repeat: true })).toBe(true);
    expect(page.key("F2")).toBe(true);
    expect(page.key("z", { chord: true })).toBe(true);
    expect(page.signs).toEqual([]);
  });
});

// From docs/vectors/signed_tickets.tsv: the longest text that scanners send, with spaces in it.
const SIGNED =
  "UT1:RRQ+D9P60CO0%7WWP58CK8KAFN0TNDQ1H1T0ENDVT8J-0CMOVXO50POBP/E7V50Z10X507H0QS00+0J61%H1CT1G+1/E7V50L70572OI2/T2H-2 73AJ3TU3X-3/E7V50WD0$+8 VDO44HEC8QE788-KCC3ANJCYRTL3RY03YFLL/6DB5X*H8GKGNA%0B%97QUBMP0W2JDEW 64WK4DBAH1DWGRUL77K2LN877C 3S50FJ$5I/C20";

describe("a signed ticket", () => {
  for (const [where, field] of Object.entries(FIELDS)) {
    it(`is one scan with its spaces, in ${where}`, () => {
      const page = new Page(field);
      page.type(SIGNED, 8);
      page.wait(200);
      expect(page.scans()).toEqual([SIGNED]);
      expect([page.field, page.presses()]).toEqual([field, []]);
    });
  }

  it("is among the readings under a German layout and under Caps Lock", () => {
    const german: Record<string, string> = { Z: "Y", Y: "Z", "-": "ß", "+": "\u0060", "*": "(", "/": "-", ":": "Ö" };
    const typed = (key: (character: string) => string): Press[] =>
      [...SIGNED].map((character, at) => ({ key: key(character), ...place(character), at: at * 8, repeat: false, chord: false, field: null }));
    expect(readings(typed((character) => german[character] ?? character))).toContain(SIGNED);
    expect(readings(typed((character) => character.toLowerCase()))).toContain(SIGNED);
  });
});

describe("readings", () => {
  const presses = (keys: [key: string, code: string, shift?: boolean][]): Press[] =>
    keys.map(([key, code, shift = false], at) => ({ key, code, shift, at: at * 5, repeat: false, chord: false, field: null }));

  it("undo a Turkish, German or Arabic layout", () => {
    expect(readings(presses([["ı", "KeyI"], ["*", "Minus"], ["1", "Digit1"]]))).toContain("i-1");
    expect(readings(presses([["Z", "KeyY", true], ["ß", "Minus"], ["Y", "KeyZ", true]]))).toContain("Y-Z");
    expect(readings(presses([["ش", "KeyA"], ["لا", "KeyB"], ["7", "Digit7"]]))).toContain("ab7");
  });

  it("undo Caps Lock and keep what was typed first", () => {
    expect(readings(presses([["a", "KeyA", true], ["B", "KeyB"], ["7", "Digit7"]]))).toEqual(["aB7", "Ab7"]);
  });

  it("read dead keys by their place", () => {
    expect(readings(presses([["A", "KeyA", true], ["Dead", "BracketLeft"], ["B", "KeyB", true]]))).toEqual(["AB", "A[B", "ab"]);
  });

  it("leave out the scanner's own prefix and every repetition", () => {
    expect(readings(presses([["]", "BracketRight"], ["Q", "KeyQ", true], ["3", "Digit3"], ["7", "Digit7"], ["1", "Digit1"]]))).toEqual(["71"]);
  });
});

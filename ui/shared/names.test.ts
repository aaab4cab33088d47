import { describe, expect, it } from "vitest";
import { initials, NAME_STAYS_MS, shownName } from "./names";

describe("initials", () => {
  it("are the first letters of the first and the last word, in any script", () => {
    expect(initials("Ana Gómez de la Fuente")).toBe("A. F.");
    expect(initials("Işık")).toBe("I.");
    expect(initials("محمد علي")).toBe("م. ع.");
    expect(initials("प्रिया नायर")).toBe("प्रि. ना.");
    expect(initials("王小明")).toBe("王.");
    expect(initials("Gómez, Ana")).toBe("G. A.");
    expect(initials("")).toBe("");
  });

  it("keep nothing of a name that is longer", () => {
    expect(initials("Maximiliane Oberländer-Szczepański").length).toBeLessThan(8);
  });
});

describe("a name on the door's screen", () => {
  it("is whole for a while, and nowhere where guests see it", () => {
    expect(shownName(false, "Ana Gómez")).toBe("Ana Gómez");
    expect(shownName(false, "Ana Gómez", NAME_STAYS_MS - 1)).toBe("Ana Gómez");
    expect(shownName(false, "Ana Gómez", NAME_STAYS_MS)).toBe("A. G.");
    expect(shownName(true, "Ana Gómez")).toBe("A. G.");
  });
});

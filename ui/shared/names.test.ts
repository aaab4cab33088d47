import { describe, expect, it } from "vitest";
import { initials } from "./names";

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

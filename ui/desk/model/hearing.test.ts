import { describe, expect, it } from "vitest";
import type { CardView } from "../../bindings/usher";
import { CARDS } from "../../dev/fixtures";
import { PATTERNS } from "../../shared/sounds";
import { soundFor } from "./hearing";

const get = (name: string): CardView => CARDS[name] as CardView;

describe("sounds of new cards", () => {
  it.each([
    ["ok", "go"], ["ready", "go_first"], ["flagged", "ask"], ["flagsen", "ask"], ["looktwice", "ask"], ["flagin", "go"], ["flagfull", "stop"], ["ask", "ask"], ["overlimit", "ask"], ["full", "stop"], ["already", "stop"],
    ["unknown", "stop"], ["notsaved", "fault"], ["notticket", null], ["turned", null], ["back", null], ["again", null],
  ])("%s: %s", (name, sound) => expect(soundFor(null, get(name))).toBe(sound));

  it("is silent when nothing new is shown", () => {
    expect(soundFor(get("full"), { ...get("full"), others_ms: 1 })).toBeNull();
    expect(soundFor(get("full"), null)).toBeNull();
  });

  it("the second note follows the first, the whole sound anything else", () => {
    const green = (view: CardView): CardView => ({ ...view, outcome: { kind: "let_in" } });
    expect(soundFor(get("ready"), green(get("ready")))).toBe("go_second");
    expect(soundFor(get("ask"), green(get("ask")))).toBe("go");
    expect(soundFor(get("flagged"), green(get("flagged")))).toBe("go");
    expect(soundFor(get("ready"), { ...green(get("ready")), id: "next" })).toBe("go");
  });
});

describe("patterns", () => {
  const length = (name: keyof typeof PATTERNS): number => Math.max(...PATTERNS[name].notes.map((note) => note.at + note.length));
  it("last as long as the specification says", () => {
    expect([length("go"), length("ask"), length("stop"), length("fault")]).toEqual([180, 275, 380, 360]);
  });
  it("stay in the band that people tell apart", () => {
    for (const pattern of Object.values(PATTERNS)) for (const note of pattern.notes) {
      expect(note.hz === 440 || (note.hz >= 500 && note.hz <= 3000)).toBe(true);
    }
  });
});

import { describe, expect, it } from "vitest";
import type { CardView } from "../../bindings/usher";
import { CARDS, NOW } from "../../dev/fixtures";
import { text } from "../../shared/messages";
import { kioskFace, kioskStart } from "./kiosk";

const AROUND = { now: NOW, place: { language: "en", zone: "Europe/Berlin" } } as const;
const told = (name: string): string => {
  const face = kioskFace(CARDS[name] as CardView, AROUND);
  return [face.look, text("en", face.title), text("en", face.line), face.name].filter(Boolean).join(" | ");
};

describe("self-service", () => {
  it("welcomes who is let in by their own name", () => {
    expect(told("ok")).toBe("in | Welcome! | You are checked in. Come in. | Ana Gómez de la Fuente");
    expect(told("byword")).toContain("Welcome!");
  });

  it("sends everybody else to people, and says nothing of anybody", () => {
    const others = Object.entries(CARDS).filter(([, card]) => !["let_in", "checked_out"].includes(card.outcome.kind));
    expect(others.length).toBeGreaterThan(20);
    for (const [name, card] of others) {
      const face = kioskFace(card, AROUND);
      expect([face.look, face.name], name).toEqual(["ask", null]);
      if (card.guest?.name) expect(told(name), name).not.toContain(card.guest.name);
    }
    expect(told("full")).toBe("ask | Ask our team | They help you here and now.");
    expect(told("notopen")).toBe("ask | Not open yet | The doors open at 10:26.");
  });

  it("says what to do where the camera sees nothing or two codes", () => {
    expect(kioskStart(true, false).line.key).toBe("kiosk.start_line");
    expect(kioskStart(false, false).line.key).toBe("kiosk.start_scanner");
    expect(kioskStart(true, true).title.key).toBe("two_codes.title");
  });
});

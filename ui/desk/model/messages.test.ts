import { describe, expect, it } from "vitest";
import { CARDS, NOW, SCREENS, view } from "../../dev/fixtures";
import { text } from "../../shared/messages";
import { cardModel, needsHelp, type Around } from "./card";
import { covers, fitsStrip, helpLine, said } from "./messages";
import { worstStrip } from "./strips";

const PLACE = { language: "en", zone: "Europe/Berlin" } as const;
const AROUND: Around = { now: NOW, place: PLACE, link: { kind: "online" }, event: "FieldConf", learning: false };
const screen = (name: string): ReturnType<typeof view> => SCREENS[name] ?? (() => { throw new Error(name); })();
const strip = (name: string): ReturnType<typeof worstStrip> =>
  worstStrip(screen(name), { now: NOW, place: PLACE, leftOpenSince: null, notSavedCleared: false, notice: null });

describe("the strip", () => {
  it("holds short words whole, and of long ones says only that they are there", () => {
    const [short, long] = [strip("message"), strip("messagelong")];
    expect([short?.said?.fits, short && text("en", short.message)]).toEqual([true, "Ten minutes to go. Keep the aisle clear."]);
    expect([long?.said?.fits, long && text("en", long.message)]).toEqual([false, "The supervisor wrote to this desk."]);
  });
  it("says answers in the volunteer's language, with the supervisor's words beside them", () => {
    expect(text("en", strip("comes")?.message ?? { key: "app.name" })).toBe("Maria Fernández is coming.");
    const no = strip("noplaceanswer");
    expect([no && text("en", no.message), no?.said?.words]).toEqual(["No place for Ana Gómez de la Fuente.", "Try again at noon"]);
  });
  it("shows initials where guests see the screen", () => {
    const hidden = { ...screen("noplaceanswer"), names_hidden: true };
    const lead = hidden.message && said(hidden.message, hidden).lead;
    expect(lead && text("en", lead)).not.toContain("Gómez");
  });
  it("is not kept from who waits: what is undecided and held stands before it", () => {
    expect(strip("urgentlong")?.kind).toBe("held");
    expect(fitsStrip({ ...(screen("messagelong").message ?? (() => { throw new Error(); })()), text: "x".repeat(90) })).toBe(true);
  });
});

describe("an urgent message", () => {
  const urgent = screen("messageurgent");
  it("covers at once what is empty, and a card once it was seen", () => {
    expect(covers(urgent, "none", false, NOW, NOW)).toBe(true);
    expect([0, 3_999, 4_000].map((ms) => covers(urgent, "none", true, NOW, NOW + ms))).toEqual([false, false, true]);
  });
  it("covers no form that is being written, and nothing away from the door", () => {
    expect([covers(urgent, "walk_in", false, NOW, NOW), covers({ ...urgent, phase: { kind: "start" } }, "none", false, NOW, NOW)]).toEqual([false, false]);
    expect([covers(urgent, "menu", false, NOW, NOW), covers(screen("message"), "none", false, NOW, NOW)]).toEqual([true, false]);
  });
});

describe("a call for help", () => {
  const line = (name: string, online: boolean): string | null => {
    const found = helpLine(screen(name).help, online, NOW, PLACE);
    return found && text("en", found);
  };
  it("says how far it is", () => {
    expect([line("door", true), line("helpcalled", true), line("comes", true)]).toEqual([null, "A supervisor was told 20 s ago.", "Maria Fernández is coming."]);
    expect(line("helpwaits", false)).toContain("offline");
    expect(line("helpwaits", true)).toBe("Telling a supervisor …");
  });
  it("is offered on cards on which a volunteer can do nothing", () => {
    const cards = Object.entries(CARDS).filter(([, card]) => needsHelp(card)).map(([name]) => name);
    expect(cards).toEqual(["forged", "notsaved"]);
  });
});

describe("cards", () => {
  const line = (name: string, around: Around = AROUND): unknown => cardModel(CARDS[name] ?? (() => { throw new Error(name); })(), around).line;
  it("say how far a question for a place is", () => {
    expect([line("placetold"), line("placeno")]).toEqual([{ key: "card.place.asked" }, { key: "card.place.no" }]);
  });
  it("say why the door is paused where that is short", () => {
    expect(line("paused", { ...AROUND, pauseWords: "Stage is cleared." })).toEqual({ note: "Stage is cleared." });
    expect(line("paused", { ...AROUND, pauseWords: "x".repeat(91) })).toEqual({ key: "card.paused.line" });
  });
});

import { describe, expect, it } from "vitest";
import type { CardView, GuestView } from "../../bindings/usher";
import { card, CARDS, NOW } from "../../dev/fixtures";
import { text } from "../../shared/messages";
import { ASKING_MS, cardKey, cardModel, stayMs, type Around, type CardModel } from "./card";

const around = (over: Partial<Around> = {}): Around => ({
  now: NOW, place: { language: "en", zone: "Europe/Berlin" }, link: { kind: "online" }, event: "FieldConf 2026", learning: false, ...over,
});

function words(view: CardView, over: Partial<Around> = {}): [string, string, string, string] {
  const model = cardModel(view, around(over));
  const line = "note" in model.line ? model.line.note : text("en", model.line);
  return [model.class, model.icon, text("en", { key: model.title }), line];
}

/** The table of UX section 2. */
const TABLE: Record<string, [string, string, string, string]> = {
  which: ["A", "circle-question-mark", "Which session?", "Booked for more than one. Ask the guest, then choose."],
  whichnone: ["A", "circle-question-mark", "Which session?", "Booked for none of these. Ask the guest, then choose."],
  whichelse: ["R", "circle-check", "Registered", "Let them in."],
  ok: ["G", "circle-check-big", "Come in", "Let them through."],
  again: ["G", "circle-check-big", "Come in", "Let them through."],
  kept: ["G", "circle-check-big", "Come in", "Let them through."],
  ready: ["R", "circle-check", "Registered", "Let them in."],
  flagged: ["R", "circle-check", "Registered", "Give the speaker badge, then let them in."],
  flagsen: ["R", "circle-check", "Registered", "Read the words at the flag first, then let them in."],
  flagin: ["G", "circle-check-big", "Come in", "Let them through."],
  flagfull: ["S", "octagon-x", "Room full", "All 300 places are taken. Ask them to wait aside."],
  flagsmost: ["A", "triangle-alert", "Not booked here", "Booked for Hall B, 10:00. Send them there, or let them in."],
  looktwice: ["R", "circle-check", "Registered", "Special ticket: look twice. Not sure? Ask the supervisor."],
  ask: ["A", "triangle-alert", "Not booked here", "Booked for Hall B, 10:00. Send them there, or let them in."],
  asknone: ["A", "triangle-alert", "Not booked here", "On the guest list, not for this session."],
  already: ["N", "history", "Already in", "Let in at Desk 2 at 10:02. Ask if they have been inside."],
  justnow: ["N", "history", "Already in", "You let them in 40 s ago. Same person? Let them pass."],
  full: ["S", "octagon-x", "Room full", "All 300 places are taken. Ask them to wait aside."],
  empty: ["S", "octagon-x", "No places here", "This desk has used its places. Send them to another desk, or call the supervisor."],
  asking: ["S", "octagon-x", "No places here", "Asking for more. Ask them to wait."],
  overlimit: ["A", "triangle-alert", "Over limit", "No places left here. Let in only if the room looks free."],
  held: ["S", "armchair", "No free places", "Kept for registered guests until 10:20. Ask the guest to wait."],
  heldstill: ["S", "armchair", "No free places", "The empty seats belong to guests who booked. Ask the guest to wait aside."],
  notopen: ["S", "calendar-clock", "Not open yet", "Opens 10:26, in 12 min. Ask them to wait."],
  paused: ["S", "octagon-pause", "Door paused", "The supervisor paused this door. Ask the guest to wait."],
  over: ["S", "calendar-x", "Session over", "Ended at 10:05."],
  cancelled: ["S", "ticket-x", "Booking cancelled", "Send them to the help desk."],
  revoked: ["S", "ticket-x", "Old ticket", "A newer one was sent. Ask for the latest e-mail."],
  expired: ["S", "ticket-x", "Ticket expired", "Valid until 12 May. Send them to the help desk."],
  early: ["S", "ticket-x", "Not valid yet", "Valid from 23 May. Send them to the help desk."],
  unknown: ["S", "user-search", "Unknown ticket", "Not on this desk's guest list. Find the name, or add a walk-in."],
  newticket: ["A", "badge-check", "New ticket", "A real ticket, not on this list yet. Let them in."],
  forged: ["S", "ban", "Not our ticket", "Not issued by FieldConf 2026. Stay friendly; ask for the e-mail."],
  other: ["S", "ban", "Other event", "Ask for the ticket for FieldConf 2026."],
  practiceonly: ["S", "graduation-cap", "Practice only", "This is a real ticket. Nobody was let in."],
  notticket: ["N", "circle-question-mark", "Not a ticket", "This is another kind of code."],
  turned: ["N", "user-x", "Turned away", "Noted. Send them to the help desk."],
  back: ["R", "undo-2", "Taken back", "That no longer counts. Let them in?"],
  family: ["G", "circle-check-big", "Come in", "Let them through."],
  party: ["G", "circle-check-big", "Come in", "Let them through, all 4."],
  left: ["O", "log-out", "Goodbye", "Checked out."],
  comeandgo: ["N", "history", "Already in", "Let in at Desk 2 at 10:02. Ask if they have been inside."],
  nobodyout: ["N", "user-search", "Not checked out", "Nobody can be checked out by this code. Find the name, or let them pass."],
  notcounted: ["N", "log-out", "Let them pass", "Guests of this session come and go; nobody is counted out."],
  notsaved: ["F", "save-off", "Not saved", "Not checked in: this desk's disk is full. Use another desk; call the supervisor."],
};

describe("every card says what the specification says", () => {
  for (const [name, expected] of Object.entries(TABLE)) {
    it(name, () => expect(words(CARDS[name] as CardView)).toEqual(expected));
  }
});

describe("solid green", () => {
  it("stands for a committed let-in and for nothing else", () => {
    for (const [name, view] of Object.entries(CARDS)) {
      expect(cardModel(view, around()).class === "G", name).toBe(view.outcome.kind === "let_in");
    }
  });

  it("never stands for a commit that failed, whatever the verdict was", () => {
    for (const view of Object.values(CARDS)) {
      const failed: CardView = { ...view, outcome: { kind: "not_saved", problem: "other" } };
      expect(cardModel(failed, around()).class).toBe("F");
    }
  });
});

describe("words that depend on more than the verdict", () => {
  it("waiting for places ends after three seconds", () => {
    expect(words(CARDS["asking"] as CardView, { now: NOW + ASKING_MS })[3]).toBe("None free; call the supervisor.");
  });

  it("an older let-in at this desk names the time", () => {
    const view = card({ kind: "already_in", at_ms: NOW - 300_000, desk: "Desk 3", here: true });
    expect(words(view)[3]).toBe("Let in at this desk at 10:09. Ask if they have been inside.");
  });

  it("a desk without a name is another desk", () => {
    const view = card({ kind: "already_in", at_ms: NOW - 300_000, desk: "", here: false });
    expect(words(view)[3]).toBe("Let in at another desk at 10:09. Ask if they have been inside.");
  });

  it("nothing is offered in words that no button offers", () => {
    const view = card({ kind: "not_registered", booked: null });
    expect(words(view)[3]).toBe("On the guest list, not for this session. Call the supervisor.");
    const back = card({ kind: "registered" }, { outcome: { kind: "taken_back" } });
    expect(words(back)[0]).toBe("N");
  });

  it("a booking on another day has its date", () => {
    const view = card({ kind: "not_registered", booked: { name: "Workshop", room: "", starts_ms: NOW + 86_400_000 } }, { actions: ["let_in_anyway"] });
    expect(words(view)[3]).toBe("Booked for Workshop, 22 May, 10:14. Send them there, or let them in.");
  });

  it("knowledge is told as it was at the scan", () => {
    const know = (view: CardView, over: Partial<Around> = {}): string => {
      const message = cardModel(view, around(over)).know;
      return message ? text("en", message) : "";
    };
    expect(know(card({ kind: "registered" }))).toBe("Checked with the other desks 4 s ago");
    expect(know(card({ kind: "registered" }), { link: { kind: "offline", since_ms: NOW, why: "no_answer" } })).toBe("Other desks not heard since 10:14");
    expect(know(card({ kind: "registered" }, { others_ms: null }))).toBe("Other desks not heard yet");
    expect(know(CARDS["unknown"] as CardView)).toBe("");
  });
});

describe("a guest's note", () => {
  const noted = (name: string): CardView => ({ ...(CARDS[name] as CardView), guest: { ...(CARDS.ok as CardView).guest!, note: "Needs the lift" } });
  const model = (card: CardView): CardModel => cardModel(card, around());

  it("is the line where the desk asks because of it, and stands beside every other line", () => {
    expect(model(noted("ready"))).toMatchObject({ line: { note: "Needs the lift" }, note: null });
    for (const name of ["ok", "ask", "already", "full"]) expect(model(noted(name)).note, name).toBe("Needs the lift");
  });

  it("is gone when the guest has left the desk", () => {
    for (const name of ["turned", "back"]) expect(model(noted(name)).note, name).toBeNull();
  });
});

describe("a guest's flags", () => {
  const flagged = (name: string, over: Partial<GuestView> = {}): CardView => ({ ...(CARDS[name] as CardView), guest: { ...(CARDS.ok as CardView).guest!, flags: ["Speaker", "Minor"], ...over } });
  const model = (card: CardView, over: Partial<Around> = {}): CardModel => cardModel(card, around(over));

  it("stand on every card while the guest does, in the organiser's order, behind the desk's own", () => {
    for (const name of ["ok", "ready", "ask", "already", "full", "notsaved"]) expect(model(flagged(name)).flags, name).toEqual([{ name: "Speaker" }, { name: "Minor" }]);
    expect(model(flagged("ready", { attention: true })).flags).toEqual([{ key: "card.attention" }, { name: "Speaker" }, { name: "Minor" }]);
    for (const name of ["turned", "back", "left"]) expect(model(flagged(name)).flags, name).toEqual([]);
    expect(model(CARDS["unknown"] as CardView).flags).toEqual([]);
  });

  it("give the line where the organiser wrote none", () => {
    expect(model(flagged("ready")).line).toEqual({ key: "card.registered.flagged" });
    expect(model(flagged("ready", { attention: true })).line).toEqual({ key: "card.registered.attention" });
    expect(model(flagged("ready", { note: "Needs the lift", attention: true })).line).toEqual({ note: "Needs the lift" });
  });

  it("are no words where guests see the screen", () => {
    const hidden = model(flagged("ready", { attention: true }), { namesHidden: true });
    expect(hidden.flags).toEqual([{ key: "card.attention" }, null]);
    expect(model(flagged("ready"), { namesHidden: true }).line).toEqual({ key: "card.registered.flag_hidden" });
    expect(model(CARDS["ready"] as CardView, { namesHidden: true }).flags).toEqual([]);
  });
});

describe("how long a card stays", () => {
  it("follows its class, and no name stays longer than 30 s by itself", () => {
    const stays = Object.fromEntries(Object.entries(CARDS).map(([name, view]) => [name, stayMs(view)]));
    expect(stays).toMatchObject({ ok: 5_000, ready: 30_000, ask: 30_000, full: 20_000, already: 20_000, turned: 5_000, left: 5_000, back: 30_000, notsaved: null });
    for (const [name, stay] of Object.entries(stays)) if (name !== "notsaved") expect(stay, name).toBeLessThanOrEqual(30_000);
  });
});

describe("a new card", () => {
  it("is one with another id, outcome or verdict; shown again it is the same", () => {
    const open = CARDS["ready"] as CardView;
    expect(cardKey({ ...open, again: true, others_ms: null })).toBe(cardKey(open));
    expect(cardKey({ ...open, outcome: { kind: "let_in" } })).not.toBe(cardKey(open));
    expect(cardKey({ ...open, id: "v2" })).not.toBe(cardKey(open));
    expect(cardKey({ ...open, session: "Another" }), "chosen for another session").not.toBe(cardKey(open));
  });
});

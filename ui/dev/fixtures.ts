// Made-up views for the harness and the tests. Nothing of this reaches the windows that ship.

import { UNKNOWN_DESKS } from "../supervisor/model/names";
import type { BoardLog, BoardSession, BoardStation, CameraControl, CameraView, CardView, DeskView, DoneRow, GuestView, HelpView, LessonStep, MessageView, OrderView, PracticeView, ReadyView, RecentRow, SessionView, SupervisorView, VerdictView } from "../bindings/usher";

/** 21 May 2026, 10:14 in Berlin. */
export const NOW = Date.UTC(2026, 4, 21, 8, 14, 20);
const MIN = 60_000;

export const ANA: GuestView = { id: "p1", name: "Ana Gómez de la Fuente", organisation: "Institut Català de Recerca", kind: "Full pass", note: "", flags: [], attention: false };

export function session(over: Partial<SessionView> = {}): SessionView {
  return { id: "s1", name: "Opening keynote", room: "Hall A", starts_ms: NOW - 14 * MIN, ends_ms: NOW + 46 * MIN, phase: { kind: "open" }, capacity: 300, re_entry: false, pause_words: "", ...over };
}

/** What only a supervisor's PIN lets in on. */
const REFUSED: readonly VerdictView["kind"][] = ["session_full", "grant_empty", "seats_held", "session_not_open", "session_paused", "session_ended", "cancelled", "revoked", "expired"];

export function card(verdict: VerdictView, over: Partial<CardView> = {}): CardView {
  return {
    id: "v1", verdict, outcome: { kind: "open" }, guest: ANA, session: "Opening keynote", choices: [], unchosen: false, at_ms: NOW, late_min: null, held: false, actions: REFUSED.includes(verdict.kind) ? ["supervisor"] : [], others_ms: NOW - 4_000, party: 0, let_in_by: null, again: false, place: null, ...over,
  };
}

const recent = (id: string, name: string, minutes: number, what: RecentRow["what"] = "let_in"): RecentRow => ({ id, name, at_ms: NOW - minutes * MIN, what });

/** Help that nobody called. */
export const HELP: HelpView = { phone: "+34 600 123 456", asked: null };

/** A supervisor's message. */
function message(text: string, over: Partial<MessageView> = {}): MessageView {
  return { id: text, urgent: false, text, comes: false, refused: null, at_ms: NOW - MIN, more: 0, ...over };
}
const LONG_WORDS = "The fire alarm in Hall B was a test and is over. Guests of the keynote may come back by door 3 only, two at a time, with their badges; whoever left a bag finds it at the help desk beside the stairs. Doors of the other rooms stay as they are. Thank you for being so calm today, all!";
const CAMERA: CameraView = { state: "running", name: "Webcam", two_codes: false, unread: false, devices: ["Webcam"], missing: false, controls: [] };
const control = (kind: CameraControl["kind"], over: Partial<CameraControl> = {}): CameraControl => ({ kind, min: 0, max: 1, step: 1, value: 0, active: true, ...over });

export function view(over: Partial<DeskView> = {}): DeskView {
  return {
    phase: { kind: "door" },
    event: { name: "FieldConf 2026", time_zone: "Europe/Berlin" },
    desk: "Desk 3",
    initials: "MK",
    sessions: [
      session({ id: "s0", name: "Breakfast", room: "Garden", starts_ms: NOW - 120 * MIN, ends_ms: NOW - 40 * MIN, phase: { kind: "ended", ended_ms: NOW - 35 * MIN }, capacity: null }),
      session(),
      session({ id: "s2", name: "Maps without servers", room: "Hall B", capacity: 260 }),
      session({ id: "s3", name: "Type clinic", room: "Studio 1", starts_ms: NOW + 60 * MIN, ends_ms: NOW + 120 * MIN, phase: { kind: "scheduled", opens_ms: NOW + 45 * MIN }, capacity: 60 }),
      session({ id: "s4", name: "Rust at the edge: what we learned from ten thousand badge printers", room: "Hall C", starts_ms: NOW + 60 * MIN, ends_ms: NOW + 120 * MIN, phase: { kind: "scheduled", opens_ms: NOW + 45 * MIN } }),
    ],
    session: "s1",
    also: [],
    door: "fast_door",
    names_hidden: false,
    out: false,
    link: { kind: "online" },
    learning: false,
    waiting: 0,
    list: { people: 1200, synced_ms: NOW - 4_000, complete: true },
    places: { kind: "left", left: 14, target: 20 },
    room: { inside: 231, capacity: 300, held: 0, as_of_ms: NOW - 4_000 },
    clock: { now_ms: NOW, skew_ms: 0 },
    recent: [
      recent("r1", "Ana Gómez", 0), recent("r2", "Yusuf Işık", 1), recent("r3", "Ольга Ким", 1, "undecided"),
      recent("r4", "محمد علي", 2), recent("r5", "प्रिया नायर", 2, "turned_away"), recent("r6", "Sören Öström", 3),
    ],
    camera: CAMERA,
    camera_set: { device: null, mirror: false, values: [] },
    card: null,
    practice: null,
    lesson_offered: false,
    ready: null,
    order: null,
    left_open: null,
    held_scan: null,
    not_saved: null,
    badges: { set: { printer: null, on_let_in: false, size: "event" }, waiting: 0, failed: null, event: { width_mm: 90, height_mm: 54, drawn: "as_said" } },
    scanner: null,
    attended: "volunteer", pins: true, settings_open: true,
    message: null, help: HELP,
    ...over,
  };
}

const BOOKED: VerdictView = { kind: "not_registered", booked: { name: "Maps without servers", room: "Hall B", starts_ms: NOW - 14 * MIN } };
const MAX: GuestView = { ...ANA, name: "Maximiliane Oberländer-Szczepański", kind: "Day ticket", organisation: "Technische Hochschule Mittelfranken" };
const HARD: GuestView = { ...ANA, name: "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Maximiliane Alexandrina", organisation: "Internationale Gesellschaft für angewandte Ticketkunde" };

/** What a desk did, in every way that a line can tell. */
export const DONE: readonly DoneRow[] = ([["Ana Gómez", "let_in", true], ["Yusuf Işık", "turned_away", true], ["محمد علي", "let_in", true], ["प्रिया नायर", "taken_back", false], ["", "turned_away", true], ["Maximiliane Oberländer-Szczepański", "checked_out", true], ["Sören Öström", "let_in", false]] as const)
  .map(([name, what, undo], at) => ({ id: `d${at}`, name, at_ms: NOW - at * 7 * MIN, what, undo, session: at < 4 ? "Opening keynote" : "Rust at the edge: what we learned from ten thousand badge printers", waiting: at < 2 }));

/** A check before opening in which nobody did anything yet. */
export const READY: ReadyView = { camera_read: false, scanner_read: false, disk_free: 64_000_000_000, battery: { percent: 88, plugged: true }, printer: null };

/** The made-up tickets. */
export const PRACTICE: PracticeView = {
  lesson: null,
  tickets: ([["Ana Ejemplo", "booked"], ["Yusuf Örnek", "already_in"], ["Mia Muster", "not_booked"], ["José Modelo", "note"], ["Priya Namuna", "family"], ["مثال علي", "flag"], ["Tom Sample", "cancelled"], ["Eva Beispiel", "expired"], ["", "unknown"]] as const)
    .map(([name, kind], at) => ({ code: `PRACTICE-0${at}`, name, kind })),
};

/** Sessions to choose from on a card. */
const CHOICES: CardView["choices"] = [
  { id: "s1", name: "Opening keynote", room: "Hall A" }, { id: "s2", name: "Rust at the edge: what we learned from ten thousand badge printers", room: "Hall C" },
];

/** Flags as long as they may be, in each language. */
const FLAGS: Record<string, string[]> = {
  en: ["Wheelchair, lift at door", "Speaker, opens Hall B 9h"],
  de: ["Rollstuhl, Lift Nordtor", "Vortrag, Saal B, früh da"],
  es: ["Silla de ruedas, patio 3", "Ponente, abre la sala B"],
  tr: ["Tekerlekli sandalye, A 3", "Konuşmacı, B salonu 9.30"],
  hi: ["व्हीलचेयर, लिफ़्ट पास है", "वक्ता, हॉल बी खोलेंगे"],
  ar: ["كرسي متحرك، مصعد الشمال", "متحدث، يفتح القاعة باء"],
};

/** Every card by a short name. */
export const CARDS: Record<string, CardView> = {
  ok: card({ kind: "registered" }, { outcome: { kind: "let_in" }, actions: ["undo"], late_min: 14 }),
  which: card({ kind: "registered" }, { unchosen: true, choices: CHOICES, actions: ["turn_away"] }),
  whichnone: card({ kind: "not_registered", booked: null }, { guest: { ...ANA, note: "Speaker: badge at the desk." }, unchosen: true, choices: [...CHOICES, { id: "s3", name: "Type clinic", room: "Studio 1" }], actions: ["turn_away"] }),
  whichelse: card({ kind: "registered" }, { choices: CHOICES.slice(1), actions: ["let_in", "turn_away"] }),
  again: card({ kind: "registered" }, { outcome: { kind: "let_in" }, actions: ["undo"], again: true }),
  ready: card({ kind: "registered" }, { actions: ["let_in", "turn_away"] }),
  kept: card({ kind: "registered" }, { held: true, outcome: { kind: "let_in" }, actions: ["undo"] }),
  flagged: card({ kind: "registered" }, { guest: { ...ANA, note: "Give the speaker badge, then let them in." }, actions: ["let_in", "turn_away"] }),
  ...Object.fromEntries(Object.entries(FLAGS).map(([language, flags]) => [`flags${language}`, card({ kind: "registered" }, { guest: { ...ANA, flags }, late_min: 14, actions: ["let_in", "turn_away"] })])),
  flagsmost: card(BOOKED, { guest: { ...MAX, flags: [...(FLAGS["en"] ?? []), ...(FLAGS["ar"] ?? [])] }, late_min: 14, actions: ["let_in_anyway", "turn_away"] }),
  flagin: card({ kind: "registered" }, { guest: { ...ANA, flags: ["VIP"] }, outcome: { kind: "let_in" }, actions: ["undo"] }),
  flagfull: card({ kind: "session_full", capacity: 300 }, { guest: { ...ANA, flags: ["VIP"] } }),
  looktwice: card({ kind: "registered" }, { guest: { ...ANA, attention: true }, actions: ["let_in", "turn_away"] }),
  ask: card(BOOKED, { guest: MAX, actions: ["let_in_anyway", "turn_away"] }),
  hard: card(BOOKED, { guest: HARD, late_min: 14, actions: ["let_in_anyway", "turn_away"] }),
  asknone: card({ kind: "not_registered", booked: null }, { actions: ["let_in_anyway", "turn_away"] }),
  already: card({ kind: "already_in", at_ms: NOW - 12 * MIN, desk: "Desk 2", here: false }, { actions: ["supervisor", "check_out", "let_back_in"] }),
  justnow: card({ kind: "already_in", at_ms: NOW - 40_000, desk: "Desk 3", here: true }, { actions: ["supervisor", "check_out", "let_back_in"] }),
  comeandgo: card({ kind: "already_in", at_ms: NOW - 12 * MIN, desk: "Desk 2", here: false }, { actions: ["supervisor", "let_back_in"] }),
  left: card({ kind: "already_in", at_ms: NOW - 12 * MIN, desk: "Desk 2", here: false }, { outcome: { kind: "checked_out" }, actions: ["undo"], late_min: 14 }),
  nobodyout: card({ kind: "unknown_ticket" }, { guest: null, outcome: { kind: "nobody_out" } }),
  notcounted: card({ kind: "already_in", at_ms: NOW - 12 * MIN, desk: "Desk 2", here: false }, { outcome: { kind: "not_counted" } }),
  full: card({ kind: "session_full", capacity: 300 }),
  fullask: card({ kind: "session_full", capacity: 300 }, { actions: ["ask_place"] }),
  placetold: card({ kind: "session_full", capacity: 300 }, { place: { at_ms: NOW - 20_000, told: true, refused: null } }),
  placeno: card({ kind: "grant_empty", online: true, optimistic: false }, { place: { at_ms: NOW - 20_000, told: true, refused: "Try again at noon" } }),
  empty: card({ kind: "grant_empty", online: false, optimistic: false }, { guest: { ...ANA, name: "Yusuf Işık" } }),
  asking: card({ kind: "grant_empty", online: true, optimistic: false }),
  overlimit: card({ kind: "grant_empty", online: false, optimistic: true }, { actions: ["let_in_anyway", "turn_away"] }),
  held: card({ kind: "seats_held", until_ms: NOW + 6 * MIN }),
  heldstill: card({ kind: "seats_held", until_ms: null }),
  notopen: card({ kind: "session_not_open", opens_ms: NOW + 12 * MIN }),
  paused: card({ kind: "session_paused" }),
  over: card({ kind: "session_ended", ended_ms: NOW - 9 * MIN }),
  cancelled: card({ kind: "cancelled" }),
  revoked: card({ kind: "revoked" }),
  expired: card({ kind: "expired", from_ms: null, until_ms: NOW - 9 * 1440 * MIN }),
  early: card({ kind: "expired", from_ms: NOW + 2 * 1440 * MIN, until_ms: null }),
  unknown: card({ kind: "unknown_ticket" }, { guest: null, actions: ["find", "walk_in"] }),
  walkin: card({ kind: "not_registered", booked: null }, { guest: { ...ANA, organisation: "", kind: "Walk-in" }, outcome: { kind: "let_in" }, actions: ["undo"] }),
  walkinwaits: card({ kind: "grant_empty", online: true, optimistic: false }, { guest: { ...ANA, organisation: "", kind: "Walk-in" }, actions: ["undo"] }),
  newticket: card({ kind: "signed_unknown" }, { guest: { ...ANA, name: "", organisation: "" }, actions: ["let_in_anyway", "turn_away"] }),
  forged: card({ kind: "forged" }, { guest: null }),
  other: card({ kind: "other_event" }, { guest: null }),
  practiceonly: card({ kind: "practice_only" }, { guest: null }),
  notticket: card({ kind: "not_a_ticket" }, { guest: null }),
  turned: card(BOOKED, { outcome: { kind: "turned_away" }, actions: ["undo"] }),
  back: card({ kind: "registered" }, { outcome: { kind: "taken_back" }, actions: ["let_in"] }),
  notsaved: card({ kind: "registered" }, { outcome: { kind: "not_saved", problem: "disk_full" }, actions: ["let_in"] }),
  family: card({ kind: "registered" }, { outcome: { kind: "let_in" }, actions: ["undo", "whole_order"] }),
  byword: card({ kind: "session_full", capacity: 300 }, { outcome: { kind: "let_in" }, actions: ["undo"], let_in_by: "Maria Fernanda" }),
  party: card({ kind: "registered" }, { outcome: { kind: "let_in" }, actions: ["undo", "whole_order"], party: 4 }),
  readyfamily: card({ kind: "registered" }, { actions: ["let_in", "turn_away", "whole_order"] }),
  alreadyfamily: card({ kind: "already_in", at_ms: NOW - 12 * MIN, desk: "Desk 2", here: false }, { actions: ["supervisor", "check_out", "let_back_in", "whole_order"] }),
  arabic: card({ kind: "registered" }, { outcome: { kind: "let_in" }, actions: ["undo"], late_min: 14, guest: { ...ANA, name: "عبد الرحمن بن خالد الأنصاري", kind: "تذكرة كاملة", organisation: "" } }),
  hindi: card({ kind: "registered" }, { outcome: { kind: "let_in" }, actions: ["undo"], guest: { ...ANA, name: "विश्वनाथन चक्रवर्ती श्रीनिवास", kind: "पूरा पास", organisation: "" } }),
};

/** An order of five, one of them in already, as many ticked as there are places. */
export function order(left: number): OrderView {
  const guests = ([["Ana Gómez de la Fuente", "in"], ["Bruno Gómez", "booked"], ["Carla Gómez de la Fuente y Martínez de Irujo", "booked"], ["Diego Gómez", "booked"], ["Elena Gómez", "not_booked"]] as const)
    .map(([name, status], at) => ({ person: `o${at}`, name, kind: "Full pass", status, ticked: status === "booked" && at <= left, can: status === "booked" }));
  return { card: "v1", order: "4F7K", guests, needs: guests.filter((guest) => guest.ticked).length, places: { kind: "left", left, target: 20 }, changed: false };
}

const OFFLINE: Partial<DeskView> = {
  link: { kind: "offline", since_ms: NOW - 12 * MIN, why: "no_answer" }, waiting: 7, room: { inside: 231, capacity: 300, held: 0, as_of_ms: NOW - 12 * MIN },
};

/** A step of the first minute, with this card. */
export function lesson(step: LessonStep, done: boolean, shown: CardView | null = null): DeskView {
  return view({ practice: { ...PRACTICE, lesson: { step, done } }, card: shown, recent: [], waiting: 0 });
}

/** Every screen by a short name. */
export const SCREENS: Record<string, DeskView> = {
  door: view(),
  offline: view(OFFLINE),
  closedsettings: view({ ...OFFLINE, settings_open: false }),
  locked: view({ ...OFFLINE, attended: "nobody", recent: [], card: null, settings_open: false }),
  kiosk: view({ attended: "guest", recent: [], card: null, settings_open: false }),
  noplaces: view({ ...OFFLINE, places: { kind: "left", left: 0, target: 20 } }),
  kept: view({ places: { kind: "left", left: 0, target: 20 }, room: { inside: 268, capacity: 300, held: 32, as_of_ms: NOW - 4_000 } }),
  learning: view({ learning: true }),
  learningempty: view({ learning: true, places: { kind: "left", left: 0, target: 20 } }),
  over: view({ places: { kind: "left", left: 0, target: 20 }, room: { inside: 303, capacity: 300, held: 0, as_of_ms: NOW - 4_000 } }),
  badge: view({ badges: { set: { printer: "Brother_QL-820NWB", on_let_in: true, size: "w62_h29" }, waiting: 0, failed: { id: "r1", name: "Ana Gómez de la Fuente", why: { kind: "needs_care" }, more: 2 }, event: null } }),
  badgeplain: view({ badges: { set: { printer: "Brother_QL-820NWB", on_let_in: true, size: "event" }, waiting: 0, failed: null, event: { width_mm: 100, height_mm: 150, drawn: "last_plain" } } }),
  few: view({ places: { kind: "left", left: 4, target: 20 } }),
  nolimit: view({ places: { kind: "no_limit" }, room: { inside: 42, capacity: null, held: 0, as_of_ms: NOW }, door: "ask_first" }),
  heldscan: view({ held_scan: "Yusuf Işık" }),
  leftopen: view({ left_open: { id: "v0", name: "Ana Gómez de la Fuente", action: "let_in", at_ms: NOW } }),
  unsaved: view({ not_saved: { name: "Ana Gómez", problem: "disk_full" } }),
  slow: view({ clock: { now_ms: NOW, skew_ms: 58 * MIN } }),
  scheduled: view({ sessions: [session({ phase: { kind: "scheduled", opens_ms: NOW + 12 * MIN } })] }),
  pausedwords: view({ sessions: [session({ phase: { kind: "paused" }, pause_words: LONG_WORDS })] }),
  message: view({ message: message("Ten minutes to go. Keep the aisle clear.", { more: 2 }) }),
  messagelong: view({ message: message(LONG_WORDS) }),
  messageurgent: view({ message: message("Stop. Nobody goes in until I call again.", { urgent: true }) }),
  urgentlong: view({ message: message(LONG_WORDS, { urgent: true, more: 1 }), held_scan: "Yusuf Işık" }),
  comes: view({ message: message("Maria Fernández", { comes: true }), help: { ...HELP, asked: { at_ms: NOW - 60_000, told_ms: NOW - 58_000, comes: "Maria Fernández" } } }),
  noplaceanswer: view({ message: message("Try again at noon", { refused: "Ana Gómez de la Fuente" }) }),
  helpcalled: view({ help: { ...HELP, asked: { at_ms: NOW - 20_000, told_ms: NOW - 20_000, comes: null } } }),
  helpwaits: view({ ...OFFLINE, help: { ...HELP, asked: { at_ms: NOW - 20_000, told_ms: null, comes: null } } }),
  helpnophone: view({ ...OFFLINE, help: { phone: "", asked: null } }),
  pausedroom: view({ sessions: [session({ phase: { kind: "paused" } })] }),
  nocamera: view({ camera: { ...CAMERA, state: "none" } }),
  forbidden: view({ camera: { ...CAMERA, state: "forbidden" } }),
  cameras: view({
    camera: {
      ...CAMERA, name: "Logitech HD Pro Webcam C920", devices: ["Integrated Camera: Integrated C", "Logitech HD Pro Webcam C920", "Logitech HD Pro Webcam C920 (2)"],
      controls: [control("light"), control("auto_exposure"), control("exposure", { min: 3, max: 2_047, value: 250 }), control("brightness", { max: 255, value: 128 }), control("auto_focus", { value: 1 }), control("focus", { max: 250, step: 5, active: false })],
    },
    camera_set: { device: "Logitech HD Pro Webcam C920", mirror: true, values: [{ camera: "Logitech HD Pro Webcam C920", kind: "auto_exposure", value: 0 }] },
  }),
  cameragone: view({ camera: { ...CAMERA, name: "Integrated Camera: Integrated C", devices: ["Integrated Camera: Integrated C"], missing: true }, camera_set: { device: "Logitech HD Pro Webcam C920", mirror: false, values: [] } }),
  unread: view({ camera: { ...CAMERA, unread: true } }),
  two: view({ camera: { ...CAMERA, two_codes: true } }),
  out: view({ out: true, recent: [recent("r0", "Ana Gómez", 0, "checked_out"), ...view().recent.slice(1)] }),
  outoffline: view({ ...OFFLINE, out: true }),
  hiddenflags: view({ names_hidden: true, card: CARDS["flagsen"] ?? null }),
  hidden: view({ names_hidden: true, left_open: { id: "v0", name: "Ana Gómez de la Fuente", action: "let_in", at_ms: NOW } }),
  practice: view({ practice: PRACTICE }),
  offered: view({ lesson_offered: true, recent: [] }),
  lessonhelp: lesson("help", true),
  scannerfast: view({ scanner: { prefix: "~", tail: "#", end: "enter", gap_ms: 12 } }),
  scannerslow: view({ scanner: { prefix: "", tail: "", end: "nothing", gap_ms: 62 } }),
  lessonfirst: { ...lesson("welcome", false, CARDS["ready"]), door: "ask_first" },
  lessonwelcome: lesson("welcome", true, CARDS["ok"]),
  lessonask: lesson("ask", true, CARDS["already"]),
  lessonanyway: lesson("anyway", false, CARDS["asknone"]),
  lessondone: lesson("anyway", true, { ...(CARDS["asknone"] as CardView), outcome: { kind: "let_in" }, actions: ["undo"] }),
  ready: view({ scanner: { prefix: "~", tail: "", end: "enter", gap_ms: 12 }, ready: { ...READY, camera_read: true, printer: { kind: "good" } }, badges: { set: { printer: "Brother_QL-820NWB", on_let_in: true, size: "event" }, waiting: 0, failed: null, event: null } }),
  notready: view({ ...OFFLINE, ready: { ...READY, disk_free: 150_000_000, battery: { percent: 12, plugged: false }, printer: { kind: "problem", why: { kind: "needs_care" } } }, badges: { set: { printer: "Brother_QL-820NWB", on_let_in: true, size: "event" }, waiting: 0, failed: null, event: null }, places: { kind: "left", left: 0, target: 20 }, camera: { ...CAMERA, state: "none" }, clock: { now_ms: NOW, skew_ms: 58 * MIN } }),
  order: view({ order: order(14) }),
  orderfew: view({ places: { kind: "left", left: 2, target: 20 }, order: order(2) }),
  fresh: view({ recent: [] }),
  connect: view({ phase: { kind: "connect" }, event: null, desk: "", sessions: [], session: null }),
  loading: view({ phase: { kind: "loading", loaded: 740, total: 1200 } }),
  start: view({ phase: { kind: "start" } }),
  several: view({ also: ["s2", "s3"], card: CARDS["ok"] ?? null }),
  elsewhere: view({ phase: { kind: "open_elsewhere" }, event: null, sessions: [] }),
  broken: view({ phase: { kind: "broken", problem: "disk_full" }, event: null, sessions: [] }),
};

export function boardSession(over: Partial<BoardSession> = {}): BoardSession {
  return {
    id: "b1", name: "Opening keynote", room: "Hall A", starts_ms: NOW - 14 * MIN, ends_ms: NOW + 46 * MIN, opens_ms: NOW - 29 * MIN, state: "open", set: "scheduled", hand_out_all: false, hold_seats: false, held_until_ms: null, re_entry: false, pause_words: "", capacity: 300,
    inside: 231, occupied: 231, unsettled: 0, over_grant: 0, pending: 0, outstanding: 56, held: 0, worst: 287, grantable: 13, awaited: [], logs: [], ...over,
  };
}

/** A log that may still use places. */
export function log(station: string, name: string, outstanding: number, last_contact_ms: number | null = NOW - 2_000, awaited = false): BoardLog {
  return { station, epoch: "00000000000000a7", name, outstanding, awaited, last_contact_ms };
}

export function station(over: Partial<BoardStation> = {}): BoardStation {
  return { id: "d1", name: "Desk 1", initials: "Omar", session: "b1", last_contact_ms: NOW - 2_000, waiting: 0, skew_ms: 120, places: 22, recent: 20, asks: null, ...over };
}

export function supervisorView(over: Partial<SupervisorView> = {}): SupervisorView {
  return {
    connected: true,
    link: { kind: "online" },
    now_ms: NOW,
    board: {
      event: "FieldConf 2026", time_zone: "Europe/Berlin", at_ms: NOW - 1_000,
      sessions: [
        boardSession(),
        boardSession({ id: "b2", name: "Maps without servers", room: "Hall B", capacity: 260, inside: 214, occupied: 216, unsettled: 2, outstanding: 29, worst: 245, grantable: 15, pending: 7, logs: [log("d3", "Desk 3", 15), log("d7", "Desk 7", 14, NOW - 12 * MIN)] }),
        boardSession({ id: "b3", name: "Rust at the edge", room: "Hall C", inside: 303, occupied: 303, over_grant: 3, outstanding: 9, worst: 312, grantable: -12 }),
        boardSession({ id: "b4", name: "Type clinic", room: "Studio 1", capacity: 60, inside: 57, occupied: 57, outstanding: 3, worst: 60, grantable: 0, hold_seats: true, logs: [log("d7", "Desk 7", 3, NOW - 12 * MIN)] }),
        boardSession({ id: "b5", name: "Open space", room: "Garden", capacity: null, inside: 42, occupied: 42, outstanding: 0, worst: 42, grantable: null }),
        boardSession({ id: "b6", name: "Printing badges", room: "Lab 2", capacity: 80, state: "scheduled", opens_ms: NOW + 61 * MIN, starts_ms: NOW + 76 * MIN, inside: 0, occupied: 0, outstanding: 20, worst: 20, grantable: 60 }),
        boardSession({ id: "b7", name: "Breakfast", room: "Canteen", state: "ended", capacity: 400, inside: 388, occupied: 388, outstanding: 0, worst: 388, grantable: 12 }),
      ],
      stations: [
        station(),
        station({ id: "d2", name: "Desk 2", initials: "Lena", waiting: 30, recent: 45, places: 19 }),
        station({ id: "d3", name: "Desk 3", initials: "MK", session: "b2", skew_ms: -34_000, places: 14, recent: 30 }),
        station({ id: "d4", name: "Desk 4", initials: "Priya", session: "b3", places: 4, recent: 12 }),
        station({ id: "d7", name: "Desk 7", initials: "Jonas", session: "b4", last_contact_ms: NOW - 12 * MIN, waiting: 6, places: 5, recent: 0 }),
      ],
      messages: [
        { id: "m3", at_ms: NOW - 2 * MIN, by: "Ines", to: null, session: null, urgent: true, text: "Doors stay open ten minutes longer. Let everybody in who is in the line.", comes: false, refuses: false, read: 3, unread: ["Desk 4", "Desk 7"] },
        { id: "m2", at_ms: NOW - 9 * MIN, by: "Ines", to: "Desk 2", session: null, urgent: false, text: "Ines", comes: true, refuses: false, read: 1, unread: [] },
        { id: "m1", at_ms: NOW - 20 * MIN, by: "Omar", to: null, session: "b2", urgent: false, text: "The speaker is late. Offer water.", comes: false, refuses: false, read: 1, unread: [] },
      ],
      merges: [{ station: "e0", epoch: "00000000000000a1", seq: 41, stays: "Ana Gómez", same: "Anna Gomez" }],
      incidents: [
        { id: "i2", kind: "double_admission", session_id: "b2", session: "Maps without servers", person: "Ana Gómez", over_by: null, records: [{ station: "Desk 2", at_ms: NOW - 12 * MIN }, { station: "Desk 5", at_ms: NOW - 10 * MIN }] },
        { id: "i1", kind: "over_capacity", session_id: "b3", session: "Rust at the edge", person: null, over_by: 3, records: [{ station: "Desk 4", at_ms: NOW - 3 * MIN }] },
      ],
    },
    ...over,
  };
}

const calm = supervisorView();
const RESTORED = {
  id: "i9", kind: "server_restored", session_id: null, session: null, person: null, over_by: null, records: [{ station: "Server", at_ms: NOW - 6 * MIN }],
} as const;
const ASKING = calm.board && {
  ...calm.board,
  stations: calm.board.stations.map((s) => {
    if (s.id === "d3") return { ...s, asks: { help_ms: NOW - 40_000, place: null } };
    return s.id === "d4" ? { ...s, asks: { help_ms: null, place: { at_ms: NOW - 15_000, session: "b3", guest: "Ana Gómez de la Fuente" } } } : s;
  }),
  sessions: calm.board.sessions.map((s) => (s.id === "b2" ? { ...s, state: "paused" as const, set: "paused" as const, pause_words: "The stage is being cleared." } : s)),
};
/** Every board by a short name. */
export const BOARDS: Record<string, SupervisorView> = {
  board: supervisorView(),
  asking: { ...calm, board: ASKING },
  olderserver: { ...calm, board: calm.board && { ...calm.board, messages: null } },
  calm: { ...calm, board: calm.board && { ...calm.board, incidents: [], stations: calm.board.stations.filter((s) => s.id !== "d7"), sessions: calm.board.sessions.filter((s) => s.id !== "b3") } },
  learning: {
    ...calm,
    board: calm.board && {
      ...calm.board,
      incidents: [{ ...RESTORED, records: [...RESTORED.records] }],
      sessions: calm.board.sessions.map((s) => (s.id === "b2" ? { ...s, grantable: 0, awaited: ["Desk 2", "Desk 7"], logs: [log("d2", "Desk 2", 5, NOW - 9 * MIN, true), log("d7", "Desk 7", 0, null, true), log("d3", "Desk 3", 15)] } : s)),
    },
  },
  unknown: {
    ...calm,
    board: calm.board && {
      ...calm.board,
      incidents: [{ ...RESTORED, records: [...RESTORED.records] }],
      sessions: calm.board.sessions.map((s) => ({ ...s, grantable: 0, awaited: [UNKNOWN_DESKS], logs: [{ ...log(UNKNOWN_DESKS, UNKNOWN_DESKS, 0, null, true), epoch: "0000000000000000" }] })),
    },
  },
  many: { ...calm, board: calm.board && { ...calm.board, stations: Array.from({ length: 14 }, (_, n) => station({ id: `m${n}`, name: `Desk ${n + 1}`, recent: n * 5, last_contact_ms: NOW - n * 20_000 })) } },
  stale: supervisorView({ link: { kind: "offline", since_ms: NOW - 4 * MIN, why: "no_answer" }, now_ms: NOW + 4 * MIN }),
  nodesks: { ...calm, board: calm.board && { ...calm.board, incidents: [], stations: [], sessions: calm.board.sessions.map((s) => ({ ...s, inside: 0, occupied: 0, outstanding: 0, worst: 0, unsettled: 0, pending: 0, state: "scheduled" as const, opens_ms: NOW + 30 * MIN, grantable: s.capacity })) } },
  connect: supervisorView({ connected: false, board: null }),
  waiting: supervisorView({ board: null }),
};

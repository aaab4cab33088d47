// Every place that a person can come to, by a short name: what is shown, and what is pressed to get there.
// Cards, screens and boards are taken as the fixtures have them; panels must be named here, or the types do not agree.

import type { Panel } from "../desk/model/panels";
import type { Asked } from "../supervisor/model/decisions";
import { TEST_CODE } from "../desk/model/scanner-test";
import { BOARDS, CARDS, SCREENS } from "./fixtures";

/** One thing that a person does, or waits to see (a selector); `closing` is the window's own cross, `keys` a scan that ends with Enter. */
export type Step = { press: string } | { type: string; into: string } | { see: string } | { closing: true } | { keys: string };

/** A place. */
export interface Place {
  /** The name of a screen, or of a board. */
  screen: string;
  card?: string;
  steps?: readonly Step[];
  /** What the made-up program answers otherwise, as in the harness's address. */
  flags?: readonly string[];
}

const press = (...ids: string[]): Step[] => ids.map((id) => ({ press: id }));
const door = (...ids: string[]): Place => ({ screen: "offline", steps: press(...ids) });
const finding = (text: string, see: string): Place => ({ screen: "door", steps: [{ type: text, into: "find" }, { see: `[data-testid="find-panel"] ${see}` }] });
const CONNECTING: readonly Step[] = [
  { type: "https://usher.fieldconf.example", into: "connect-address" }, { type: "K7QF-3MXP", into: "connect-code" }, { press: "connect-go" }, { see: '[data-testid="connect-refused"]' },
];

const wrote = (...fields: [field: string, words: string][]): Step[] => [{ press: "footer-walk-in" }, ...fields.map(([field, type]) => ({ type, into: `walk-in-${field}` })), { see: '[data-testid="walk-in-alike-0"]' }];
const NAMED = [["first", "Ana"], ["last", "Gómez"]] as [string, string][];
const REFUSED: readonly Step[] = [{ press: "walk-in-go" }, { see: '[data-testid="walk-in-problem"]' }];

const PANELS: Record<Exclude<Panel, "none">, Place> = {
  menu: door("menu"),
  walk_in: door("footer-walk-in"),
  badges: door("menu", "menu-badges"),
  find: finding("gom", ".row"),
  undo: door("menu", "menu-done"),
  order: { screen: "order" },
  save: door("menu", "menu-save"),
  check: door("menu", "menu-check"),
  settings: door("menu", "menu-settings"),
  shift: door("menu", "menu-shift"),
  supervisor: { screen: "offline", card: "full", steps: press("action-supervisor") },
  pin: { screen: "closedsettings", steps: press("menu", "menu-settings") },
  leave_kiosk: { screen: "kiosk", steps: press("kiosk-leave") },
  ready: { screen: "ready" },
  scanner: door("menu", "menu-settings", "settings-scanner"),
  help: { screen: "door", steps: press("help") },
  message: { screen: "messagelong", steps: press("strip-read") },
  closing: { screen: "offline", steps: [{ closing: true }] },
};

/** What a panel becomes when something is done in it. */
const DEEPER: Record<string, Place> = {
  supervisorwrong: { screen: "offline", card: "full", steps: [...press("action-supervisor", "pin-2", "pin-5", "pin-8", "pin-0", "supervisor-go"), { see: '[data-testid="pin-problem"]' }], flags: ["wrongpin"] },
  unlockwrong: { screen: "locked", steps: [...press("pin-2", "pin-5", "pin-8", "pin-0", "unlock"), { see: '[data-testid="pin-problem"]' }], flags: ["wrongpin"] },
  closinglocked: { screen: "locked", steps: [{ closing: true }, { see: '[data-testid="strip"]' }] },
  closingkiosk: { screen: "kiosk", steps: [{ closing: true }, { see: '[data-testid="kiosk-pin"] .lead' }] },
  badgespin: { screen: "closedsettings", steps: [...press("menu", "menu-badges", "badge-when-each"), { see: '[data-testid="pin-panel"]' }] },
  kioskin: { screen: "kiosk", card: "ok" },
  kioskask: { screen: "kiosk", card: "full" },
  kiosknotopen: { screen: "kiosk", card: "notopen" },
  practicemenu: { screen: "practice", steps: press("menu") },
  settingsscanner: { screen: "scannerslow", steps: press("menu", "menu-settings") },
  scannerknown: { screen: "scannerfast", steps: press("menu", "menu-settings", "settings-scanner") },
  scannerslow: { screen: "scannerslow", steps: press("menu", "menu-settings", "settings-scanner") },
  scannercount: { screen: "offline", steps: [...press("menu", "menu-settings", "settings-scanner"), { keys: TEST_CODE }, { keys: TEST_CODE }] },
  scannerother: { screen: "offline", steps: [...press("menu", "menu-settings", "settings-scanner"), { keys: "K7QF3MXP" }] },
  undowhy: door("menu", "menu-done", "undo-row-0"),
  saved: door("menu", "menu-save", "save-go"),
  savefault: { ...door("menu", "menu-save", "save-go"), flags: ["nosave"] },
  differs: { ...door("menu", "menu-check"), flags: ["wrong", "newer"] },
  findmore: finding("g", "h1"),
  findnone: finding("zz", ".lead"),
  walkinalike: { screen: "offline", steps: wrote(...NAMED) },
  walkinfault: { screen: "offline", steps: [...wrote(...NAMED, ["email", "ana at example"]), ...REFUSED], flags: ["held=Yusuf Işık"] },
  walkinnotnow: { screen: "offline", steps: [...wrote(...NAMED), ...REFUSED], flags: ["notnow"] },
  startalso: { screen: "start", steps: press("also-s2", "also-s3") },
  badgesplain: { screen: "badgeplain", steps: press("menu", "menu-badges") },
  cameras: { screen: "cameras", steps: press("menu", "menu-settings") },
  cameragone: { screen: "cameragone", steps: press("menu", "menu-settings") },
  cameraforbidden: { screen: "forbidden", steps: press("menu", "menu-settings") },
  badgesfound: { screen: "badge", steps: press("menu", "menu-badges", "badge-save") },
  badgesnone: { ...door("menu", "menu-badges"), flags: ["noprinter"] },
  refused: { screen: "connect", steps: CONNECTING },
  helptold: { screen: "helpcalled", steps: press("help") },
  helpoffline: { screen: "helpwaits", steps: press("help") },
  helpnobody: { screen: "helpnophone", steps: press("help") },
  helpplace: { screen: "door", card: "fullask", steps: press("help") },
};

const room = (...ids: string[]): Place => ({ screen: "board", steps: press("manage-b2", ...ids) });
const item = (id: string, ...ids: string[]): Place => ({ screen: "board", steps: press("settle-show", `item-${id}`, ...ids) });
const people = (...steps: Step[]): Place => ({ screen: "board", steps: [{ press: "people" }, ...steps] });
const found: readonly Step[] = [{ type: "gom", into: "people-search" }, { press: "person-choose-0" }, { press: "person-choose-1" }];

/** Each decision, as its confirmation stands. */
const ASKED: Record<Asked["kind"], Place> = {
  state: room("door-paused"),
  capacity: room("ask-capacity"),
  hand_out: room("ask-hand-out"),
  hold_seats: room("ask-hold"),
  re_entry: room("ask-re-entry"),
  settle: room("settle-b2-d7"),
  resolve: item("i2", "choice-one-person"),
  message: { screen: "board", steps: press("messages", "message-all") },
  give: { screen: "asking", steps: press("desk-d4-give") },
  refuse: { screen: "asking", steps: press("desk-d4-refuse") },
  merge: people(...found, { press: "ask-merge" }),
  split: people({ press: "split-41" }),
};

/** What else the board opens. */
const OPENED: Record<string, Place> = {
  room: room(),
  double: item("i2"),
  over: item("i1"),
  learnt: { screen: "learning", steps: press("settle-show") },
  learningroom: { screen: "learning", steps: press("manage-b2") },
  people: people(),
  chosen: people(...found),
  refusal: { ...room("door-paused", "decide-go"), flags: ["refuse"] },
  comerefused: { screen: "asking", steps: [...press("desk-d3-come"), { see: '[data-testid="told"][data-refused="true"]' }], flags: ["refuse"] },
  messages: { screen: "board", steps: press("messages") },
  oldmessages: { screen: "olderserver", steps: press("messages") },
  pausedroom: { screen: "asking", steps: press("manage-b2") },
  urgent: { screen: "board", steps: press("messages", "message-all", "urgent-urgent") },
  refusedhere: { screen: "connect", steps: CONNECTING },
};

const named = <From>(kind: string, all: Record<string, From>, place: (name: string, value: From) => Place): Record<string, Place> =>
  Object.fromEntries(Object.entries(all).map(([name, value]) => [`${kind}:${name}`, place(name, value)]));
const itself = (_: string, place: Place): Place => place;

/** Every place of the desk window. */
export const DESK_PLACES: Record<string, Place> = {
  ...named("card", CARDS, (card) => ({ screen: "offline", card })),
  ...named("screen", SCREENS, (screen) => ({ screen })),
  ...named("panel", PANELS, itself),
  ...named("panel", DEEPER, itself),
};

/** Every place of the supervisor window. */
export const SUPERVISOR_PLACES: Record<string, Place> = {
  ...named("board", BOARDS, (screen) => ({ screen })),
  ...named("asked", ASKED, itself),
  ...named("opened", OPENED, itself),
};

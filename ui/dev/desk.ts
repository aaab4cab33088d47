// The desk window on made-up views: ?card=ok or ?screen=offline, with theme, lang, panel, find. Decisions work.
import "../shared/locale-guard";
import "../shared/base.css";
import { flushSync, mount, unmount } from "svelte";
import type { CardView, DeskView, FindRow } from "../bindings/usher";
import type { DeskApi } from "../shared/api";
import { remember } from "../shared/settings";
import { drive } from "./drive";
import { heard, note } from "./hand";
import { faults } from "./faults";
import { expose } from "./harness";
import { measure } from "./measures";
import { DESK_PLACES } from "./places";
import { ANA, CARDS, DONE, lesson, order, PRACTICE, READY, SCREENS } from "./fixtures";

const query = new URLSearchParams(location.search);
remember("theme", query.get("theme") ?? "light");
remember("language", query.get("lang") ?? "en");
const { default: App } = await import("../desk/App.svelte");

const wanted = query.get("card");
const base = SCREENS[query.get("screen") ?? (wanted ? "offline" : "door")] ?? SCREENS["door"];
let view: DeskView = { ...(base as DeskView), card: (wanted && CARDS[wanted]) || null };
if (wanted && query.has("online")) view = { ...view, link: { kind: "online" }, waiting: 0 };
let hear: (view: DeskView) => void = () => undefined;
let askClosing: () => void = () => undefined;
const push = (): DeskView => (hear(view), view);
const become = (over: Partial<CardView>): CardView => {
  view = { ...view, card: { ...(view.card as CardView), ...over } };
  push();
  return view.card as CardView;
};
let holding = false;
/** The cards of those who come next; after them everybody is let in. */
const arrivals: string[] = [];
const rows: FindRow[] = [
  ["Gómez, Ana", "Institut Català", "4F7K", "booked"], ["Gomes, Beatriz", "Rede Norte", "A91C", "booked"], ["Gomułka, Jan", "Politechnika", "77QD", "in"],
  ["Gómez Ruiz, Íñigo", "Cooperativa Sur", "4F7K", "not_booked"], ["Gombosi, Kálmán", "", "B20X", "cancelled"], ["van Gom, Fleur", "Open Kaart", "M3RT", "booked"],
].map(([name, organisation, order, status], at) => ({ guest: { ...ANA, id: `g${at}`, name: name ?? "", organisation: organisation ?? "" }, order: order ?? "", status: status as FindRow["status"], near: at > 3 }));

function answer(name: string, args: Record<string, unknown>): unknown {
  note(name, args);
  switch (name) {
    case "look": return view;
    case "find": return { rows: String(args["text"]).startsWith("z") ? [] : rows, more: String(args["text"]).startsWith("gom"), code: String(args["text"]).toUpperCase() === "K7QF3MXP" ? "K7QF3MXP" : null };
    case "scan": if (holding) { view = { ...view, held_scan: "Yusuf Işık" }; push(); return null; } view = { ...view, card: { ...(CARDS[arrivals.shift() ?? "ok"] as CardView), id: String(Math.random()) } }; push(); return view.card;
    case "open": view = { ...view, card: { ...(CARDS["ready"] as CardView), id: String(Math.random()) } }; push(); return view.card;
    case "accept": return become({ outcome: { kind: "let_in" }, actions: ["undo"] });
    case "check_out": become({ outcome: { kind: "checked_out" }, actions: ["undo"] }); return { kind: "checked_out", name: "Ana" };
    case "let_back_in": return become({ outcome: { kind: "let_in" }, actions: ["undo"] });
    case "set_out": view = { ...view, out: args["out"] === true, card: null }; return push();
    case "turn_away": return become({ outcome: { kind: "turned_away" }, actions: ["undo"] });
    case "undo": return view.card ? become({ outcome: { kind: "taken_back" }, actions: ["let_in"] }) : null;
    case "order": view = { ...view, order: order(14) }; return push();
    case "tick": return push();
    case "admit_order": view = { ...view, order: null, card: { ...(CARDS["party"] as CardView), id: String(Math.random()) } }; return push();
    case "close_order": view = { ...view, order: null }; return push();
    case "done": return { rows: DONE, more: args["before"] === null };
    case "hold_scans": holding = args["held"] === true; view = { ...view, held_scan: holding ? query.get("held") : null }; return push();
    case "walk_in":
      if (query.has("notnow")) return { kind: "not_now", verdict: { kind: "session_full", capacity: 300 } };
      if (String(args["email"]).includes(" ")) return { kind: "invalid", why: "email" };
      view = { ...view, card: { ...(CARDS["walkin"] as CardView), id: String(args["form"]) } }; push(); return { kind: "added", card: view.card };
    case "close": view = { ...view, card: null }; return push();
    case "override": return query.has("wrongpin") ? { kind: "pin", why: { kind: "wrong", wait_ms: 4_000 } } : { kind: "decided", card: become({ outcome: { kind: "let_in" }, actions: ["undo"], let_in_by: "Maria" }) };
    case "unlock": case "open_settings":
      if (query.has("wrongpin")) return { kind: "wrong", wait_ms: 4_000 };
      view = { ...view, attended: "volunteer", settings_open: true }; push(); return { kind: "opened" };
    case "lock": view = { ...view, attended: "nobody", card: null, recent: [] }; return push();
    case "kiosk": view = { ...view, attended: "guest", card: null, recent: [] }; return push();
    case "close_settings": view = { ...view, settings_open: false }; return push();
    case "set_door": view = { ...view, door: args["mode"] as DeskView["door"] }; return push();
    case "practice": view = { ...view, practice: args["on"] === true ? PRACTICE : null, card: null }; return push();
    case "learn": view = args["go"] === "end" ? { ...view, practice: null, lesson_offered: false, card: null } : lesson("welcome", true, CARDS["ok"]); return push();
    case "know_code": return (args["readings"] as string[]).find((reading) => reading === "K7QF3MXP") ?? null;
    case "set_scanner": view = { ...view, scanner: args["set"] as DeskView["scanner"] }; return push();
    case "ready": view = { ...view, ready: args["open"] === true ? READY : null }; return push();
    case "set_camera": view = { ...view, camera_set: args["set"] as DeskView["camera_set"] }; return push();
    case "set_names": view = { ...view, names_hidden: args["hidden"] === true }; return push();
    case "leave": view = { ...view, phase: { kind: "start" }, card: null }; return push();
    case "start": view = { ...view, phase: { kind: "door" }, session: String(args["session"]) }; return push();
    case "also": view = { ...view, also: args["sessions"] as string[] }; return push();
    case "choose": return become({ outcome: { kind: "let_in" }, actions: ["undo"], choices: [], unchosen: false });
    case "save_places": return { waiting: view.waiting, places: [{ path: "/media/desk/USHER STICK", kind: "stick" }, { path: "/home/desk/Dokumente", kind: "documents" }, { path: "/home/desk", kind: "home" }, { path: "/home/desk/.local/share/usher/saved", kind: "desk" }] };
    case "save_log": return query.has("nosave") ? Promise.reject({ kind: "store", problem: "disk_full" }) : { path: `${String(args["place"])}/desk-3.usherlog`, entries: 412, waiting: view.waiting };
    case "check": return { entries: 1204, unread: query.has("newer") ? 3 : 0, differences: query.has("wrong") ? [{ session: "Opening keynote", shown: { inside: 231, occupied: 231, unsettled: 0, over_grant: 0 }, counted: { inside: 233, occupied: 234, unsettled: 1, over_grant: 0 } }] : [] };
    case "rebuild": return { entries: 1204, unread: 0, differences: [] };
    case "printers": return query.has("noprinter") ? { names: [], unanswered: false } : { names: ["Brother_QL-820NWB", "Zebra_ZD421"], unanswered: false };
    case "set_printer": view = { ...view, badges: { ...view.badges, set: args["set"] as DeskView["badges"]["set"] } }; push(); return "set";
    case "print": case "print_test": view = { ...view, badges: { ...view.badges, waiting: 1, failed: null } }; return push();
    case "message_read": view = { ...view, message: null }; return push();
    case "help": view = { ...view, help: { ...view.help, asked: args["on"] === true ? { at_ms: view.clock.now_ms, told_ms: null, comes: null } : null } }; return push();
    case "ask_place": become({ actions: [], place: { at_ms: view.clock.now_ms, told: false, refused: null } }); return view;
    case "print_seen": view = { ...view, badges: { ...view.badges, failed: null } }; return push();
    case "save_badge": return { kind: "saved", path: `${String(args["place"])}/ana.pdf` };
    case "connect": return { kind: "refused", why: query.get("why") ?? "code_used" };
    default: return { serving: true, waiting: 7 };
  }
}

const api: DeskApi = {
  call: (name, args) => Promise.resolve(answer(name, args as Record<string, unknown>) as never),
  onView: (to) => { hear = to; return Promise.resolve(() => undefined); },
  watchCamera: () => Promise.resolve(),
  onConnected: (to) => { if (query.has("seen")) setTimeout(() => to({ kind: "refused", why: (query.get("seen") || "code_used") as never }), 50); return Promise.resolve(() => undefined); },
  onScanFailed: () => Promise.resolve(() => undefined),
  onClosing: (to) => { askClosing = () => to({ serving: true, waiting: 7 }); if (query.has("closing")) setTimeout(askClosing, 50); return Promise.resolve(() => undefined); },
  closeDesk: () => Promise.resolve(),
};
const target = document.getElementById("app") ?? document.body;
let app = mount(App, { target, props: { api } });

if (query.has("harness")) {
  void expose({
    places: DESK_PLACES,
    begin(place) {
      flushSync(() => void unmount(app));
      for (const flag of [...query.keys()]) query.delete(flag);
      for (const [flag = "", value = ""] of (place.flags ?? []).map((words) => words.split("="))) query.set(flag, value);
      holding = false;
      view = { ...(SCREENS[place.screen] as DeskView), ...(place.card ? { card: CARDS[place.card] as CardView } : {}) };
      app = mount(App, { target, props: { api } });
    },
    closing: () => askClosing(),
    heard,
  });
}

if (query.has("drive")) {
  void drive({
    card(name) {
      view = { ...view, card: name === null ? null : { ...(CARDS[name] as CardView), id: String(Math.random()) } };
      push();
    },
    screen(name) {
      view = SCREENS[name] as DeskView;
      push();
    },
    closing: () => askClosing(),
  });
}

if (query.has("measure")) {
  void measure({
    show(over) {
      view = { ...view, ...over };
      push();
    },
    card: (name) => ({ ...(CARDS[name] as CardView), id: String(Math.random()) }),
    arrivals,
    heard,
  });
}

const click = (id: string): void => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.click();
setTimeout(() => {
  if (query.get("panel") === "menu") click("menu");
  (query.get("click")?.split(",") ?? []).forEach((id, at) => setTimeout(() => click(id), 100 + at * 120));
  if (query.get("panel") === "undo") click("footer-undo");
  if (query.get("panel") === "walk_in") {
    click("footer-walk-in");
    const fill = (id: string, text: string): void => {
      const input = document.querySelector<HTMLInputElement>(`[data-testid="walk-in-${id}"]`);
      if (!input) return;
      input.value = text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    };
    setTimeout(() => (["first", "last", "email"] as const).forEach((id) => query.has(id) && fill(id, query.get(id) ?? "")), 100);
    if (query.has("go")) setTimeout(() => click("walk-in-go"), 500);
  }
  const field = document.querySelector<HTMLInputElement>('[data-testid="find"]');
  if (query.has("find") && field) {
    field.focus();
    field.value = query.get("find") ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (query.has("why")) {
    for (const [id, text] of [["connect-address", "https://usher.fieldconf.example"], ["connect-code", "K7QF-3MXP"]] as const) {
      const input = document.querySelector<HTMLInputElement>(`[data-testid="${id}"]`);
      if (input) { input.value = text; input.dispatchEvent(new Event("input", { bubbles: true })); }
    }
    setTimeout(() => click("connect-go"), 50);
  }
}, 150);
setTimeout(() => (document.body.dataset["faults"] = JSON.stringify(faults())), 1200);

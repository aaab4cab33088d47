// *Doors ready*: each check as good, a warning, a stop, or still to be done, with words and what to do (UX sections 4 and 6). Pure.

import type { CameraState, DeskView, ReadyView } from "../../bindings/usher";
import { size, span, type Place } from "../../shared/format";
import { text, type Message } from "../../shared/messages";
import { badgeProblem } from "./badges";
import { scannerWords } from "./scanner-test";
import { SKEW_MAX_MS } from "./strips";

/** How a check stands; `todo`: a person has to do something for it. */
export type ReadyTone = "good" | "ask" | "stop" | "todo";

/** What a button beside a check does about it. */
export type Remedy = "unmute" | "badges" | "settings" | "help";

/** One check. */
export interface ReadyCheck {
  id: "server" | "list" | "places" | "clock" | "camera" | "code" | "scanner" | "sound" | "printer" | "disk" | "battery";
  tone: ReadyTone;
  words: Message;
  /** None: the words say all, or people do it with their hands. */
  remedy?: Remedy;
}

/** What was heard of the sound: nothing yet, or a person's answer. */
export type Heard = boolean | null;

const SKEW_ASK_MS = 30_000;
const LIST_AGE_MS = 600_000;
const DISK_ASK = 1_000_000_000;
const DISK_STOP = 200_000_000;
const BATTERY_ASK = 30;
const BATTERY_STOP = 15;

const CAMERA_WORDS: Record<CameraState, Message["key"]> = {
  off: "ready.camera_off", running: "ready.camera", none: "ready.camera_none", busy: "ready.camera_busy", forbidden: "ready.camera_forbidden",
  unplugged: "ready.camera_none", silent: "ready.camera_silent", failed: "ready.camera_failed",
};

function server(view: DeskView): ReadyCheck {
  if (view.link.kind === "online") return { id: "server", tone: "good", words: { key: "ready.server" } };
  return { id: "server", tone: "ask", words: { key: "ready.server_away" } };
}

function list(view: DeskView, now: number, place: Place): ReadyCheck {
  const count = view.list.people;
  if (!view.list.complete || view.list.synced_ms === null) return { id: "list", tone: "stop", words: { key: "ready.list_part" } };
  const age = now - view.list.synced_ms;
  const values = { count, span: text(place.language, span(age)) };
  return age > LIST_AGE_MS ? { id: "list", tone: "ask", words: { key: "ready.list_old", values } } : { id: "list", tone: "good", words: { key: "ready.list", values: { count } } };
}

function places(view: DeskView): ReadyCheck {
  if (view.places.kind === "no_limit") return { id: "places", tone: "good", words: { key: "ready.places_free" } };
  const count = view.places.left;
  return count > 0 ? { id: "places", tone: "good", words: { key: "ready.places", values: { count } } } : { id: "places", tone: "ask", words: { key: "ready.places_none" }, remedy: "help" };
}

function clock(view: DeskView, place: Place): ReadyCheck {
  const off = Math.abs(view.clock.skew_ms);
  if (off < SKEW_ASK_MS) return { id: "clock", tone: "good", words: { key: "ready.clock" } };
  return { id: "clock", tone: off > SKEW_MAX_MS ? "stop" : "ask", words: { key: "ready.clock_off", values: { span: text(place.language, span(off)) } } };
}

function camera(view: DeskView): ReadyCheck {
  const { state } = view.camera;
  const words = { key: CAMERA_WORDS[state] };
  if (state === "running") return { id: "camera", tone: "good", words };
  return { id: "camera", tone: "ask", words, ...(state !== "off" && { remedy: "settings" }) };
}

function code(ready: ReadyView): ReadyCheck {
  const read = ready.camera_read || ready.scanner_read;
  return read ? { id: "code", tone: "good", words: { key: ready.camera_read ? "ready.code_camera" : "ready.code_scanner" } } : { id: "code", tone: "todo", words: { key: "ready.code" } };
}

// A desk without a scanner is no worse for it: only one that was tested has a line.
function scanner(view: DeskView): ReadyCheck | null {
  return view.scanner && { id: "scanner", tone: "good", words: scannerWords(view.scanner) };
}

function sound(heard: Heard, muted: boolean): ReadyCheck {
  if (muted) return { id: "sound", tone: "ask", words: { key: "ready.sound_muted" }, remedy: "unmute" };
  if (heard === null) return { id: "sound", tone: "todo", words: { key: "ready.sound" } };
  return heard ? { id: "sound", tone: "good", words: { key: "ready.sound_heard" } } : { id: "sound", tone: "ask", words: { key: "ready.sound_not" } };
}

/** The badges' printer. It never stops the door, so it never stops the check. */
function printer(view: DeskView, ready: ReadyView): ReadyCheck | null {
  if (ready.printer === null) return null;
  const ask = (words: Message): ReadyCheck => ({ id: "printer", tone: "ask", words });
  const { waiting, failed } = view.badges;
  if (waiting > 0) return ask({ key: "badges.waiting", values: { count: waiting } });
  const problem = ready.printer.kind === "problem" ? ready.printer.why : failed?.why;
  if (problem) return { ...ask(badgeProblem(problem)), remedy: "badges" };
  return ready.printer.kind === "good" ? { id: "printer", tone: "good", words: { key: "ready.printer" } } : ask({ key: "ready.printer_asking" });
}

function disk(ready: ReadyView, place: Place): ReadyCheck | null {
  if (ready.disk_free === null) return null;
  const values = { size: size(ready.disk_free, place) };
  if (ready.disk_free < DISK_STOP) return { id: "disk", tone: "stop", words: { key: "ready.disk_low", values } };
  return { id: "disk", tone: ready.disk_free < DISK_ASK ? "ask" : "good", words: { key: ready.disk_free < DISK_ASK ? "ready.disk_low" : "ready.disk", values } };
}

function battery(ready: ReadyView): ReadyCheck | null {
  if (ready.battery === null) return null;
  const { percent, plugged } = ready.battery;
  if (plugged) return { id: "battery", tone: "good", words: { key: "ready.plugged", values: { n: percent } } };
  const tone = percent <= BATTERY_STOP ? "stop" : percent <= BATTERY_ASK ? "ask" : "good";
  return { id: "battery", tone, words: { key: tone === "good" ? "ready.battery" : "ready.battery_low", values: { n: percent } } };
}

/** Every check, in the order in which they are read. What the computer does not say is left out. */
export function readyChecks(view: DeskView, ready: ReadyView, around: { now: number; place: Place; heard: Heard; muted: boolean }): ReadyCheck[] {
  const { now, place, heard, muted } = around;
  const all = [code(ready), scanner(view), sound(heard, muted), server(view), list(view, now, place), places(view), clock(view, place), camera(view), printer(view, ready), disk(ready, place), battery(ready)];
  return all.filter((check) => check !== null);
}

/** How it all stands: ready, ready with warnings, or not ready. */
export function readyVerdict(checks: readonly ReadyCheck[]): "ready" | "ready_but" | "not_ready" {
  if (checks.some((check) => check.tone === "stop" || check.tone === "todo")) return "not_ready";
  return checks.some((check) => check.tone === "ask") ? "ready_but" : "ready";
}

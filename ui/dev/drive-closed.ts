// The hand where it may do little: at a locked desk, in self-service, before the PIN of the settings, beneath an urgent message.

import { BURST_MS } from "../desk/pin.svelte";
import { burst, CODE, chord, heard, part, press, scan, tap, wait, type Desktop, type Report } from "./hand";

const PIN = "2580";
/** Every key of the door that is no letter (UX section 3); F12 and Enter are pressed apart. */
const KEYS = ["F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9", "F11", " ", "Tab", "ArrowDown", "Escape"];
const CHORDS = ["e", "p", "z", "m", "l", "1", "2"];
const field = (): HTMLInputElement | null => part("pin");

/** Presses everything that a volunteer may press. */
async function everything(): Promise<void> {
  for (const key of KEYS) {
    press(key);
    await wait(60);
  }
  CHORDS.forEach(chord);
  await wait(60);
}

async function types(pin: string): Promise<void> {
  field()?.focus();
  await burst(pin, 130);
}

async function locked(desktop: Desktop, report: Report): Promise<void> {
  const show = async (): Promise<void> => {
    desktop.screen("locked");
    await wait(300);
    heard();
  };
  await show();
  await everything();
  report.calls("no key does anything at a locked desk");
  await types("25"); await scan(); await wait(250);
  report.calls("a scan at a locked desk is told, and asks for nothing");
  report.is("the strip says that the desk is locked", part("strip")?.dataset["kind"] === "notice", part("strip")?.dataset["kind"]);
  report.is("the lock's PIN keeps what was typed before a scan", field()?.value === "25", field()?.value);
  await show();
  tap("pin-erase"); await wait(500); tap("pin-erase"); await wait(500);
  await types(CODE); press("Enter"); await wait(150);
  report.calls("a slow scanner's code is no try at the PIN");
  report.is("a slow scanner's code leaves the PIN empty", field()?.value === "", field()?.value);
  desktop.closing(); await wait(60);
  report.is("closing a locked desk is answered in words", part("strip") !== null && part("closing-panel") === null, part("strip")?.textContent);
  await wait(BURST_MS); await types(PIN); press("Enter"); await wait(150);
  report.calls("Enter sends the PIN that unlocks", "unlock");
  await show(); await scan(); await types(PIN); press("Enter"); await wait(150);
  report.calls("a PIN typed at once behind a scan unlocks", "unlock");
}

async function selfService(desktop: Desktop, report: Report): Promise<void> {
  desktop.screen("kiosk");
  await wait(300);
  heard();
  await everything(); press("Enter"); await wait(100);
  report.calls("no key does anything in self-service");
  await scan(); await wait(300);
  report.calls("a guest's own scan is judged", `scan:scanner:${CODE}`);
  press(" "); press("Enter"); press("F9"); await wait(150);
  report.calls("no key decides about a guest's card");
  press("F12"); await wait(60); await types("25"); press("Escape"); await wait(60); press("F12"); await wait(60);
  report.is("the next PIN in self-service begins empty", part("kiosk-pin") !== null && field()?.value === "", field()?.value);
  tap("pin-2"); tap("pin-2"); await wait(60);
  report.is("two quick equal digits are two", field()?.value === "22", field()?.value);
  heard(); tap("pin-5"); tap("pin-8"); press("Enter"); await wait(150);
  report.calls("a PIN ends self-service", "unlock");
}

async function settings(desktop: Desktop, report: Report): Promise<void> {
  const show = async (): Promise<void> => {
    desktop.screen("closedsettings");
    await wait(300);
    tap("menu"); await wait(60);
    heard();
  };
  await show(); tap("menu-settings"); await wait(60); await types("25"); await scan(); await wait(300);
  report.calls("a scan closes the settings' PIN and goes to the desk", `scan:scanner:${CODE}`);
  report.is("no PIN stands over the scanned card", part("pin-panel") === null);
  await show(); tap("menu-settings"); await wait(60); await types(PIN); press("Enter"); await wait(150);
  report.calls("a PIN opens the settings", "open_settings");
  report.is("the settings stand", part("settings-panel") !== null);
  press("Escape"); await wait(60);
  report.calls("leaving the settings closes them", "close_settings");
  await show(); tap("menu-badges"); await wait(60); heard(); tap("badge-when-each"); await wait(60);
  report.is("what is set of the printer wants the PIN", part("pin-panel") !== null);
  await types(PIN); press("Enter"); await wait(150);
  report.is("after the PIN the badges stand again", part("badges-panel") !== null);
  report.calls("after the PIN the printer is set as was asked", "open_settings", "set_printer", "printers");
  press("Escape"); await wait(60);
}

async function urgent(desktop: Desktop, report: Report): Promise<void> {
  desktop.screen("messageurgent");
  await wait(300);
  heard();
  for (const id of ["footer-walk-in", "footer-undo", "help", "menu"]) tap(id);
  for (const key of KEYS.filter((key) => key !== "Escape" && key !== "F11" && key !== "Tab")) press(key);
  await wait(150);
  report.calls("no button and no key acts beneath an urgent message");
  press("Escape"); await wait(150);
  report.calls("Esc reads the message first", "message_read");
  report.is("nothing was opened beneath it", part("idle") !== null);
}

/** All of it, one after the other. */
export async function driveClosed(desktop: Desktop, report: Report): Promise<void> {
  await locked(desktop, report);
  await selfService(desktop, report);
  await settings(desktop, report);
  await urgent(desktop, report);
}

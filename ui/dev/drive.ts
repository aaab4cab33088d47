// Drives the desk in the harness (?drive) and writes what it asked for into the page: screens/hand.screens.ts reads it.
// Here the door; behind a PIN goes drive-closed.ts.

import { driveClosed } from "./drive-closed";
import { burst, heard, part, press, scan, wait, Report, type Desktop } from "./hand";

/** The steps, each with the calls that it must lead to. */
export async function drive(desktop: Desktop): Promise<void> {
  const report = new Report();
  const expectCalls = (step: string, ...wanted: string[]): void => report.calls(step, ...wanted);
  const show = async (card: string | null): Promise<void> => {
    desktop.card(card);
    await wait(300);
    heard();
  };
  const find = (): HTMLInputElement | null => part("find");

  await wait(400);
  await show("ready"); press(" "); await wait(150); expectCalls("Space lets a registered guest in", "accept");
  desktop.card("ready"); press(" "); await wait(120); expectCalls("Space in the first 250 ms does nothing");
  for (const card of ["ask", "already", "full", "overlimit", "unknown"]) {
    await show(card); press(" "); press("Enter"); press("Tab"); await wait(200); expectCalls(`Space, Enter and Tab never admit on ${card}`);
    (document.activeElement as HTMLElement | null)?.blur();
  }
  await show("notsaved"); press(" "); await wait(150); expectCalls("Space tries to save once more", "accept");
  await show("ask"); press("F2"); await wait(50); expectCalls("F2 lets in anyway", "accept:anyway");
  await show("ask"); press("F8"); await wait(50); expectCalls("F8 turns away", "turn_away");
  await show("already"); press("F2"); await wait(50); expectCalls("F2 lets back in", "let_back_in");
  await show("ok"); press("F9"); await wait(50); expectCalls("F9 takes back", "undo");
  await show("full"); press("Escape"); await wait(50); expectCalls("Esc clears the card", "close");
  await show("ask");
  const button = part("action-let_in_anyway");
  button?.focus(); press("Enter"); press(" "); await wait(150); expectCalls("a button with the focus is not pressed by Enter or Space");
  await show(null); await scan(); await wait(200); expectCalls("a scan on the stage", "scan:scanner:K7QF3MXP");
  await show(null); find()?.focus(); await scan(); await wait(200);
  expectCalls("a scan into the find field", "scan:scanner:K7QF3MXP");
  report.is("the find field keeps no stray letters", find()?.value === "", find()?.value);
  await show("ask"); button?.focus(); await scan(); await wait(200); expectCalls("a scan over a focused button", "scan:scanner:K7QF3MXP");
  await show(null); await burst("go", 130); await wait(400);
  report.is("typing anywhere searches", find()?.value === "go" && part("find-panel") !== null, find()?.value);
  press("ArrowDown"); press("Enter"); await wait(150); expectCalls("Enter opens the marked guest", "open");
  await show(null); await burst("k7qf3mxp", 120); press("Enter"); await wait(150); expectCalls("a typed code with Enter counts as a scan", "scan:typed:K7QF3MXP");
  await show("unknown"); press("F6"); await wait(150); expectCalls("F6 opens the walk-in form once scans are held", "hold_scans");
  const first = (): HTMLInputElement | null => part("walk-in-first");
  await burst("Quirin", 130); await scan(); await wait(250); expectCalls("a scan into the form goes to the desk", "scan:scanner:K7QF3MXP");
  report.is("the form stays open and keeps what was written", first()?.value === "Quirin" && document.activeElement === first(), first()?.value);
  press("Enter"); press("F9"); press("F8"); await wait(150); expectCalls("Enter, F8 and F9 do nothing in the form");
  press("Escape"); await wait(150); heard();
  await show("full"); press("F4"); await wait(200); expectCalls("F4 asks for a supervisor's PIN once scans are held", "hold_scans");
  const pin = (): HTMLInputElement | null => part("pin");
  await burst("25", 130); await scan(); await wait(250); expectCalls("a scan into the PIN goes to the desk", "scan:scanner:K7QF3MXP");
  report.is("the PIN keeps what was typed", pin()?.value === "25" && document.activeElement === pin(), pin()?.value);
  await burst("80", 130); press("Enter"); press(" "); await wait(150); expectCalls("Enter and Space let nobody in by a PIN");
  press("F2"); await wait(200); expectCalls("F2 lets in by a supervisor's word", "override", "hold_scans");
  await driveClosed(desktop, report);
  document.body.dataset["drive"] = JSON.stringify(report.results);
  window.dispatchEvent(new Event("usher-driven"));
}

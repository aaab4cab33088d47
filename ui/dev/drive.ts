// Drives the desk in the harness by key presses (?drive) and writes what the desk asked for into the page: screens/hand.screens.ts reads it.
// Key presses made by a script carry their real times, so the classifier and the guards see what they would see.

const calls: string[] = [];

/** Notes a call of the window. */
export function note(name: string, args: Record<string, unknown>): void {
  if (name === "look" || name === "find") return;
  calls.push(`${name}${name === "scan" ? `:${String(args["found"])}:${String((args["readings"] as string[])[0])}` : ""}${args["anyway"] === true ? ":anyway" : ""}`);
}

/** The calls since this was asked last, in order. */
export function heard(): string[] {
  return calls.splice(0);
}

/** Until so much time has passed, in ms. */
export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
const place = (key: string): string => (key === " " ? "Space" : /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : /^\d$/.test(key) ? `Digit${key}` : key);

/** Presses a key where the focus is; `when` is the time that it carries, in ms, where it is not now. */
export function press(key: string, when?: number): void {
  const event = new KeyboardEvent("keydown", { key, code: place(key), bubbles: true, cancelable: true, shiftKey: /^[A-Z]$/.test(key) });
  if (when !== undefined) Object.defineProperty(event, "timeStamp", { value: when });
  const passed = (document.activeElement ?? document.body).dispatchEvent(event);
  // What the key before proved may have moved the focus: the letter goes where it is now.
  const at = document.activeElement ?? document.body;
  if (passed && key.length === 1 && at instanceof HTMLInputElement) {
    at.value += key;
    at.dispatchEvent(new Event("input", { bubbles: true }));
  }
  at.dispatchEvent(new KeyboardEvent("keyup", { key, code: place(key), bubbles: true, cancelable: true }));
}

/** Types a text with exactly this rhythm, whatever else the machine does: the keys carry their times. */
export function rhythm(text: readonly string[], gapMs: number): void {
  const last = performance.now();
  text.forEach((key, at) => press(key, last - (text.length - 1 - at) * gapMs));
}

async function burst(text: string, gap: number): Promise<void> {
  for (const key of text) {
    press(key);
    await wait(gap);
  }
}

/** The steps, each with the calls that it must lead to. */
export async function drive(become: (card: string | null) => void): Promise<void> {
  const results: string[] = [];
  const expectCalls = (step: string, ...wanted: string[]): void => {
    const got = calls.splice(0).join(",");
    results.push(`${got === wanted.join(",") ? "ok" : "FAIL"} ${step}${got === wanted.join(",") ? "" : `: ${got} instead of ${wanted.join(",")}`}`);
  };
  const show = async (card: string | null): Promise<void> => {
    become(card);
    await wait(300);
    calls.length = 0;
  };
  const find = (): HTMLInputElement | null => document.querySelector('[data-testid="find"]');

  await wait(400);
  await show("ready"); press(" "); await wait(150); expectCalls("Space lets a registered guest in", "accept");
  become("ready"); press(" "); await wait(120); expectCalls("Space in the first 250 ms does nothing");
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
  const button = document.querySelector<HTMLButtonElement>('[data-testid="action-let_in_anyway"]');
  button?.focus(); press("Enter"); press(" "); await wait(150); expectCalls("a button with the focus is not pressed by Enter or Space");
  await show(null); await burst("K7QF3MXP", 8); press("Enter"); await wait(200); expectCalls("a scan on the stage", "scan:scanner:K7QF3MXP");
  await show(null); find()?.focus(); await burst("K7QF3MXP", 8); press("Enter"); await wait(200);
  expectCalls("a scan into the find field", "scan:scanner:K7QF3MXP");
  results.push(`${find()?.value === "" ? "ok" : "FAIL"} the find field keeps no stray letters`);
  await show("ask"); button?.focus(); await burst("K7QF3MXP", 8); press("Enter"); await wait(200); expectCalls("a scan over a focused button", "scan:scanner:K7QF3MXP");
  await show(null); await burst("go", 130); await wait(400);
  results.push(`${find()?.value === "go" && document.querySelector('[data-testid="find-panel"]') ? "ok" : "FAIL"} typing anywhere searches: ${find()?.value}`);
  press("ArrowDown"); press("Enter"); await wait(150); expectCalls("Enter opens the marked guest", "open");
  await show(null); await burst("k7qf3mxp", 120); press("Enter"); await wait(150); expectCalls("a typed code with Enter counts as a scan", "scan:typed:K7QF3MXP");
  await show("unknown"); press("F6"); await wait(150); expectCalls("F6 opens the walk-in form once scans are held", "hold_scans");
  const first = (): HTMLInputElement | null => document.querySelector('[data-testid="walk-in-first"]');
  await burst("Quirin", 130); await burst("K7QF3MXP", 8); press("Enter"); await wait(250); expectCalls("a scan into the form goes to the desk", "scan:scanner:K7QF3MXP");
  results.push(`${first()?.value === "Quirin" && document.activeElement === first() ? "ok" : "FAIL"} the form stays open and keeps what was written: ${first()?.value}`);
  press("Enter"); press("F9"); press("F8"); await wait(150); expectCalls("Enter, F8 and F9 do nothing in the form");
  press("Escape"); await wait(150); calls.length = 0;
  await show("full"); press("F4"); await wait(200); expectCalls("F4 asks for a supervisor's PIN once scans are held", "hold_scans");
  const pin = (): HTMLInputElement | null => document.querySelector('[data-testid="pin"]');
  await burst("25", 130); await burst("K7QF3MXP", 8); press("Enter"); await wait(250); expectCalls("a scan into the PIN goes to the desk", "scan:scanner:K7QF3MXP");
  results.push(`${pin()?.value === "25" && document.activeElement === pin() ? "ok" : "FAIL"} the PIN keeps what was typed: ${pin()?.value}`);
  await burst("80", 130); press("Enter"); press(" "); await wait(150); expectCalls("Enter and Space let nobody in by a PIN");
  press("F2"); await wait(200); expectCalls("F2 lets in by a supervisor's word", "override", "hold_scans");
  document.body.dataset["drive"] = JSON.stringify(results);
  window.dispatchEvent(new Event("usher-driven"));
}

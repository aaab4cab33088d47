// Ties the wedge classifier to a window: real key presses in, scans and lone keys out.

import { Wedge, type HeldKey, type Lone, type Maybe, type Sign } from "./wedge";
import type { ScannerSettings } from "../bindings/usher";
import type { Press } from "./wedge-run";

/** Who hears what the keys meant. */
export interface KeyHearer {
  scan(readings: string[]): void;
  text(text: string): void;
  /** The first reading that is a known code; asked of what a slow scanner or a quick person typed. */
  known(readings: string[]): Promise<string | null>;
  /** While the scanner is tested: the keys of a run. */
  run(presses: Press[]): void;
  /** A lone Space, Enter or Tab, with the time it was pressed. */
  press(key: HeldKey, shift: boolean, at: number): void;
  /** Any other key that is no text. */
  key(event: KeyboardEvent): void;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

/** A timer that comes this much late may have overtaken key presses: it waits for them once. */
const LATE_MS = 20;

function focusedField(): Field | null {
  const at = document.activeElement;
  if (at instanceof HTMLTextAreaElement) return at;
  return at instanceof HTMLInputElement && at.type !== "range" ? at : null;
}

// The field hears what kind of change it is, also where it let none of the burst stand: what it held before is not what somebody types.
function restore(field: Field | null, value: string): void {
  if (!field) return;
  field.value = value;
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "historyUndo" }));
}

function isChord(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
}

/** What a burst wrote goes out of the field again, and nothing that was written there since. */
function takeOut(field: Field | null, before: string, after: string): void {
  if (field?.value.startsWith(after)) restore(field, before + field.value.slice(after.length));
}

/** A window that is listened to. */
export interface Listening {
  stop(): void;
  /** What is known of the desk's scanner. */
  knows(scanner: ScannerSettings | null): void;
  /** Whether the scanner is being tested. */
  tests(testing: boolean): void;
}

/** Listens until it is stopped. */
export function listenForKeys(hearer: KeyHearer): Listening {
  const wedge = new Wedge();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const press = ({ key, shift, at }: Lone): void => hearer.press(key, shift, at);

  // A person's letters stand at once, in the order in which they were typed; only the key behind them waits for the answer.
  const weigh = async ({ readings, text, restore: before, end }: Maybe): Promise<void> => {
    const field = before === null ? null : focusedField();
    const after = field?.value ?? "";
    if (before === null && text) hearer.text(text);
    const code = await hearer.known(readings);
    if (code === null) return void (end && press(end));
    wedge.scanned(end?.at ?? performance.now());
    if (before !== null) takeOut(field, before, after);
    hearer.scan([...new Set([code, ...readings])]);
  };

  const tell = (signs: Sign[]): void => {
    for (const sign of signs) {
      if (sign.kind === "scan") {
        if (sign.restore !== null) restore(focusedField(), sign.restore);
        hearer.scan(sign.readings);
      } else if (sign.kind === "maybe") void weigh(sign.maybe);
      else if (sign.kind === "text") hearer.text(sign.text);
      else if (sign.kind === "run") hearer.run(sign.presses);
      else press(sign);
    }
  };

  const arm = (): void => {
    clearTimeout(timer);
    const deadline = wedge.deadline();
    if (deadline === null) return;
    timer = setTimeout(() => {
      const late = performance.now() - deadline > LATE_MS;
      timer = setTimeout(due, late ? LATE_MS : 0);
    }, Math.max(0, deadline - performance.now()));
  };

  const due = (): void => {
    const deadline = wedge.deadline();
    if (deadline !== null && performance.now() >= deadline) tell(wedge.tick(performance.now()));
    arm();
  };

  const down = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    tell(wedge.before(event.timeStamp));
    const answer = wedge.press({
      key: event.key,
      code: event.code,
      at: event.timeStamp,
      repeat: event.repeat,
      shift: event.shiftKey,
      chord: isChord(event),
      field: focusedField()?.value ?? null,
    });
    if (!answer.pass) event.preventDefault();
    tell(answer.signs);
    arm();
    if (answer.pass && (event.key.length > 1 || isChord(event))) hearer.key(event);
  };

  // A Space let go over a focused button would press it.
  const up = (event: KeyboardEvent): void => {
    if (!focusedField() && (event.key === " " || event.key === "Enter")) event.preventDefault();
  };

  window.addEventListener("keydown", down, true);
  window.addEventListener("keyup", up, true);
  return {
    stop: () => {
      clearTimeout(timer);
      window.removeEventListener("keydown", down, true);
      window.removeEventListener("keyup", up, true);
    },
    knows: (scanner) => (wedge.scanner = scanner),
    tests: (testing) => (wedge.testing = testing),
  };
}

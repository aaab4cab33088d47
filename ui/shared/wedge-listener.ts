// Ties the wedge classifier to a window: real key presses in, scans and lone keys out.

import { Wedge, type HeldKey, type Sign } from "./wedge";

/** Who hears what the keys meant. */
export interface KeyHearer {
  scan(readings: string[]): void;
  text(text: string): void;
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

function restore(field: Field | null, value: string): void {
  if (!field || field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function isChord(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
}

/** Listens until the returned function is called. */
export function listenForKeys(hearer: KeyHearer): () => void {
  const wedge = new Wedge();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tell = (signs: Sign[]): void => {
    for (const sign of signs) {
      if (sign.kind === "scan") {
        if (sign.restore !== null) restore(focusedField(), sign.restore);
        hearer.scan(sign.readings);
      } else if (sign.kind === "text") hearer.text(sign.text);
      else hearer.press(sign.key, sign.shift, sign.at);
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
  return () => {
    clearTimeout(timer);
    window.removeEventListener("keydown", down, true);
    window.removeEventListener("keyup", up, true);
  };
}

// A page with one text field, for the tests of the wedge classifier: recorded rhythms in, what would happen out.

import { usCharacter } from "./keyboard-layout";
import { Wedge, type Sign } from "./wedge";
import type { Press } from "./wedge-run";

/** The key's place on a US keyboard. */
export function place(character: string): { code: string; shift: boolean } {
  const codes = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((c) => `Key${c}`).concat([..."0123456789"].map((d) => `Digit${d}`));
  codes.push("Space", "Minus", "Equal", "BracketLeft", "BracketRight", "Semicolon", "Quote", "Comma", "Period", "Slash", "Backslash", "Backquote");
  for (const code of codes) for (const shift of [false, true]) if (usCharacter(code, shift) === character) return { code, shift };
  throw new Error(`no key for ${character}`);
}

/** A page with one text field: what the wedge lets through really happens. */
export class Page {
  readonly wedge = new Wedge();
  signs: Sign[] = [];
  field: string | null;
  now = 1_000;
  /** The codes that the desk knows. */
  known: readonly string[] = [];
  /** What the desk was asked about. */
  readonly asked: string[][] = [];
  /** Whether typed text moves the focus into a field. */
  readonly finds: boolean;

  constructor(field: string | null = null, finds = false) {
    this.field = field;
    this.finds = finds;
  }

  key(key: string, over: Partial<Press> = {}): boolean {
    this.#take(this.wedge.before(this.now));
    const known = [...key].length === 1 && !over.code ? place(key) : { code: over.code ?? key, shift: over.shift ?? false };
    const answer = this.wedge.press({ key, at: this.now, repeat: false, chord: false, field: this.field, ...known, ...over });
    this.#take(answer.signs);
    if (answer.pass && this.field !== null && [...key].length === 1) this.field += key;
    return answer.pass;
  }

  type(text: string, gap: number | ((at: number) => number)): void {
    [...text].forEach((character, at) => {
      if (at > 0) this.wait(typeof gap === "number" ? gap : gap(at));
      this.key(character);
    });
  }

  wait(ms: number): void {
    const end = this.now + ms;
    for (let due = this.wedge.deadline(); due !== null && due < end; due = this.wedge.deadline()) this.#take(this.wedge.tick(due));
    this.now = end;
  }

  #take(signs: Sign[]): void {
    for (const sign of signs.flatMap((one) => this.#weighed(one))) {
      this.signs.push(sign);
      if (sign.kind === "scan" && sign.restore !== null) this.field = sign.restore;
      // As the desk does: text typed with no field in focus goes on in the Find field, which takes the focus.
      else if (sign.kind === "text" && this.finds) this.field = (this.field ?? "") + sign.text;
    }
  }

  // As the listener does, with a desk that answers at once.
  #weighed(sign: Sign): Sign[] {
    if (sign.kind !== "maybe") return [sign];
    const { readings, text, restore, end } = sign.maybe;
    const code = readings.find((reading) => this.known.includes(reading));
    this.asked.push(readings);
    if (code !== undefined) return [{ kind: "scan", readings: [code], restore }];
    const typed: Sign[] = restore === null && text ? [{ kind: "text", text }] : [];
    return end ? [...typed, { kind: "press", ...end }] : typed;
  }

  /** What a person typed and the field did not get by itself. */
  text(): string {
    return this.signs.map((sign) => (sign.kind === "text" ? sign.text : sign.kind === "press" && sign.key === "Space" ? " " : "")).join("");
  }

  scans(): string[] {
    return this.signs.flatMap((sign) => (sign.kind === "scan" ? [sign.readings[0] ?? ""] : []));
  }

  presses(): string[] {
    return this.signs.flatMap((sign) => (sign.kind === "press" ? [sign.key] : []));
  }
}

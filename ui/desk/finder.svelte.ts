// The search: what was typed, who was found, which row is marked. Opening a guest never lets them in.

import { flushSync } from "svelte";
import type { FindRow } from "../bindings/usher";
import { CODE_LENGTH_MIN, FIND_LENGTH_MIN, looksLikeCode } from "./model/find";
import type { Desk } from "./state.svelte";

/** Pause after a letter before the search goes out, in ms. */
const PAUSE_MS = 120;

/** How long found names stay without a key, in ms: personal data leaves the screen. */
const STAY_MS = 30_000;

/** The find field's state; one per window. */
export class Finder {
  text = $state("");
  rows = $state.raw<FindRow[]>([]);
  marked = $state(0);
  searching = $state(false);
  /** The field on the page, once it is there. */
  field: HTMLInputElement | null = null;

  #desk: Desk;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #stay: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The text changed, by a person or because a scan took its letters back. */
  typed(text: string): void {
    this.text = text;
    clearTimeout(this.#pause);
    this.#linger();
    const wanted = text.trim();
    if (wanted.length < FIND_LENGTH_MIN) {
      this.#asked += 1;
      this.rows = [];
      this.searching = false;
      if (wanted === "" && this.#desk.panel === "find") this.#desk.panel = "none";
      else if (wanted !== "") this.#desk.panel = "find";
      return;
    }
    this.#desk.panel = "find";
    this.searching = true;
    this.#pause = setTimeout(() => void this.#ask(wanted), PAUSE_MS);
  }

  /** Letters typed with no field focused go on in the field. */
  takes(text: string): void {
    this.field?.focus();
    this.typed(this.text + text);
    // The next letter goes into the field by itself: these must stand there before it.
    flushSync();
  }

  /** Marks another row. */
  move(by: number): void {
    this.#linger();
    if (this.rows.length) this.marked = Math.min(this.rows.length - 1, Math.max(0, this.marked + by));
  }

  /** Enter: a typed code counts as a scan, otherwise the marked guest's card opens. */
  enter(): void {
    const code = this.text.trim();
    if (looksLikeCode(code, this.searching ? 1 : this.rows.length)) {
      this.clear();
      // Tickets print their codes in capitals; who types them may not. The reading that is known counts.
      void this.#desk.run("scan", { readings: [...new Set([code, code.toUpperCase()])], found: "typed" });
      return;
    }
    const row = this.rows[this.marked];
    if (row) this.open(row);
    else if (this.searching && code.length >= CODE_LENGTH_MIN) void this.#ask(code);
  }

  /** Opens a guest's card as if scanned. */
  open(row: FindRow): void {
    this.clear();
    void this.#desk.run("open", { person: row.guest.id });
  }

  /** Empties the field and closes its panel. */
  clear(): void {
    clearTimeout(this.#pause);
    clearTimeout(this.#stay);
    this.#asked += 1;
    this.text = "";
    this.rows = [];
    this.marked = 0;
    this.searching = false;
    this.field?.blur();
    if (this.#desk.panel === "find") this.#desk.panel = "none";
  }

  #linger(): void {
    clearTimeout(this.#stay);
    this.#stay = setTimeout(() => this.clear(), STAY_MS);
  }

  async #ask(text: string): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const rows = await this.#desk.run("find", { text });
    if (mine !== this.#asked) return;
    this.rows = rows ?? [];
    this.marked = 0;
    this.searching = false;
  }
}

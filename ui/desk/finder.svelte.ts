// The search: what was typed, who was found, which row is marked. Opening a guest never lets them in. Each letter asks at once.

import { flushSync } from "svelte";
import type { FindRow, FindView } from "../bindings/usher";
import { NAME_STAYS_MS } from "../shared/names";
import { Asking } from "./asking";
import { FIND_LENGTH_MIN, mayBeCode } from "./model/find";
import type { Desk } from "./state.svelte";

/** Silence after which a code that came with no field focused counts as a scan, in ms. */
const CODE_SILENCE_MS = 300;

/** The find field's state; one per window. */
export class Finder {
  text = $state("");
  rows = $state.raw<FindRow[]>([]);
  /** There are more than the rows. */
  more = $state(false);
  marked = $state(0);
  /** What is typed now has no answer yet. */
  searching = $state(false);
  /** The field on the page, once it is there. */
  field: HTMLInputElement | null = null;

  #desk: Desk;
  #stay: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #typedAt = 0;
  /** The text is a run that began with no field focused, and grew since. */
  #run = false;
  /** The known code that the text is, as it reads on the ticket. */
  #code: string | null = null;
  /** Enter was pressed before the answer came. */
  #entered = false;
  #asking: Asking;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#asking = new Asking(desk, (found) => this.#answered(found));
  }

  /** The text changed, by a person or because a scan took its letters back. */
  typed(text: string): void {
    this.#run &&= text.startsWith(this.text);
    this.text = text;
    this.#typedAt = performance.now();
    this.#unsettle();
    this.#linger();
    const wanted = text.trim();
    if (wanted === "" && this.#desk.panel === "find") this.#desk.panel = "none";
    else if (wanted !== "") this.#desk.open("find");
    this.searching = wanted.length >= FIND_LENGTH_MIN;
    if (this.searching) this.#asking.about(wanted);
    else this.#show([], false);
  }

  /** Letters typed with no field focused go on in the field. */
  takes(text: string): void {
    if (this.text === "") this.#run = true;
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

  /** Enter, once the answer is there: a known code counts as a scan, otherwise the marked guest's card opens. */
  enter(): void {
    if (this.searching) {
      this.#entered = true;
      return;
    }
    const text = this.text.trim();
    const row = this.rows[this.marked];
    if (this.#code !== null) this.#scan(this.#code);
    else if (row) this.open(row);
    // Nobody is called like this: that a code is unknown must be learnt too.
    else if (mayBeCode(text)) this.#scan(text);
  }

  /** Opens a guest's card as if scanned. */
  open(row: FindRow): void {
    this.clear();
    void this.#desk.run("open", { person: row.guest.id });
  }

  /** Empties the field and closes its panel. */
  clear(): void {
    clearTimeout(this.#stay);
    this.#unsettle();
    this.#run = false;
    this.text = "";
    this.#show([], false);
    this.searching = false;
    this.field?.blur();
    if (this.#desk.panel === "find") this.#desk.panel = "none";
  }

  #linger(): void {
    clearTimeout(this.#stay);
    this.#stay = setTimeout(() => this.clear(), NAME_STAYS_MS);
  }

  /** What was known of the text before is not true of another one. */
  #unsettle(): void {
    clearTimeout(this.#silence);
    this.#asking.forget();
    this.#code = null;
    this.#entered = false;
  }

  #scan(code: string): void {
    this.clear();
    // Tickets print their codes in capitals; who types them may not. The reading that is known counts.
    void this.#desk.run("scan", { readings: [...new Set([code, code.toUpperCase()])], found: "typed" });
  }

  #show(rows: FindRow[], more: boolean): void {
    this.rows = rows;
    this.more = more;
    this.marked = 0;
  }

  #answered(found: FindView | undefined): void {
    this.searching = false;
    this.#show(found?.rows ?? [], found?.more ?? false);
    this.#code = found?.code ?? null;
    this.#settle(found !== undefined);
  }

  /** The answer to what stands in the field is there. */
  #settle(answered: boolean): void {
    const entered = this.#entered;
    this.#entered = false;
    if (!answered) return;
    if (entered) this.enter();
    else if (this.#code !== null && this.#run) {
      const code = this.#code;
      const left = CODE_SILENCE_MS - (performance.now() - this.#typedAt);
      this.#silence = setTimeout(() => this.#scan(code), Math.max(0, left));
    }
  }
}

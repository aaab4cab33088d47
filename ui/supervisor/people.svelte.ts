// Looking for two names of one person: what is typed, who is found, who was chosen. The words are in model/decisions.ts.

import type { FoundPerson } from "../bindings/usher";
import type { SupervisorApi } from "../shared/api";

/** How long typing rests before it is looked for, in ms. */
export const REST_MS = 250;
/** The fewest letters that are looked for. */
export const LETTERS_MIN = 2;

/** The search and the two who were chosen; one per panel. */
export class People {
  text = $state("");
  rows = $state.raw<FoundPerson[]>([]);
  state = $state<"rest" | "looking" | "found" | "failed">("rest");
  /** The one that stays, then the one that is the same. */
  chosen = $state.raw<FoundPerson[]>([]);

  #api: SupervisorApi;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(api: SupervisorApi) {
    this.#api = api;
  }

  /** What was typed: looked for once the typing rests. */
  type(text: string): void {
    this.text = text;
    clearTimeout(this.#soon);
    const asked = ++this.#asked;
    if (text.trim().length < LETTERS_MIN) {
      this.rows = [];
      this.state = "rest";
      return;
    }
    this.state = "looking";
    this.#soon = setTimeout(() => void this.#look(text, asked), REST_MS);
  }

  /** Takes somebody as the next of the two; never one twice, never a third. */
  choose(person: FoundPerson): void {
    if (this.chosen.length < 2 && !this.isChosen(person)) this.chosen = [...this.chosen, person];
  }

  /** Lets somebody go again. */
  drop(person: FoundPerson): void {
    this.chosen = this.chosen.filter((one) => one.id !== person.id);
  }

  /** Whether somebody is one of the two. */
  isChosen(person: FoundPerson): boolean {
    return this.chosen.some((one) => one.id === person.id);
  }

  /** The panel is gone. */
  stop(): void {
    clearTimeout(this.#soon);
    this.#asked++;
  }

  // An answer that comes after something else was typed is passed over.
  async #look(text: string, asked: number): Promise<void> {
    try {
      const rows = await this.#api.call("find", { text });
      if (asked === this.#asked) [this.rows, this.state] = [rows, "found"];
    } catch {
      if (asked === this.#asked) [this.rows, this.state] = [[], "failed"];
    }
  }
}

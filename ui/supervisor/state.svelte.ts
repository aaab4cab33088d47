// What the supervisor window knows: the last view, the time, which item or room is open. Deciding is decide.svelte.ts.

import type { SupervisorView } from "../bindings/usher";
import type { SupervisorApi } from "../shared/api";
import type { Place } from "../shared/format";
import { language } from "../shared/i18n.svelte";
import { Office } from "./decide.svelte";
import { People } from "./people.svelte";
import { desks } from "./model/desks";
import { named } from "./model/names";
import { toSettle } from "./model/incidents";
import { rooms } from "./model/rooms";

/** A board older than this is dated and grey, in ms. */
export const STALE_MS = 10_000;
/** How soon a window that shows nothing yet asks again, in ms. */
const LOOK_AGAIN_MS = 1_000;

/** The supervisor window's state; one per window. */
export class Supervisor {
  view = $state.raw<SupervisorView | null>(null);
  /** The time now by this computer, in ms since 1970; moves every second. */
  now = $state(0);
  /** The item that is looked at; none: the board. */
  open = $state<string | null>(null);
  /** The room that is managed; none: the board. */
  room = $state<string | null>(null);
  /** The guests are looked at, to put two names together or take them apart. */
  people = $state(false);
  /** What was said to desks is looked at. */
  messages = $state(false);
  readonly api: SupervisorApi;
  readonly office: Office;
  /** What is looked for among the guests: kept while a confirmation stands before it. */
  readonly search: People;

  #lookAgain: ReturnType<typeof setTimeout> | undefined;
  #base = { now: Date.now(), at: performance.now() };

  constructor(api: SupervisorApi) {
    this.api = api;
    this.office = new Office(api);
    this.search = new People(api);
  }

  board = $derived(this.view?.board ? named(this.view.board, language()) : null);
  place = $derived<Place>({ language: language(), zone: this.board?.time_zone ?? null });
  /** How old the board is, in ms. */
  age = $derived(this.board ? Math.max(0, this.now - this.board.at_ms) : 0);
  stale = $derived(this.board !== null && (this.view?.link.kind === "offline" || this.age > STALE_MS));
  /** A stale board is judged as of its own time: its desks did not fall silent because the server did. */
  asOf = $derived(this.stale && this.board ? this.board.at_ms : this.now);
  rooms = $derived(this.board ? rooms(this.board, this.asOf, this.place) : []);
  desks = $derived(this.board ? desks(this.board, this.asOf, this.place) : []);
  items = $derived(this.board ? toSettle(this.board, this.asOf, this.place) : []);
  item = $derived(this.items.find((item) => item.id === this.open) ?? (this.open === null ? null : (this.items[0] ?? null)));

  managed = $derived(this.board?.sessions.find((session) => session.id === this.room) ?? null);

  /** Esc: one step back, from the confirmation to what it came from, from there to the board. */
  back(): void {
    if (this.office.asked) this.office.leave();
    else if (this.open !== null) this.open = null;
    else if (this.people) this.people = false;
    else if (this.messages) this.messages = false;
    else this.room = null;
  }

  /** The guests, or back to the board; a confirmation that is under way stays. */
  showPeople(): void {
    if (this.office.busy) return;
    this.office.leave();
    this.open = null;
    this.messages = false;
    this.people = !this.people;
  }

  /** What was said to desks, or back to the board. */
  showMessages(): void {
    if (this.office.busy) return;
    this.office.leave();
    this.open = null;
    this.people = false;
    this.messages = !this.messages;
  }

  /** Starts hearing views; gives back how to stop. */
  async start(): Promise<() => void> {
    const ticking = setInterval(() => (this.now = this.#base.now + (performance.now() - this.#base.at)), 1000);
    const stop = await this.api.onView((view) => this.receive(view));
    await this.#look();
    return () => {
      clearInterval(ticking);
      clearTimeout(this.#lookAgain);
      stop();
    };
  }

  // The program may still be starting: ask until there is a view.
  async #look(): Promise<void> {
    const first = await this.api.call("look", {}).catch(() => null);
    if (first) this.receive(first);
    else if (!this.view) this.#lookAgain = setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
  }

  /** Takes a whole view. */
  receive(view: SupervisorView): void {
    this.#base = { now: view.now_ms, at: performance.now() };
    this.now = view.now_ms;
    this.view = view;
    if (this.items.length === 0) this.open = null;
  }
}

// The walk-in form: what was typed, who is called alike, what came of it. While it is open the desk holds every scan; the desk lets nobody
// in before it was written. Leaves the page to WalkInPanel.svelte.

import type { FindRow, ProfileFault } from "../bindings/usher";
import { t } from "../shared/i18n.svelte";
import type { Key } from "../shared/messages";
import { Asking } from "./asking";
import { FIND_LENGTH_MIN } from "./model/find";
import type { Desk } from "./state.svelte";

/** How many of them are shown. */
const ALIKE_MAX = 2;

const PROBLEMS: Record<ProfileFault, Key> = {
  no_name: "walk_in.no_name",
  too_long: "walk_in.too_long",
  letters: "walk_in.letters",
  email: "walk_in.bad_email",
};

/** The walk-in form's state; one per window. */
export class WalkInForm {
  first = $state("");
  last = $state("");
  email = $state("");
  kind = $state("");
  busy = $state(false);
  problem = $state<Key | null>(null);
  /** People on the list who may be the same. */
  alike = $state.raw<FindRow[]>([]);

  #desk: Desk;
  /** The form's own id: sent twice, it is one walk-in. */
  #form = "";
  /** Places left when nobody could be let in; none: nobody was refused. */
  #refusedAt = $state<number | null>(null);
  #asking: Asking;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#asking = new Asking(desk, (found) => (this.alike = (found?.rows ?? []).slice(0, ALIKE_MAX)));
  }

  #places = $derived.by(() => {
    const places = this.#desk.view?.places;
    return places?.kind === "left" ? places.left : Infinity;
  });
  /** Whether somebody can be let in at all now, as far as the desk shows. */
  possible = $derived.by(() => {
    return this.#places > 0 && this.#desk.session?.phase.kind === "open";
  });
  /** What the primary button does: lets in, unless that was refused and no place came since. */
  letsIn = $derived.by(() => this.possible && (this.#refusedAt === null || this.#places > this.#refusedAt));
  ready = $derived.by(() => !this.busy && (this.first.trim() !== "" || this.last.trim() !== ""));

  /** F6: opens the form once the desk holds its scans. */
  async open(): Promise<void> {
    if (this.#desk.view?.phase.kind !== "door" || this.#desk.panel === "walk_in") return;
    await this.#desk.panels.hold("walk_in", () => this.#begin());
  }

  #begin(): true {
    this.#form = crypto.randomUUID();
    [this.first, this.last, this.email, this.kind] = ["", "", "", t("walk_in.preset")];
    [this.busy, this.problem, this.#refusedAt, this.alike] = [false, null, null, []];
    return true;
  }

  /** The form has left the stage, whatever for: no name stays behind. */
  closed(): void {
    this.#asking.forget();
    this.#form = "";
    [this.first, this.last, this.email, this.alike] = ["", "", "", []];
  }

  /** The name changed: who is called alike? */
  typed(): void {
    this.problem = null;
    const name = `${this.first} ${this.last}`.trim();
    if (name.length >= FIND_LENGTH_MIN) return this.#asking.about(name);
    this.#asking.forget();
    this.alike = [];
  }

  /** Ctrl+Enter: adds the guest, and lets them in where that is possible. */
  async submit(): Promise<void> {
    if (!this.ready) return;
    this.busy = true;
    const { first, last, email, kind, letsIn } = this;
    const form = this.#form;
    const outcome = await this.#desk.run("walk_in", { form, first, last, email, kind, let_in: letsIn });
    // The form was closed meanwhile: what stands there now is not its own.
    if (form !== this.#form) return;
    this.busy = false;
    if (!outcome) return;
    if (outcome.kind === "added") this.#desk.panel = "none";
    else if (outcome.kind === "invalid") this.problem = PROBLEMS[outcome.why];
    else [this.problem, this.#refusedAt] = ["walk_in.not_now", this.#places];
  }

  /** Opens somebody who is on the list already. */
  instead(row: FindRow): void {
    void this.#desk.run("open", { person: row.guest.id });
  }
}

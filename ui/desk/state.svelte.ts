// What the desk window knows: the last view, the corrected time, and what of them is shown. Its parts turn views into sounds,
// timers and panels, and a hand's decisions into calls. Leaves keys to keys.ts and words to the models.

import type { CardView, DeskView } from "../bindings/usher";
import type { Place } from "../shared/format";
import { language } from "../shared/i18n.svelte";
import { shownName } from "../shared/names";
import { Speaker, type Sound } from "../shared/sounds";
import { muted, volume } from "../shared/volume.svelte";
import { Calls } from "./calls.svelte";
import { Hand } from "./hand";
import { Messages } from "./messages.svelte";
import { cardModel } from "./model/card";
import { NewCardGuard } from "./model/guard";
import type { Panel } from "./model/panels";
import { worstStrip } from "./model/strips";
import { Panels } from "./panels.svelte";
import { Stay } from "./stay.svelte";

/** How soon a desk that shows nothing yet asks again, in ms. */
const LOOK_AGAIN_MS = 1_000;

/** The desk window's state; one per window. */
export class Desk extends Calls {
  view = $state.raw<DeskView | null>(null);
  /** The corrected time, in ms since 1970; moves every second. */
  now = $state(0);
  readonly guard = new NewCardGuard();
  readonly speaker = new Speaker();
  readonly hand = new Hand(this);
  readonly messages = new Messages(this);
  readonly panels = new Panels(this);
  readonly stay = new Stay(this);

  #clearedNotSaved = $state<string | null>(null);
  #leftOpen = $state.raw<{ id: string; since: number } | null>(null);
  #base = { now: Date.now(), at: performance.now() };
  #lookAgain: ReturnType<typeof setTimeout> | undefined;
  /** When the desk began to check out, or last did. */
  #outSince = $state<number | null>(null);

  /** The panel that covers the stage. */
  get panel(): Panel {
    return this.panels.panel;
  }
  set panel(next: Panel) {
    this.panels.show(next);
  }

  /** A session is served: the door is what the window shows. */
  get atDoor(): boolean {
    return this.view?.phase.kind === "door";
  }

  /** Neither guests nor nobody stand before the screen; before the first view nobody was kept out yet. */
  get volunteer(): boolean {
    return (this.view?.attended ?? "volunteer") === "volunteer";
  }

  /** The card on the stage; none once it was cleared here. */
  card = $derived.by<CardView | null>(() => {
    const card = this.view?.card ?? null;
    return card && !this.stay.cleared(card) ? card : null;
  });
  place = $derived<Place>({ language: language(), zone: this.view?.event?.time_zone ?? null });
  /** The card's face and words. */
  face = $derived.by(() => {
    if (!this.card || !this.view) return null;
    const { link, event, learning } = this.view;
    const pauseWords = this.session?.pause_words ?? "";
    return cardModel(this.card, { now: this.now, place: this.place, link, event: event?.name ?? "", learning, pauseWords, namesHidden: this.view?.names_hidden ?? false });
  });
  /** A guest's name as the screen may show it; `at`: since when it stands there. */
  shownName(name: string, at: number = this.now): string {
    return shownName(this.view?.names_hidden ?? false, name, this.now - at);
  }
  /** What of the first minute is taught; none: the door is real, or a practice without end. */
  lesson = $derived(this.view?.practice?.lesson ?? null);
  /** An urgent message covers the stage: nothing beneath it takes a key. */
  covered = $derived.by(() => this.messages.covers);
  session = $derived(this.view?.sessions.find((session) => session.id === this.view?.session) ?? null);
  strip = $derived.by(() => {
    if (!this.view) return null;
    const unsaved = this.view.not_saved;
    return worstStrip(this.view, {
      now: this.now,
      place: this.place,
      leftOpenSince: this.#leftOpen?.since ?? null,
      outIdleSince: this.#outSince,
      notSavedCleared: unsaved !== null && this.#clearedNotSaved === `${unsaved.name}/${unsaved.problem}`,
      notice: this.notice,
      messageOpen: this.covered || this.panel === "message",
    });
  });

  /** Starts hearing views; gives back how to stop. */
  async start(): Promise<() => void> {
    const ticking = setInterval(() => (this.now = this.#corrected()), 1000);
    const stops = [
      await this.api.onView((view) => this.receive(view)),
      await this.api.onClosing((closing) => this.panels.askClosing(closing)),
      await this.api.onScanFailed((error) => this.tellRefused(error)),
    ];
    await this.#look();
    // A window that comes back has no form open, whatever the one before it had.
    void this.api.call("hold_scans", { held: false }).catch(() => undefined);
    return () => {
      clearInterval(ticking);
      clearTimeout(this.#lookAgain);
      this.stay.stop();
      stops.forEach((stop) => stop());
    };
  }

  /** Takes a whole view. */
  receive(view: DeskView): void {
    const before = this.view?.card ?? null;
    this.#base = { now: view.clock.now_ms, at: performance.now() };
    this.now = view.clock.now_ms;
    if (view.left_open?.id !== this.#leftOpen?.id) {
      this.#leftOpen = view.left_open && { id: view.left_open.id, since: this.now };
      if (view.left_open) this.guard.changed(performance.now());
    }
    if (!view.not_saved) this.#clearedNotSaved = null;
    const moved = view.card !== null && view.card.id !== before?.id;
    if (!view.out) this.#outSince = null;
    else if (!this.view?.out || moved) this.#outSince = this.now;
    const was = this.view;
    this.view = view;
    this.panels.heard(was, view);
    this.messages.hears(view);
    this.stay.changed(before, view.card);
    this.panels.shown("order", was?.order != null, view.order !== null);
    this.panels.shown("ready", was?.ready != null, view.ready !== null);
  }

  /** Opens a panel; what the desk itself shows is closed before it. */
  open(panel: Panel): void {
    this.panels.open(panel);
  }

  /** Esc: the open panel, else the card and the *not saved*. */
  escape(at: number): void {
    if (this.panels.escape()) return;
    if (!this.guard.allows(at)) return;
    const unsaved = this.view?.not_saved;
    if (unsaved) this.#clearedNotSaved = `${unsaved.name}/${unsaved.problem}`;
    this.stay.clear();
  }

  /** Makes a sound, unless muted, within the frame that shows its card. */
  sound(sound: Sound): void {
    if (muted()) return;
    const play = (): void => this.speaker.play(sound, volume());
    if (document.hidden) play();
    else requestAnimationFrame(play);
  }

  #corrected(): number {
    return this.#base.now + (performance.now() - this.#base.at);
  }

  // The program may still be starting: ask until there is a view.
  async #look(): Promise<void> {
    const first = await this.api.call("look", {}).catch(() => null);
    if (first) this.receive(first);
    else if (!this.view) this.#lookAgain = setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
  }
}

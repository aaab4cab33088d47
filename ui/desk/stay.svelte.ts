// How long a card stands, and what is heard of it: its sound, its guest's name, and again and again that it was not saved.

import type { CardView } from "../bindings/usher";
import { language } from "../shared/i18n.svelte";
import { speakName, spoken } from "../shared/voice.svelte";
import { muted, volume } from "../shared/volume.svelte";
import { cardClass, cardKey, stayMs } from "./model/card";
import { soundFor } from "./model/hearing";
import { KIOSK_STAY_MS, kioskFace } from "./model/kiosk";
import type { Desk } from "./state.svelte";

/** How often an unsaved guest sounds until somebody clears the card, in ms. */
const FAULT_AGAIN_MS = 5_000;
/** How long a card's sound may last before the name is spoken, in ms. */
const SPEAK_AFTER_MS = 400;
/** How soon the time of a card that a supervisor looks at is over once more, in ms. */
const STAY_AGAIN_MS = 2_000;

function visit(card: CardView): string {
  return [cardKey(card), card.again, card.at_ms].join("/");
}

/** The card's time on the stage; one per window. */
export class Stay {
  #desk: Desk;
  #cleared = $state<string | null>(null);
  #end: ReturnType<typeof setTimeout> | undefined;
  #fault: ReturnType<typeof setInterval> | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Whether this card was taken off the stage here. */
  cleared(card: CardView): boolean {
    return visit(card) === this.#cleared;
  }

  /** Takes the card off the stage. */
  clear(): void {
    const card = this.#desk.card;
    if (!card) return;
    this.#cleared = visit(card);
    this.stop();
    void this.#desk.turn("close", { id: card.id });
  }

  /** The desk shows another card than before, or the same one after something became of it. */
  changed(before: CardView | null, after: CardView | null): void {
    if (before && after ? visit(before) === visit(after) : before === after) return;
    this.#desk.guard.changed(performance.now());
    this.stop();
    if (!after) return;
    const next = after.id !== before?.id;
    if (next || after.again) this.#desk.panel = "none";
    const sound = soundFor(before, after);
    if (sound) this.#desk.sound(sound);
    if (sound && next) this.#speak(after);
    this.#begin(after);
  }

  /** Nothing of the card is heard, and its time does not end. */
  stop(): void {
    clearTimeout(this.#end);
    clearInterval(this.#fault);
  }

  // What is being learned stays until it was understood.
  #begin(card: CardView): void {
    const stay = this.#desk.lesson ? null : this.#desk.view?.attended === "guest" ? KIOSK_STAY_MS : stayMs(card);
    if (stay !== null) this.#end = setTimeout(() => this.#over(), stay);
    if (cardClass(card) === "F") this.#fault = setInterval(() => this.#desk.sound("fault"), FAULT_AGAIN_MS);
  }

  // A card that a supervisor is looking at stays.
  #over(): void {
    if (this.#desk.panel === "supervisor") this.#end = setTimeout(() => this.#over(), STAY_AGAIN_MS);
    else this.clear();
  }

  // After the sound, which says more: a name alone tells nobody whether its guest may pass.
  #speak(card: CardView): void {
    const { view, now, place } = this.#desk;
    if (!spoken() || muted() || view?.names_hidden) return;
    const name = view?.attended === "guest" ? kioskFace(card, { now, place }).name : card.guest?.name;
    if (name) setTimeout(() => speakName(name, language(), volume()), SPEAK_AFTER_MS);
  }
}

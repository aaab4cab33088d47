// A PIN being typed: for the settings, to unlock the desk, or for a supervisor's word. What it opens is decided by the desk.

import type { CardView, DeskCommands, PinOutcome } from "../bindings/usher";
import { text, type Message } from "../shared/messages";
import { span } from "../shared/format";
import { language } from "../shared/i18n.svelte";
import type { Desk } from "./state.svelte";

/** Why a supervisor lets somebody in. */
export type OverrideReason = DeskCommands["override"]["args"]["reason"];

/** How many digits a PIN has. */
export const PIN_DIGITS_MIN = 4, PIN_DIGITS_MAX = 8;
/** Why a supervisor lets somebody in, in the order in which it is asked. */
export const OVERRIDE_REASONS: readonly OverrideReason[] = ["checked", "staff", "room", "other"];

/** The reason that is likeliest for this card. */
export function likelyReason(card: CardView): OverrideReason {
  const full: readonly string[] = ["session_full", "grant_empty", "seats_held"];
  return full.includes(card.verdict.kind) ? "room" : "checked";
}

/** What a PIN that did not open says. */
export function pinProblem(why: PinOutcome): Message | null {
  switch (why.kind) {
    case "opened": return null;
    case "wrong": return { key: "pin.wrong", values: { span: text(language(), span(why.wait_ms)) } };
    case "wait": return { key: "pin.wait", values: { span: text(language(), span(why.wait_ms)) } };
    case "unlocks_only": return { key: "pin.unlocks_only" };
    case "no_pins": return { key: "pin.none" };
  }
}

/** How long after a key that belongs to no PIN digits are its burst's: a slow scanner's code is no try, in ms. */
export const BURST_MS = 500;
/** How long a half-typed PIN stays without a key, in ms. */
export const IDLE_MS = 20_000;

/** The field, its keypad, and what came of it. */
export class PinEntry {
  digits = $state("");
  busy = $state(false);
  problem = $state.raw<Message | null>(null);
  #asked = 0;
  /** Until when what is typed belongs to a burst that is no PIN. */
  #burstUntil = Number.NEGATIVE_INFINITY;
  ready = $derived.by(() => !this.busy && this.digits.length >= PIN_DIGITS_MIN);

  #idle: ReturnType<typeof setTimeout> | undefined;

  /** A digit of the keypad. */
  type(digit: string): void {
    if (this.digits.length < PIN_DIGITS_MAX) this.#hold(this.digits + digit);
  }

  /** The keypad's way back. */
  erase(): void {
    this.#hold(this.digits.slice(0, -1));
  }

  /** What stands in the field at this time. With a letter, or longer than any PIN, it is a code: nothing of it is kept, nor of what follows at once. */
  take(typed: string, at: number): void {
    const text = typed.replace(/\s/g, "");
    const code = /\D/.test(text) || text.length > PIN_DIGITS_MAX;
    const burst = code || at < this.#burstUntil;
    if (burst) this.#burstUntil = at + BURST_MS;
    this.#hold(burst ? "" : text);
  }

  /** A burst was a scan, and the field holds again what stood there before it. */
  putBack(digits: string): void {
    this.#burstUntil = Number.NEGATIVE_INFINITY;
    this.#hold(digits);
  }

  // Whoever comes next begins anew.
  #hold(digits: string): void {
    clearTimeout(this.#idle);
    this.digits = digits;
    if (digits !== "") this.#idle = setTimeout(() => !this.busy && this.forget(), IDLE_MS);
  }

  /** Asks the desk; what did not open is told, and the field is empty for the next try. */
  async ask(open: (pin: string) => Promise<PinOutcome | undefined>): Promise<boolean> {
    if (!this.ready) return false;
    const asked = ++this.#asked;
    this.busy = true;
    const outcome = await open(this.digits);
    if (asked !== this.#asked) return false;
    [this.busy, this.digits, this.problem] = [false, "", outcome ? pinProblem(outcome) : null];
    return outcome?.kind === "opened";
  }

  /** Nobody types here any more: no digit stays behind, and an answer that comes late opens nothing. */
  forget(): void {
    this.#asked += 1;
    clearTimeout(this.#idle);
    [this.busy, this.digits, this.problem] = [false, "", null];
  }
}

/** A supervisor's word about a card. */
export class Word {
  readonly entry = new PinEntry();
  reason = $state<OverrideReason>("checked");
  card = $state.raw<CardView | null>(null);

  #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** F4: opens the panel once the desk holds its scans. */
  async open(card: CardView): Promise<void> {
    if (!card.actions.includes("supervisor")) return;
    await this.#desk.panels.hold("supervisor", () => this.#begin(card.id));
  }

  // The card as it stands now: what the desk said meanwhile may have let the guest in already.
  #begin(id: string): boolean {
    const card = this.#desk.card;
    if (card?.id !== id || !card.actions.includes("supervisor")) return false;
    [this.card, this.reason] = [card, likelyReason(card)];
    return true;
  }

  /** The panel has left the stage. */
  closed(): void {
    this.entry.forget();
    this.card = null;
  }

  /** F2: lets the guest in. */
  async letIn(): Promise<void> {
    const { card, reason } = this;
    if (!card) return;
    const opened = await this.entry.ask(async (pin) => {
      const outcome = await this.#desk.run("override", { id: card.id, pin, reason });
      return outcome?.kind === "pin" ? outcome.why : outcome && { kind: "opened" };
    });
    if (opened) this.#desk.panel = "none";
  }
}

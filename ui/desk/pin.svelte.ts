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

/** The field, its keypad, and what came of it. */
export class PinEntry {
  digits = $state("");
  busy = $state(false);
  problem = $state.raw<Message | null>(null);
  ready = $derived.by(() => !this.busy && this.digits.length >= PIN_DIGITS_MIN);

  /** A digit of the keypad. */
  type(digit: string): void {
    if (this.digits.length < PIN_DIGITS_MAX) this.digits += digit;
  }

  /** The keypad's way back. */
  erase(): void {
    this.digits = this.digits.slice(0, -1);
  }

  /** What was typed or pasted, without what is no digit. */
  take(typed: string): void {
    this.digits = typed.replace(/\D/g, "").slice(0, PIN_DIGITS_MAX);
  }

  /** Asks the desk; what did not open is told, and the field is empty for the next try. */
  async ask(open: (pin: string) => Promise<PinOutcome | undefined>): Promise<boolean> {
    if (!this.ready) return false;
    this.busy = true;
    const outcome = await open(this.digits);
    [this.busy, this.digits, this.problem] = [false, "", outcome ? pinProblem(outcome) : null];
    return outcome?.kind === "opened";
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
    const view = await this.#desk.run("hold_scans", { held: true });
    if (!view) return;
    this.#desk.receive(view);
    [this.card, this.reason] = [card, likelyReason(card)];
    this.#desk.panel = "supervisor";
  }

  /** The panel has left the stage: what was held opens. */
  closed(): void {
    [this.entry.digits, this.entry.problem, this.card] = ["", null, null];
    void this.#desk.turn("hold_scans", { held: false });
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

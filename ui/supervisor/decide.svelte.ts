// The decision under way: asked, sent, refused or done, and how it is taken back. The words are in model/decisions.ts.

import type { DecideRefusal } from "../bindings/usher";
import type { SupervisorApi } from "../shared/api";
import type { Message } from "../shared/messages";
import type { Asked, Decision } from "./model/decisions";

/** How long a decision can be taken back by its button, in ms. */
export const UNDO_MS = 20_000;

/** What was decided, for a moment. */
export interface Told {
  message: Message;
  undo: Decision | null;
  /** It was not taken: the message says why. */
  refused?: true;
}

/** Where decisions are made; one per window. */
export class Office {
  /** What is to be confirmed. */
  asked = $state.raw<Asked | null>(null);
  /** A decision is on its way. */
  busy = $state(false);
  refused = $state<DecideRefusal | "call" | null>(null);
  told = $state.raw<Told | null>(null);

  #api: SupervisorApi;
  #end: ReturnType<typeof setTimeout> | undefined;

  constructor(api: SupervisorApi) {
    this.#api = api;
  }

  /** Opens the confirmation. */
  ask(asked: Asked): void {
    if (this.busy) return;
    this.asked = asked;
    this.refused = null;
  }

  /** Leaves the confirmation: nothing was decided. */
  leave(): void {
    if (this.busy) return;
    this.asked = null;
    this.refused = null;
  }

  /** Sends a decision, once however often it is pressed; whether the server took it. */
  async decide(decision: Decision, told: Told): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refused = await this.#send(decision);
    this.busy = false;
    if (this.refused !== null) return false;
    this.asked = null;
    this.#tell(told);
    return true;
  }

  /** Sends a decision that nobody needs to confirm. What is being confirmed or written stays; a refusal is told where a success is. */
  async decideNow(decision: Decision, told: Told, again: Decision | null = null): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const refused = await this.#send(decision);
    this.busy = false;
    this.#tell(refused === null ? told : { message: { key: `decide.refused_${refused}` }, undo: again, refused: true });
  }

  /** Takes the last decision back, where that can be done. */
  async undo(): Promise<void> {
    const back = this.told?.undo;
    if (back) await this.decideNow(back, { message: { key: "decided.undone" }, undo: null }, back);
  }

  /** The notice was read. */
  hush(): void {
    clearTimeout(this.#end);
    this.told = null;
  }

  async #send(decision: Decision): Promise<DecideRefusal | "call" | null> {
    try {
      const outcome = await this.#api.call(decision.name, decision.args as never);
      return outcome.kind === "refused" ? outcome.why : null;
    } catch {
      return "call";
    }
  }

  #tell(told: Told): void {
    clearTimeout(this.#end);
    this.told = told;
    this.#end = setTimeout(() => (this.told = null), UNDO_MS);
  }
}

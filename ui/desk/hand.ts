// What a hand decides and asks for at the desk: once, however often it is pressed, and only about what it saw.

import type { BadgeFailed, CardAction } from "../bindings/usher";
import { badgeToPrint } from "./model/badges";
import type { UndoReason } from "./model/done";
import { orderReady } from "./model/order";
import type { Desk } from "./state.svelte";

/** The volunteer's hand; one per window. */
export class Hand {
  #desk: Desk;
  #deciding: string | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Does what a button or key of the card says, if the card takes it and the hand meant this card. */
  act(action: CardAction, at: number): void {
    const card = this.#desk.card;
    if (!card?.actions.includes(action) || !this.#desk.guard.allows(at)) return;
    void this.#decide(card.id, action);
  }

  /** Says which session the card is for, if the hand meant this card. */
  choose(session: string, at: number): void {
    const card = this.#desk.card;
    if (card && this.#desk.guard.allows(at)) void this.#desk.run("choose", { id: card.id, session });
  }

  /** Lets in whom a scan has replaced, as the strip's button says, if the hand meant this guest. */
  letInLeftOpen(at: number): void {
    const left = this.#desk.strip?.leftOpen;
    if (left && this.#desk.guard.allows(at)) void this.#decide(left.id, left.action);
  }

  async #decide(id: string, action: CardAction): Promise<void> {
    const deciding = `${id}/${action}`;
    if (this.#deciding === deciding) return;
    this.#deciding = deciding;
    await this.#carryOut(id, action);
    this.#deciding = null;
  }

  async #carryOut(id: string, action: CardAction): Promise<unknown> {
    const desk = this.#desk;
    switch (action) {
      case "let_in":
      case "let_in_anyway": return desk.run("accept", { id, anyway: action === "let_in_anyway" });
      case "let_back_in": return desk.run("let_back_in", { id }, "notice.let_back_in");
      case "turn_away": return desk.run("turn_away", { id });
      case "undo": return this.takeBack(id, null);
      case "check_out": return this.#checkOut(id);
      case "whole_order": return desk.turn("order", { id }, "notice.order");
      case "ask_place": return desk.turn("ask_place", { id, on: true }, "notice.ask_place");
      // These open something in the window and decide nothing.
      case "find":
      case "walk_in":
      case "supervisor": return undefined;
    }
  }

  /** Takes back what a card or a line of the list wrote. */
  async takeBack(id: string, reason: UndoReason | null): Promise<void> {
    await this.#desk.run("undo", { id, reason }, "notice.undo");
  }

  // What was written shows on the card; what was not is told.
  async #checkOut(id: string): Promise<void> {
    const left = await this.#desk.run("check_out", { id }, "notice.check_out");
    if (left && left.kind !== "checked_out") this.#desk.tell({ key: left.kind === "nobody" ? "notice.check_out" : "notice.set_out" });
  }

  /** Lets in all of the order who are ticked, if the hand meant what it saw. */
  admitOrder(at: number): void {
    const order = this.#desk.view?.order;
    if (order && orderReady(order) && this.#desk.guard.allows(at)) void this.#desk.turn("admit_order", {}, "notice.order");
  }

  /** Asks for a place for the card's guest from a panel over it; what becomes of that stands on the card. */
  askPlace(at: number): void {
    if (!this.#desk.guard.allows(at)) return;
    this.#desk.panel = "none";
    this.act("ask_place", at);
  }

  /** Calls a supervisor, or no longer. */
  callHelp(on: boolean, at: number): void {
    if (this.#desk.guard.allows(at)) void this.#desk.turn("help", { on });
  }

  /** Ctrl+L: nothing is read and nobody is shown until a PIN opens the desk. */
  async lock(): Promise<void> {
    await this.#giveAway("lock");
  }

  /** Guests read their own tickets from now on. */
  async serveThemselves(): Promise<void> {
    await this.#giveAway("kiosk");
  }

  async #giveAway(to: "lock" | "kiosk"): Promise<void> {
    if (!this.#desk.view?.pins) return this.#desk.tell({ key: "notice.no_pins" });
    this.#desk.panel = "none";
    await this.#desk.turn(to, {});
  }

  /** Ctrl+E: every scan checks out, or lets in again. */
  async turnOut(): Promise<void> {
    const view = this.#desk.view;
    if (view?.phase.kind === "door") await this.#desk.turn("set_out", { out: !view.out }, "notice.set_out");
  }

  /** Ctrl+P: the badge of the card's guest; without a card the one that failed. */
  async printBadge(): Promise<void> {
    const { view, card } = this.#desk;
    const whose = view && badgeToPrint(view, card);
    if (whose) await this.#print(whose);
    else this.#desk.tell({ key: "notice.no_badge" });
  }

  /** Prints a failed badge again, if the hand meant this one. */
  printAgain(failed: BadgeFailed, at: number): void {
    if (this.#desk.guard.allows(at)) void this.#print(failed);
  }

  // Only said where there is a printer: otherwise the strip says that there is none.
  async #print({ id, name }: { id: string; name: string }): Promise<void> {
    const view = await this.#desk.run("print", { id }, "notice.no_badge");
    if (!view) return;
    this.#desk.receive(view);
    if (name && view.badges.set.printer) this.#desk.tell({ key: "notice.printing", values: { name: { name: this.#desk.shownName(name) } } });
  }
}

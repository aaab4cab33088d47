// What the desk window knows: the last view, the corrected time, the open panel. Turns views into sounds and timers,
// and decisions into calls. Leaves keys to keys.svelte.ts and words to the models.

import type { BadgeFailed, CardAction, CardView, ClosingView, DeskCommands, DeskView, WindowError } from "../bindings/usher";
import { windowError, type DeskApi } from "../shared/api";
import type { Place } from "../shared/format";
import { language } from "../shared/i18n.svelte";
import type { Key, Message } from "../shared/messages";
import { shownName } from "../shared/names";
import { Speaker, type Sound } from "../shared/sounds";
import { speakName, spoken } from "../shared/voice.svelte";
import { muted, volume } from "../shared/volume.svelte";
import { badgeToPrint } from "./model/badges";
import { cardClass, cardKey, cardModel, stayMs } from "./model/card";
import type { UndoReason } from "./model/done";
import { NewCardGuard } from "./model/guard";
import { soundFor } from "./model/hearing";
import { KIOSK_STAY_MS, kioskFace } from "./model/kiosk";
import { covers } from "./model/messages";
import { orderReady } from "./model/order";
import { PANELS, type Panel } from "./model/panels";
import { worstStrip } from "./model/strips";
import { Panels } from "./panels.svelte";

/** Commands that answer with a whole view. */
type TurnCommand = "hold_scans" | "start" | "also" | "leave" | "set_door" | "set_names" | "set_camera" | "set_out" | "close" | "order" | "tick" | "admit_order" | "close_order" | "practice" | "learn" | "set_scanner" | "ready" | "print" | "print_test" | "print_seen" | "message_read" | "help" | "ask_place" | "lock" | "kiosk" | "close_settings";

/** How long a notice stays, in ms. */
const NOTICE_MS = 6_000;
/** How often an unsaved guest sounds until somebody clears the card, in ms. */
const FAULT_AGAIN_MS = 5_000;
/** How long a card's sound may last before the name is spoken, in ms. */
const SPEAK_AFTER_MS = 400;
/** How soon the time of a card that a supervisor looks at is over once more, in ms. */
const STAY_AGAIN_MS = 2_000;
/** How soon a desk that shows nothing yet asks again, in ms. */
const LOOK_AGAIN_MS = 1_000;

const NOTICES: Record<WindowError["kind"], Key> = {
  bad_call: "notice.bad_call",
  not_ready: "notice.not_ready",
  not_possible: "notice.not_possible",
  locked: "notice.locked",
  store: "notice.store",
};

/** The desk window's state; one per window. */
export class Desk {
  view = $state.raw<DeskView | null>(null);
  /** The corrected time, in ms since 1970; moves every second. */
  now = $state(0);
  closing = $state.raw<ClosingView | null>(null);
  notice = $state.raw<Message | null>(null);
  readonly api: DeskApi;
  readonly guard = new NewCardGuard();
  readonly speaker = new Speaker();
  readonly panels = new Panels(this);

  #cleared = $state<string | null>(null);
  #clearedNotSaved = $state<string | null>(null);
  #leftOpen = $state.raw<{ id: string; since: number } | null>(null);
  #base = { now: Date.now(), at: performance.now() };
  #stay: ReturnType<typeof setTimeout> | undefined;
  #fault: ReturnType<typeof setInterval> | undefined;
  #noticeEnd: ReturnType<typeof setTimeout> | undefined;
  #lookAgain: ReturnType<typeof setTimeout> | undefined;
  #deciding: string | null = null;
  /** When the desk began to check out, or last did. */
  #outSince = $state<number | null>(null);
  /** The message that is shown, and since when. */
  #heard = $state.raw<{ id: string; since: number } | null>(null);

  constructor(api: DeskApi) {
    this.api = api;
  }

  /** The panel that covers the stage. */
  get panel(): Panel {
    return this.panels.open;
  }
  set panel(next: Panel) {
    this.panels.show(next);
  }

  /** The card on the stage; none once it was cleared here. */
  card = $derived.by<CardView | null>(() => {
    const card = this.view?.card ?? null;
    return card && this.#visit(card) !== this.#cleared ? card : null;
  });
  place = $derived<Place>({ language: language(), zone: this.view?.event?.time_zone ?? null });
  /** The card's face and words. */
  face = $derived.by(() => {
    if (!this.card || !this.view) return null;
    const { link, event, learning } = this.view;
    const pauseWords = this.session?.pause_words ?? "";
    return cardModel(this.card, { now: this.now, place: this.place, link, event: event?.name ?? "", learning, pauseWords });
  });
  /** A guest's name as the screen may show it; `at`: since when it stands there. */
  shownName(name: string, at: number = this.now): string {
    return shownName(this.view?.names_hidden ?? false, name, this.now - at);
  }
  /** What of the first minute is taught; none: the door is real, or a practice without end. */
  lesson = $derived(this.view?.practice?.lesson ?? null);
  /** An urgent message covers the stage: nothing beneath it takes a key. */
  covered = $derived(this.view !== null && covers(this.view, this.panel, this.card !== null, this.#heard?.since ?? null, this.now));
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
      await this.api.onClosing((closing) => this.#askClosing(closing)),
      await this.api.onScanFailed((error) => this.tell({ key: this.#refused(error) })),
    ];
    await this.#look();
    // A window that comes back has no form open, whatever the one before it had.
    void this.api.call("hold_scans", { held: false }).catch(() => undefined);
    return () => {
      clearInterval(ticking);
      clearTimeout(this.#lookAgain);
      clearTimeout(this.#stay);
      clearInterval(this.#fault);
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
    this.#hears(view);
    // What was begun in a practice is not ended at the real door, nor the other way.
    const otherDoor = was !== null && (was.practice === null) !== (view.practice === null);
    const others = was !== null && was.attended !== view.attended;
    if (((otherDoor || others) && this.panel !== "closing") || (view.phase.kind !== "door" && !PANELS[this.panel].anywhere)) this.panel = "none";
    this.#cardChanged(before, view.card);
    this.#shows("order", was?.order != null, view.order !== null);
    this.#shows("ready", was?.ready != null, view.ready !== null);
  }

  /** Opens a panel; what the desk itself shows is closed before it. */
  open(panel: Panel): void {
    this.#closeShown();
    this.panel = panel;
  }

  /** Carries a command out; what fails becomes a notice. */
  async run<Name extends keyof DeskCommands & string>(
    name: Name,
    args: DeskCommands[Name]["args"],
    failed?: Key,
  ): Promise<DeskCommands[Name]["output"] | undefined> {
    try {
      return await this.api.call(name, args);
    } catch (reason) {
      const error = windowError(reason);
      this.tell({ key: failed && error.kind === "not_possible" ? failed : this.#refused(error) });
      return undefined;
    }
  }

  // To a volunteer the desk is not locked: what is refused are its settings.
  #refused(error: WindowError): Key {
    const settings = error.kind === "locked" && this.view?.attended === "volunteer";
    return settings ? "notice.settings_closed" : NOTICES[error.kind];
  }

  /** Carries a command out that answers with a whole view. */
  async turn(name: TurnCommand, args: DeskCommands[typeof name]["args"], failed?: Key): Promise<void> {
    const view = await this.run(name, args, failed);
    if (view) this.receive(view);
  }

  /** Does what a button or key of the card says, if the card takes it and the hand meant this card. */
  act(action: CardAction, at: number): void {
    const card = this.card;
    if (!card?.actions.includes(action) || !this.guard.allows(at)) return;
    void this.decide(card.id, action);
  }

  /** Says which session the card is for, if the hand meant this card. */
  choose(session: string, at: number): void {
    const card = this.card;
    if (card && this.guard.allows(at)) void this.run("choose", { id: card.id, session });
  }

  /** Lets in whom a scan has replaced, as the strip's button says, if the hand meant this guest. */
  letInLeftOpen(at: number): void {
    const left = this.strip?.leftOpen;
    if (left && this.guard.allows(at)) void this.decide(left.id, left.action);
  }

  /** Decides about a card once, however often it is asked. */
  async decide(id: string, action: CardAction): Promise<void> {
    const deciding = `${id}/${action}`;
    if (this.#deciding === deciding) return;
    this.#deciding = deciding;
    await this.#carryOut(id, action);
    this.#deciding = null;
  }

  async #carryOut(id: string, action: CardAction): Promise<unknown> {
    switch (action) {
      case "let_in":
      case "let_in_anyway": return this.run("accept", { id, anyway: action === "let_in_anyway" });
      case "let_back_in": return this.run("let_back_in", { id }, "notice.let_back_in");
      case "turn_away": return this.run("turn_away", { id });
      case "undo": return this.takeBack(id, null);
      case "check_out": return this.#checkOut(id);
      case "whole_order": return this.turn("order", { id }, "notice.order");
      case "ask_place": return this.turn("ask_place", { id, on: true }, "notice.ask_place");
      // These open something in the window and decide nothing.
      case "find":
      case "walk_in":
      case "supervisor": return undefined;
    }
  }

  /** Takes back what a card or a line of the list wrote. */
  async takeBack(id: string, reason: UndoReason | null): Promise<void> {
    await this.run("undo", { id, reason }, "notice.undo");
  }

  /** Lets in all of the order who are ticked, if the hand meant what it saw. */
  admitOrder(at: number): void {
    const order = this.view?.order;
    if (order && orderReady(order) && this.guard.allows(at)) void this.turn("admit_order", {}, "notice.order");
  }

  /** Ctrl+L: nothing is read and nobody is shown until a PIN opens the desk. */
  async lock(): Promise<void> {
    if (!this.view?.pins) return this.tell({ key: "notice.no_pins" });
    this.panel = "none";
    await this.turn("lock", {});
  }

  /** Guests read their own tickets from now on. */
  async serveThemselves(): Promise<void> {
    if (!this.view?.pins) return this.tell({ key: "notice.no_pins" });
    this.panel = "none";
    await this.turn("kiosk", {});
  }

  /** Ctrl+E: every scan checks out, or lets in again. */
  async turnOut(): Promise<void> {
    if (this.view?.phase.kind === "door") await this.turn("set_out", { out: !this.view.out }, "notice.set_out");
  }

  /** Ctrl+P: the badge of the card's guest; without a card the one that failed. */
  async printBadge(): Promise<void> {
    const whose = this.view && badgeToPrint(this.view, this.card);
    if (whose) await this.#print(whose);
    else this.tell({ key: "notice.no_badge" });
  }

  /** Prints a failed badge again, if the hand meant this one. */
  printAgain(failed: BadgeFailed, at: number): void {
    if (this.guard.allows(at)) void this.#print(failed);
  }

  /** Takes the card off the stage. */
  clearCard(): void {
    const card = this.card;
    if (!card) return;
    this.#cleared = this.#visit(card);
    this.#stop();
    void this.turn("close", { id: card.id });
  }

  /** Esc on a supervisor's message, on the stage or in the strip with nothing else open; whether there was one. */
  escapeMessage(at: number): boolean {
    const inStrip = this.panel === "none" && !this.card && !this.lesson && this.strip?.said;
    if (this.covered || this.panel === "message") this.gotIt(at);
    else if (inStrip) this.#readStrip(at);
    else return false;
    return true;
  }

  /** Esc: the open panel, else the card and the *not saved*. */
  escape(at: number): void {
    if (this.#closeShown()) return;
    if (this.panel !== "none") {
      this.panel = "none";
      return;
    }
    if (!this.guard.allows(at)) return;
    const unsaved = this.view?.not_saved;
    if (unsaved) this.#clearedNotSaved = `${unsaved.name}/${unsaved.problem}`;
    this.clearCard();
  }

  /** The supervisor's message was read. */
  gotIt(at: number): void {
    const message = this.view?.message;
    if (!message || !this.guard.allows(at)) return;
    if (this.panel === "message") this.panel = "none";
    void this.turn("message_read", { id: message.id });
  }

  /** Asks for a place for the card's guest from a panel over it; what becomes of that stands on the card. */
  askPlace(at: number): void {
    if (!this.guard.allows(at)) return;
    this.panel = "none";
    this.act("ask_place", at);
  }

  /** Calls a supervisor, or no longer. */
  callHelp(on: boolean, at: number): void {
    if (this.guard.allows(at)) void this.turn("help", { on });
  }

  /** Shows a sentence in the strip for a moment. */
  tell(message: Message): void {
    clearTimeout(this.#noticeEnd);
    this.notice = message;
    this.#noticeEnd = setTimeout(() => (this.notice = null), NOTICE_MS);
  }

  /** Makes a sound, unless muted, within the frame that shows its card. */
  sound(sound: Sound): void {
    if (muted()) return;
    const play = (): void => this.speaker.play(sound, volume());
    if (document.hidden) play();
    else requestAnimationFrame(play);
  }

  // Only said where there is a printer: otherwise the strip says that there is none.
  async #print({ id, name }: { id: string; name: string }): Promise<void> {
    const view = await this.run("print", { id }, "notice.no_badge");
    if (!view) return;
    this.receive(view);
    if (name && view.badges.set.printer) this.tell({ key: "notice.printing", values: { name: { name: this.shownName(name) } } });
  }

  // What was written shows on the card; what was not is told.
  async #checkOut(id: string): Promise<void> {
    const left = await this.run("check_out", { id }, "notice.check_out");
    if (left && left.kind !== "checked_out") this.tell({ key: left.kind === "nobody" ? "notice.check_out" : "notice.set_out" });
  }

  // Words that were not seen whole are not read yet.
  #readStrip(at: number): void {
    if (this.strip?.said?.fits) this.gotIt(at);
    else if (this.guard.allows(at)) this.panel = "message";
  }

  // A new message takes no key that was meant for what stood there; an urgent one sounds once.
  #hears(view: DeskView): void {
    const message = view.message;
    if (message?.id === this.#heard?.id) return;
    this.#heard = message && { id: message.id, since: this.now };
    if (this.panel === "message") this.panel = "none";
    if (!message) return;
    this.guard.changed(performance.now());
    if (message.urgent) this.sound("fault");
  }

  #visit(card: CardView): string {
    return [cardKey(card), card.again, card.at_ms].join("/");
  }

  #corrected(): number {
    return this.#base.now + (performance.now() - this.#base.at);
  }

  /** Asks for the view as it is now. */
  async look(): Promise<void> {
    const view = await this.run("look", {});
    if (view) this.receive(view);
  }

  // The program may still be starting: ask until there is a view.
  async #look(): Promise<void> {
    const first = await this.api.call("look", {}).catch(() => null);
    if (first) this.receive(first);
    else if (!this.view) this.#lookAgain = setTimeout(() => void this.#look(), LOOK_AGAIN_MS);
  }

  // Away from a volunteer nobody closes the desk either: that is said, and guests' hosts are asked for the PIN.
  #askClosing(closing: ClosingView): void {
    const attended = this.view?.attended ?? "volunteer";
    if (attended !== "volunteer") {
      this.tell({ key: "notice.closing_locked" });
      if (attended === "guest") this.panel = "leave_kiosk";
      return;
    }
    this.closing = closing;
    this.panel = "closing";
  }

  #cardChanged(before: CardView | null, after: CardView | null): void {
    if (before && after && this.#visit(before) === this.#visit(after)) return;
    if (!before && !after) return;
    this.guard.changed(performance.now());
    this.#stop();
    if (!after) return;
    if (after.id !== before?.id || after.again) this.panel = "none";
    const sound = soundFor(before, after);
    if (sound) this.sound(sound);
    if (sound && after.id !== before?.id) this.#speak(after);
    // What is being learned stays until it was understood.
    const stay = this.lesson ? null : this.view?.attended === "guest" ? KIOSK_STAY_MS : stayMs(after);
    if (stay !== null) this.#stay = setTimeout(() => this.#stayOver(), stay);
    if (cardClass(after) === "F") this.#fault = setInterval(() => this.sound("fault"), FAULT_AGAIN_MS);
  }

  // A card that a supervisor is looking at stays.
  #stayOver(): void {
    if (this.panel === "supervisor") this.#stay = setTimeout(() => this.#stayOver(), STAY_AGAIN_MS);
    else this.clearCard();
  }

  // Some panels are shown and taken away by the desk: a ticket may close an order, and letting them in does.
  #shows(panel: "order" | "ready", before: boolean, shown: boolean): void {
    if (!shown && this.panel === panel) this.panel = "none";
    if (!shown || this.panel === "closing" || (before && this.panel !== "none")) return;
    if (this.panel !== panel) this.guard.changed(performance.now());
    this.panel = panel;
  }

  // Closes what the desk shows by itself, if it does.
  #closeShown(): boolean {
    if (this.panel === "order") void this.turn("close_order", {});
    else if (this.panel === "ready") void this.turn("ready", { open: false });
    else return false;
    return true;
  }

  // After the sound, which says more: a name alone tells nobody whether its guest may pass.
  #speak(card: CardView): void {
    if (!spoken() || muted() || this.view?.names_hidden) return;
    const name = this.view?.attended === "guest" ? kioskFace(card, { now: this.now, place: this.place }).name : card.guest?.name;
    if (name) setTimeout(() => speakName(name, language(), volume()), SPEAK_AFTER_MS);
  }

  #stop(): void {
    clearTimeout(this.#stay);
    clearInterval(this.#fault);
  }
}

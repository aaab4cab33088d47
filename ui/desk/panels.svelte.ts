// Which panel covers the stage, and what its coming and going asks of the desk: scans are held while something is written,
// settings that a PIN opened are closed behind who leaves them, and what the desk itself shows is told to close.

import type { ClosingView, DeskView, PinOutcome } from "../bindings/usher";
import { PANELS, type Panel } from "./model/panels";
import type { Desk } from "./state.svelte";

/** The panels of the desk window; one per window. */
export class Panels {
  /** What the window's closing would leave behind, once somebody asked to close it. */
  closing = $state.raw<ClosingView | null>(null);

  #panel = $state<Panel>("none");
  #desk: Desk;
  /** The desk holds its scans, as far as this window asked. */
  #held = false;
  #asked = 0;
  /** Letting go is under way: asked to hold meanwhile, the desk would hear the two in any order. */
  #releasing: Promise<void> | null = null;
  /** What is done once a PIN has opened the settings. */
  #then: (() => void) | null = null;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The panel that is open. */
  get panel(): Panel {
    return this.#panel;
  }

  /** Opens a panel; what the desk itself shows is closed before it. */
  open(panel: Panel): void {
    this.#closeShown();
    this.show(panel);
  }

  /** Esc: closes the open panel; whether there was one. */
  escape(): boolean {
    if (this.#closeShown()) return true;
    const some = this.#panel !== "none";
    this.show("none");
    return some;
  }

  /** Somebody wants to close the window. Away from a volunteer nobody does: that is said, and guests' hosts are asked for the PIN. */
  askClosing(closing: ClosingView): void {
    if (this.#desk.volunteer) {
      this.closing = closing;
      return this.show("closing");
    }
    this.#desk.tell({ key: "notice.closing_locked" });
    if (this.#desk.view?.attended === "guest") this.show("leave_kiosk");
  }

  /** Another panel, or none. */
  show(next: Panel): void {
    const left = this.#panel;
    if (left === next) return;
    this.#panel = next;
    if (left === "pin") this.#then = null;
    if (!PANELS[next].holds) this.#release();
    if (PANELS[left].settings && !PANELS[next].settings) this.#closeSettings();
  }

  /** Opens a panel in which something is written, once the desk holds its scans. What came to the stage meanwhile stays; `begin` may still say no. */
  async hold(panel: Panel, begin: () => boolean): Promise<void> {
    const before = [this.#panel, this.#desk.card?.id];
    const asked = ++this.#asked;
    if (this.#releasing) await this.#releasing;
    const view = await this.#desk.run("hold_scans", { held: true });
    if (!view) return;
    this.#held = true;
    this.#desk.receive(view);
    if (asked !== this.#asked) return;
    const card = this.#desk.card?.id;
    const stands = this.#panel === before[0] && (card === undefined || card === before[1]) && view.phase.kind === "door";
    if (stands && begin()) this.show(panel);
    else if (!PANELS[this.#panel].holds) this.#release();
  }

  /** Does what wants open settings: at once, or once the PIN that they want has opened them. */
  settings(then: () => void = () => this.open("settings")): void {
    if (this.#desk.view?.settings_open) return then();
    this.open("pin");
    this.#then = then;
  }

  /** Tries a PIN on the settings. Opened for a dialog that is gone by now they are closed again. */
  async trySettings(pin: string): Promise<PinOutcome | undefined> {
    const outcome = await this.#desk.run("open_settings", { pin });
    if (outcome?.kind !== "opened") return outcome;
    await this.#desk.look();
    if (!PANELS[this.#panel].settings && this.#panel !== "pin") this.#closeSettings();
    return outcome;
  }

  /** The PIN was right. */
  settingsOpened(): void {
    this.#then?.();
  }

  /** A view has come: what it takes away from the open panel. */
  heard(was: DeskView | null, view: DeskView): void {
    // Whoever else stands before the screen now, the desk lets go by itself.
    if (view.attended !== "volunteer") this.#held = false;
    if (was?.settings_open && !view.settings_open && this.#panel === "settings") this.settings();
    // What was begun in a practice is not ended at the real door, nor by who stands before the screen now.
    const other = was !== null && ((was.practice === null) !== (view.practice === null) || was.attended !== view.attended);
    const away = view.phase.kind !== "door" && !PANELS[this.#panel].anywhere;
    if (away || (other && this.#panel !== "closing")) this.show("none");
  }

  /** Some panels are shown and taken away by the desk: a ticket may close an order, and letting them in does. */
  shown(panel: "order" | "ready", before: boolean, shown: boolean): void {
    if (!shown && this.#panel === panel) this.show("none");
    if (!shown || this.#panel === "closing" || (before && this.#panel !== "none")) return;
    if (this.#panel !== panel) this.#desk.guard.changed(performance.now());
    this.show(panel);
  }

  // Closes what the desk shows by itself, if it does.
  #closeShown(): boolean {
    if (this.#panel === "order") void this.#desk.turn("close_order", {});
    else if (this.#panel === "ready") void this.#desk.turn("ready", { open: false });
    else return false;
    return true;
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    const done = this.#desk.turn("hold_scans", { held: false }).finally(() => {
      if (this.#releasing === done) this.#releasing = null;
    });
    this.#releasing = done;
  }

  #closeSettings(): void {
    const view = this.#desk.view;
    if (view?.pins && view.settings_open) void this.#desk.turn("close_settings", {});
  }
}

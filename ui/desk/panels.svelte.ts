// Which panel covers the stage, and what its coming and going asks of the desk: scans are held while something is written,
// and settings that a PIN opened are closed behind who leaves them.

import type { DeskView, PinOutcome } from "../bindings/usher";
import { PANELS, type Panel } from "./model/panels";
import type { Desk } from "./state.svelte";

/** The panels of the desk window; one per window. */
export class Panels {
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
  get open(): Panel {
    return this.#panel;
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
  settings(then: () => void = () => this.#desk.open("settings")): void {
    if (this.#desk.view?.settings_open) return then();
    this.#desk.open("pin");
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

// The desk window's commands to its program, and what is told where one could not be carried out.

import type { DeskCommands, DeskView, WindowError } from "../bindings/usher";
import { windowError, type DeskApi } from "../shared/api";
import type { Key, Message } from "../shared/messages";

/** Commands that answer with a whole view. */
type TurnCommand = "hold_scans" | "start" | "also" | "leave" | "set_door" | "set_names" | "set_camera" | "set_out" | "close" | "order" | "tick" | "admit_order" | "close_order" | "practice" | "learn" | "set_scanner" | "ready" | "print" | "print_test" | "print_seen" | "message_read" | "help" | "ask_place" | "lock" | "kiosk" | "close_settings";

/** How long a notice stays, in ms. */
const NOTICE_MS = 6_000;

const NOTICES: Record<WindowError["kind"], Key> = {
  bad_call: "notice.bad_call",
  not_ready: "notice.not_ready",
  not_possible: "notice.not_possible",
  locked: "notice.locked",
  store: "notice.store",
};

/** A window that calls its program and takes the views that come back. */
export abstract class Calls {
  notice = $state.raw<Message | null>(null);
  readonly api: DeskApi;

  #noticeEnd: ReturnType<typeof setTimeout> | undefined;

  constructor(api: DeskApi) {
    this.api = api;
  }

  /** The last view. */
  abstract view: DeskView | null;
  /** Takes a whole view. */
  abstract receive(view: DeskView): void;

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
      if (failed && error.kind === "not_possible") this.tell({ key: failed });
      else this.tellRefused(error);
      return undefined;
    }
  }

  /** Carries a command out that answers with a whole view. */
  async turn(name: TurnCommand, args: DeskCommands[typeof name]["args"], failed?: Key): Promise<void> {
    const view = await this.run(name, args, failed);
    if (view) this.receive(view);
  }

  /** Asks for the view as it is now. */
  async look(): Promise<void> {
    const view = await this.run("look", {});
    if (view) this.receive(view);
  }

  /** Shows a sentence in the strip for a moment. */
  tell(message: Message): void {
    clearTimeout(this.#noticeEnd);
    this.notice = message;
    this.#noticeEnd = setTimeout(() => (this.notice = null), NOTICE_MS);
  }

  /** Says why something could not be carried out. To a volunteer the desk is not locked: what is refused are its settings. */
  tellRefused(error: WindowError): void {
    const settings = error.kind === "locked" && this.view?.attended === "volunteer";
    this.tell({ key: settings ? "notice.settings_closed" : NOTICES[error.kind] });
  }
}

// A program behind the window for tests: it carries out what `call` says, and by itself says nothing.

import type { DeskApi } from "../shared/api";

const silent = (): Promise<() => void> => Promise.resolve(() => undefined);

/** The desk's program, with this answer to its commands. */
export function programOf(call: DeskApi["call"]): DeskApi {
  return { call, onView: silent, onConnected: silent, onScanFailed: silent, onClosing: silent, watchCamera: () => Promise.resolve(), closeDesk: () => Promise.resolve() };
}

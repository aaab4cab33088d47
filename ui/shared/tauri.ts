// The Api over Tauri: two commands carry every call by name, events carry the pushed views.

import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { ClosingView, ConnectOutcome, DeskView, SupervisorView, WindowError } from "../bindings/usher";
import type { DeskApi, SupervisorApi } from "./api";

/** The desk window's door. */
export function tauriDesk(): DeskApi {
  return {
    call: (name, args) => invoke("desk", { name, args }),
    onView: (hear) => listen<DeskView>("desk-view", (event) => hear(event.payload)),
    watchCamera: (show) => invoke("watch_camera", { channel: new Channel<ArrayBuffer>(show) }),
    onConnected: (hear) => listen<ConnectOutcome>("desk-connect", (event) => hear(event.payload)),
    onScanFailed: (hear) => listen<WindowError>("desk-scan-failed", (event) => hear(event.payload)),
    onClosing: (hear) => listen<ClosingView>("desk-closing", (event) => hear(event.payload)),
    closeDesk: () => invoke("close_desk"),
  };
}

/** The supervisor window's door. */
export function tauriSupervisor(): SupervisorApi {
  return {
    call: (name, args) => invoke("supervise", { name, args }),
    onView: (hear) => listen<SupervisorView>("supervisor-view", (event) => hear(event.payload)),
  };
}

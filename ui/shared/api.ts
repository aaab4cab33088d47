// The one door between the windows and the desk's program. No component knows what is behind it.

import type {
  ClosingView,
  ConnectOutcome,
  DeskCommands,
  DeskView,
  SupervisorCommands,
  SupervisorView,
  WindowError,
} from "../bindings/usher";

/** Commands by name, typed from the generated lists. */
export interface Api<Commands extends Record<keyof Commands, { args: unknown; output: unknown }>, View> {
  /** Carries a command out. Rejects with a {@link WindowError}. */
  call<Name extends keyof Commands & string>(
    name: Name,
    args: Commands[Name]["args"],
  ): Promise<Commands[Name]["output"]>;
  /** Hears every pushed view. Gives back how to stop. */
  onView(hear: (view: View) => void): Promise<() => void>;
}

/** What the desk window can ask for. */
export interface DeskApi extends Api<DeskCommands, DeskView> {
  /** Receives the camera's pictures as JPEG bytes until the window ends. */
  watchCamera(show: (jpeg: ArrayBuffer) => void): Promise<void>;
  /** Hears how connecting by a setup code in the camera's view went. */
  onConnected(hear: (outcome: ConnectOutcome) => void): Promise<() => void>;
  /** Hears that a code before the camera could not be judged, and why. */
  onScanFailed(hear: (error: WindowError) => void): Promise<() => void>;
  /** Hears that somebody wants to close the window while the desk serves a session. */
  onClosing(hear: (closing: ClosingView) => void): Promise<() => void>;
  /** Closes the window for good. */
  closeDesk(): Promise<void>;
}

/** What the supervisor window can ask for. */
export type SupervisorApi = Api<SupervisorCommands, SupervisorView>;

/** Every kind of refusal: a new one does not become a bad call in silence. */
const REFUSALS: Record<WindowError["kind"], true> = { bad_call: true, not_ready: true, not_possible: true, locked: true, store: true };

/** Reads what a rejected call carries; anything unexpected counts as a bad call. */
export function windowError(reason: unknown): WindowError {
  if (typeof reason === "object" && reason !== null && "kind" in reason) {
    const { kind } = reason as { kind: unknown };
    if (typeof kind === "string" && Object.hasOwn(REFUSALS, kind)) return reason as WindowError;
  }
  return { kind: "bad_call" };
}

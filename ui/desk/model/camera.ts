// How a desk's camera is set: what the settings become by one change, and in which words each control stands.

import type { CameraControl, CameraControlKind, CameraSettings, CameraState, CameraView } from "../../bindings/usher";
import type { Key, Message } from "../../shared/messages";

/** What a control is called. */
export const CONTROL_WORDS: Record<CameraControlKind, Key> = {
  light: "camera.light", auto_exposure: "camera.exposure", exposure: "camera.exposure_time", brightness: "camera.brightness", auto_focus: "camera.focus", focus: "camera.focus_distance",
};

/** The two sides of a switch, off and on; none: the control has numbers. */
export const SIDES: Record<CameraControlKind, [off: Key, on: Key] | null> = {
  light: ["camera.light_off", "camera.light_on"], auto_exposure: ["camera.by_hand", "camera.automatic"], auto_focus: ["camera.by_hand", "camera.automatic"],
  exposure: null, brightness: null, focus: null,
};

/** What keeps the camera from reading, in words. */
export const STATE_WORDS: Record<CameraState, Key | null> = {
  off: "camera.off", running: null, none: "camera.none", busy: "camera.busy", forbidden: "camera.forbidden", unplugged: "camera.unplugged", silent: "camera.silent", failed: "camera.failed",
};

/** The settings with this control of this camera at `value`. */
export function withValue(set: CameraSettings, camera: string, kind: CameraControlKind, value: number): CameraSettings {
  const others = set.values.filter((one) => one.camera !== camera || one.kind !== kind);
  return { ...set, values: [...others, { camera, kind, value }] };
}

/** The settings with nothing set at this camera: everything is as it has it. */
export function asDelivered(set: CameraSettings, camera: string): CameraSettings {
  return { ...set, values: set.values.filter((one) => one.camera !== camera) };
}

/** What can be set now: not what the camera chooses by itself at the moment. */
export function settable(camera: CameraView): CameraControl[] {
  return camera.controls.filter((control) => control.active);
}

/** That another camera stands in for the chosen one, or nothing. */
export function standIn(camera: CameraView, set: CameraSettings): Message | null {
  if (!camera.missing || set.device === null) return null;
  return { key: "camera.missing", values: { chosen: { name: set.device }, used: { name: camera.name } } };
}

/** Sends the newest of what follows quickly, one at a time: a slider moves faster than anything is kept. */
export class Newest<Thing> {
  #send: (thing: Thing) => Promise<void>;
  #next: Thing | null = null;
  #busy = false;

  constructor(send: (thing: Thing) => Promise<void>) {
    this.#send = send;
  }

  /** Sends it now, or once what is on its way has arrived; what it replaces is never sent. */
  async put(thing: Thing): Promise<void> {
    this.#next = thing;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#next !== null) {
      const next = this.#next;
      this.#next = null;
      await this.#send(next);
    }
    this.#busy = false;
  }
}

// How loud this window is, as state.

import { recall, remember } from "./settings";

const kept = Number(recall("volume") ?? "1");
let level = $state(Number.isFinite(kept) ? Math.min(1, Math.max(0.1, kept)) : 1);
let silent = $state(recall("muted") === "yes");

/** The volume from 0.1 to 1, whether or not the window is muted. */
export function volume(): number {
  return level;
}

/** Whether the window makes no sound. */
export function muted(): boolean {
  return silent;
}

/** Sets the volume, in tenths, and ends a mute. */
export function setVolume(next: number): void {
  level = Math.min(1, Math.max(0.1, Math.round(next * 10) / 10));
  remember("volume", String(level));
  setMuted(false);
}

/** Mutes or ends a mute. */
export function setMuted(next: boolean): void {
  silent = next;
  remember("muted", next ? "yes" : "no");
}

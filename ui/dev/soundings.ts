// How the sounds of the door really sound: rendered by the browser's own audio, then measured (UX section 9).

import { PATTERNS, schedule, type Sound } from "../shared/sounds";

const RATE = 44_100;
/** What is compared of each sound, in s. */
const COMPARED_S = 0.5;
/** What counts as silence, as a factor of full scale. */
const SILENCE = 1e-3;
/** How far one sound is moved against the other while they are compared, in ms. */
const SHIFT_MS = 30;

/** What was measured. */
export interface Soundings {
  /** From a sound's first to its last sample that can be heard, in ms. */
  lengthsMs: Record<string, number>;
  /** What its notes add up to on paper, in ms. */
  wantedMs: Record<string, number>;
  /** Each pair: the largest correlation of their first half second, 0 to 1. */
  alike: Record<string, number>;
}

const SOUNDS: readonly Sound[] = ["go", "ask", "stop", "fault"];

async function rendered(sound: Sound): Promise<Float32Array> {
  const context = new OfflineAudioContext(1, RATE, RATE);
  schedule(context, PATTERNS[sound], 0, 1);
  return (await context.startRendering()).getChannelData(0);
}

function lengthMs(wave: Float32Array): number {
  const loud = (value: number): boolean => Math.abs(value) > SILENCE;
  return ((wave.findLastIndex(loud) - wave.findIndex(loud)) / RATE) * 1000;
}

/** The largest correlation of two waves, one moved a little against the other. */
function correlation(a: Float32Array, b: Float32Array): number {
  const length = COMPARED_S * RATE, shift = (SHIFT_MS / 1000) * RATE;
  const energy = (wave: Float32Array): number => wave.subarray(0, length).reduce((sum, value) => sum + value * value, 0);
  let most = 0;
  for (let by = -shift; by <= shift; by += 1) {
    let sum = 0;
    for (let at = Math.max(0, -by); at < Math.min(length, length - by); at += 1) sum += (a[at] ?? 0) * (b[at + by] ?? 0);
    most = Math.max(most, Math.abs(sum));
  }
  return most / Math.sqrt(energy(a) * energy(b));
}

/** Renders and measures all four. */
export async function soundings(): Promise<Soundings> {
  const waves = await Promise.all(SOUNDS.map(async (sound) => [sound, await rendered(sound)] as const));
  const pairs = waves.flatMap(([one, a], at) => waves.slice(at + 1).map(([other, b]) => [`${one}/${other}`, correlation(a, b)] as const));
  const wanted = (sound: Sound): number => Math.max(...PATTERNS[sound].notes.map((note) => note.at + note.length));
  return {
    lengthsMs: Object.fromEntries(waves.map(([sound, wave]) => [sound, lengthMs(wave)])),
    wantedMs: Object.fromEntries(SOUNDS.map((sound) => [sound, wanted(sound)])),
    alike: Object.fromEntries(pairs),
  };
}

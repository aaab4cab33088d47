// A voice that says guests' names, where the computer has one and the desk wants it.

import { intlTag, type Language } from "./messages";
import { recall, remember } from "./settings";

let wanted = $state(recall("voice") === "on");

/** Whether names are spoken. */
export function spoken(): boolean {
  return wanted;
}

/** Speaks names from now on, or no longer. */
export function setSpoken(on: boolean): void {
  wanted = on;
  remember("voice", on ? "on" : "off");
}

/** Whether this computer has a voice at all. */
export function hasVoice(): boolean {
  return typeof speechSynthesis !== "undefined" && speechSynthesis.getVoices().length > 0;
}

/** Says a name; the next one cuts it off, so that no voice is behind the line. */
export function speakName(name: string, language: Language, volume: number): void {
  if (!hasVoice()) return;
  speechSynthesis.cancel();
  const words = new SpeechSynthesisUtterance(name);
  words.lang = intlTag(language).split("-u-")[0] ?? language;
  words.volume = volume;
  speechSynthesis.speak(words);
}

// The language in use, as state: every worded text follows a change at once.

import { chooseLanguage, parts, text, type Key, type Language, type Message, type Part, type Values } from "./messages";
import { recall, remember } from "./settings";

function initial(): Language {
  const kept = recall("language");
  return kept === null ? chooseLanguage(navigator.languages) : chooseLanguage([kept]);
}

let current = $state<Language>(initial());

/** The language in use. */
export function language(): Language {
  return current;
}

/** Speaks another language from now on. */
export function speak(next: Language): void {
  current = next;
  remember("language", next);
}

/** A text of the locale file. */
export function t(key: Key, values: Values = {}): string {
  return text(current, { key, values });
}

/** A prepared message as text. */
export function say(message: Message): string {
  return text(current, message);
}

/** A prepared message in pieces, names apart. */
export function pieces(message: Message): Part[] {
  return parts(current, message);
}

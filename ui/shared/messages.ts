// Words from the locale files: which key, which plural, which parts are names. Knows no window and no state.

import en from "./locales/en.json";
import de from "./locales/de.json";
import es from "./locales/es.json";
import tr from "./locales/tr.json";
import hi from "./locales/hi.json";
import ar from "./locales/ar.json";

/** A language of the windows. */
export type Language = "en" | "de" | "es" | "tr" | "hi" | "ar";

type Base<Key> = Key extends `${infer Stem}#${string}` ? Stem : Key;
/** A message's name, without its plural form. */
export type Key = Base<keyof typeof en>;

/** A value put into a message. A `name` is shown in its own direction. */
export type Value = string | number | { name: string };
/** Values by the word in braces; `count` also chooses the plural form. */
export type Values = Record<string, Value>;
/** A sentence that is yet to be worded. */
export interface Message {
  key: Key;
  values?: Values;
}
/** A piece of a worded sentence. */
export interface Part {
  text: string;
  isName: boolean;
}

/** Every locale file. */
export const LOCALES: Record<Language, Record<string, string>> = { en, de, es, tr, hi, ar };
/** The languages by their own names. */
export const LANGUAGES: Record<Language, string> = {
  en: "English", de: "Deutsch", es: "Español", tr: "Türkçe", hi: "हिन्दी", ar: "العربية",
};

/** The tag for Intl: Latin digits everywhere, so that a number reads the same on every desk. */
export function intlTag(language: Language): string {
  return language === "en" ? "en-GB" : `${language}-u-nu-latn`;
}

/** The first language of the list that Usher speaks. */
export function chooseLanguage(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in LOCALES);
  return (found as Language | undefined) ?? "en";
}

function template(language: Language, key: Key, values: Values): string {
  const words = LOCALES[language];
  const count = values["count"];
  if (typeof count === "number") {
    const form = words[`${key}#${new Intl.PluralRules(intlTag(language)).select(count)}`];
    const found = form ?? words[`${key}#other`];
    if (found !== undefined) return found;
  }
  return words[key] ?? LOCALES.en[key] ?? key;
}

function worded(value: Value, language: Language): Part {
  if (typeof value === "number") {
    return { text: new Intl.NumberFormat(intlTag(language)).format(value), isName: false };
  }
  return typeof value === "string" ? { text: value, isName: false } : { text: value.name, isName: true };
}

/** The message in pieces, names apart. */
export function parts(language: Language, message: Message): Part[] {
  const values = message.values ?? {};
  return template(language, message.key, values)
    .split(/\{(\w+)\}/)
    .map((piece, at): Part => {
      if (at % 2 === 0) return { text: piece, isName: false };
      const value = values[piece];
      return value === undefined ? { text: `{${piece}}`, isName: false } : worded(value, language);
    })
    .filter((part) => part.text !== "");
}

/** The message as plain text. */
export function text(language: Language, message: Message): string {
  return parts(language, message)
    .map((part) => part.text)
    .join("");
}

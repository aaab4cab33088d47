import { describe, expect, it } from "vitest";
import { clock, day, moment, span } from "./format";
import en from "./locales/en.json";
import { chooseLanguage, intlTag, LOCALES, parts, text, type Key, type Language } from "./messages";

const languages = Object.keys(LOCALES) as Language[];
const stem = (key: string): string => key.split("#")[0] ?? key;
const braces = (words: string): string[] => [...words.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();

describe.each(languages)("locale %s", (language) => {
  const words = LOCALES[language];

  it("has every message and no other", () => {
    const wanted = new Set(Object.keys(en).map(stem));
    const there = new Set(Object.keys(words).map(stem));
    expect([...wanted].filter((key) => !there.has(key))).toEqual([]);
    expect([...there].filter((key) => !wanted.has(key))).toEqual([]);
  });

  it("has every plural form that the language needs", () => {
    const forms = new Intl.PluralRules(intlTag(language)).resolvedOptions().pluralCategories;
    const plural = new Set(Object.keys(words).filter((key) => key.includes("#")).map(stem));
    for (const key of plural) for (const form of forms) expect(words[`${key}#${form}`] ?? words[`${key}#other`], `${key}#${form}`).toBeTruthy();
    for (const key of plural) expect(words[`${key}#other`], key).toBeTruthy();
  });

  it("uses the same values in braces as English", () => {
    for (const [key, there] of Object.entries(words)) {
      const base = (en as Record<string, string>)[stem(key)] ?? (en as Record<string, string>)[`${stem(key)}#other`] ?? "";
      // Words such as Arabic "one" and "two" say the number themselves.
      const left = braces(base).filter((value) => value !== "count" || !key.includes("#"));
      expect(braces(there).filter((value) => value !== "count" || !key.includes("#")), key).toEqual(left);
    }
  });

  it("keeps titles within 18 characters and words of 12, lines within 90, buttons within 16", () => {
    for (const [key, there] of Object.entries(words)) {
      const plain = there.replace(/\{(\w+)\}/g, "00:00");
      if (/^(card|idle|two_codes)\..*title$/.test(key)) {
        expect(plain.length, `${key}: ${plain}`).toBeLessThanOrEqual(language === "en" ? 18 : 20);
        for (const word of plain.split(/[\s-]/)) expect(word.length, `${key}: ${word}`).toBeLessThanOrEqual(12);
      }
      if (/^card\./.test(key) && !/title$/.test(key)) expect(plain.length, `${key}: ${plain}`).toBeLessThanOrEqual(90);
      if (/^action\./.test(key)) expect(plain.length, `${key}: ${plain}`).toBeLessThanOrEqual(16);
    }
  });
});

describe("English words", () => {
  const BANNED = /\b(sync\w*|queue\w*|upload\w*|grants?|rights?|quota|replica|database|snapshot|participants?|stations?|accept\w*|declin\w+|duplicate\w*|invalid|fraud|forged|override|admin|roles?|stale|pending|conflict\w*|please|oops|error)\b/i;
  it("hold none of the words that volunteers do not know", () => {
    const found = Object.entries(en).filter(([, words]) => BANNED.test(words));
    expect(found).toEqual([]);
    expect(BANNED.test("The sync queue is stale")).toBe(true);
  });
});

describe("German words", () => {
  const BANNED = /\b(sync\w*|synchron\w*|warteschlange\w*|hochladen|datenbank\w*|replik\w*|kontingent\w*|ungültig|betrug|gefälscht|duplikat\w*|bitte|fehler\w*|konflikt\w*|administrator\w*)\b/i;
  it("hold none of them either", () => {
    expect(Object.entries(LOCALES.de).filter(([, words]) => BANNED.test(words))).toEqual([]);
  });
});

describe.each([
  ["es", /\b(sincroni\w*|cola|subir|cuota|réplica|base de datos|inválid\w*|fraude|falsificad\w*|duplicad\w*|por favor|errore?s?|conflicto\w*|administrador\w*)\b/i],
  ["tr", /lütfen|\bhata|kuyruk|senkron|eşitle|\bkota\b|veritabanı|geçersiz|sahte|çakışma|yönetici/i],
  ["hi", /कृपया|त्रुटि|सिंक|कतार|कोटा|डेटाबेस|अमान्य|नकली|धोखा|एडमिन/],
] as const)("%s words", (language, banned) => {
  it("hold none of them either", () => {
    expect(Object.entries(LOCALES[language]).filter(([, words]) => banned.test(words))).toEqual([]);
  });
});

// The event, its organiser, the supervisor, the desk and the guest have one name each, and volunteers are spoken to in one way.
describe.each([
  ["de", /\b(Events?|Veranstalter\w*|Leitung|[Dd]ieser Platz (wurde|kann))\b/],
  ["es", /\b(usted|quiere)\b/i],
  ["tr", /yetkili|konu[kğ](?!ş)(lar|u|un|a)?\b|düzenleyen/i],
  ["hi", /पर्यवेक्षक|अतिथि|सत्र|आयोजन(?!क)|मेन्यू/],
] as const)("%s words", (language, others) => {
  it("call one thing by one name", () => {
    expect(Object.entries(LOCALES[language]).filter(([, words]) => others.test(words))).toEqual([]);
  });
});

describe("wording", () => {
  it("keeps names apart from the sentence", () => {
    expect(parts("en", { key: "strip.left_open", values: { name: { name: "محمد" } } })).toEqual([
      { text: "Not let in: ", isName: false },
      { text: "محمد", isName: true },
    ]);
  });
  it("never reads a value as a template", () => {
    expect(text("en", { key: "strip.left_open", values: { name: { name: "{name}" } } })).toBe("Not let in: {name}");
  });
  it("chooses plurals and writes numbers in Latin digits everywhere", () => {
    const label = (language: Language, count: number): string => text(language, { key: "find.title", values: { count } });
    expect([label("en", 1), label("en", 1200)]).toEqual(["1 found", "1,200 found"]);
    for (const language of languages) expect(label(language, 7)).toMatch(/7/);
  });
  it("speaks what the computer speaks, else English", () => {
    expect(chooseLanguage(["de-AT", "en"])).toBe("de");
    expect(chooseLanguage(["fr", "ar-EG"])).toBe("ar");
    expect(chooseLanguage(["C"])).toBe("en");
  });
});

describe("times", () => {
  const at = Date.UTC(2026, 4, 12, 22, 30, 5);
  it("are the event's, wherever the desk is", () => {
    expect(clock(at, { language: "en", zone: "Europe/Berlin" })).toBe("00:30");
    expect(day(at, { language: "en", zone: "Europe/Berlin" })).toBe("13 May");
    expect(clock(at, { language: "ar", zone: "America/New_York" })).toMatch(/18:30/);
    expect(moment(at, at + 3_600_000, { language: "en", zone: "Europe/Berlin" })).toBe("00:30");
    expect(moment(at, at + 86_400_000, { language: "en", zone: "Europe/Berlin" })).toBe("13 May, 00:30");
  });
  it("do not fail on a zone that the computer does not know", () => {
    expect(clock(at, { language: "en", zone: "Mars/Olympus" })).toMatch(/^\d\d:\d\d$/);
  });
  it("spans use their largest whole unit and are never negative", () => {
    const worded = (ms: number): string => text("en", span(ms));
    expect([-5, 40_000, 60_000, 119 * 60_000, 3 * 3_600_000, 72 * 3_600_000].map(worded)).toEqual(["0 s", "40 s", "1 min", "119 min", "3 h", "3 days"]);
  });
});

it("every key is used by its name", () => {
  const key: Key = "card.come_in.title";
  expect(text("en", { key })).toBe("Come in");
});

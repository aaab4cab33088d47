// Names that are to be recognised by who knows them, and by nobody else. Pure.

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function first(word: string): string {
  for (const one of graphemes.segment(word)) return one.segment;
  return "";
}

/** "Ana Gómez de la Fuente" as "A. F.": the first letters, as a reader of the script counts letters, of the first and the last word. */
export function initials(name: string): string {
  const words = name.split(/[\s,]+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => `${first(word ?? "")}.`).join(" ");
}

/** How long a name stays without a key, in ms: personal data leaves the screen (UX section 1). */
export const NAME_STAYS_MS = 30_000;

/** A name as the door's screen may show it: whole, unless guests see it or it has stood there for a while. */
export function shownName(hidden: boolean, name: string, ageMs = 0): string {
  return hidden || ageMs >= NAME_STAYS_MS ? initials(name) : name;
}

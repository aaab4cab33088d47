// What Enter means in the find field, and which letters of a name were found. Pure.

/** Fewest letters that are searched for. */
export const FIND_LENGTH_MIN = 2;
/** Shortest ticket code. */
export const CODE_LENGTH_MIN = 8;

/** Whether a text that this desk knows neither as a code nor of anybody may be a code all the same: long enough, one word, no e-mail
    address, and with a digit, so that no half-typed name is called an unknown ticket. */
export function mayBeCode(text: string): boolean {
  return text.length >= CODE_LENGTH_MIN && !/[\s@]/.test(text) && /\d/.test(text);
}

/** Letters that no decomposition makes plain; the desk's own list of them is longer (crates/replica/src/fold.rs). */
const PLAIN: Record<string, string> = { ı: "i", ł: "l", ø: "o", đ: "d", ð: "d", ß: "ss", æ: "ae", œ: "oe", þ: "th" };

function folded(text: string): string {
  const plain = text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f\u064b-\u0655\u0640]/gu, "");
  return plain.replace(/[ıłøđðßæœþ]/gu, (letter) => PLAIN[letter] ?? letter);
}

/** The name in three pieces, the found letters in the middle; whole in the first where nothing matches. */
export function found(name: string, typed: string): [before: string, match: string, after: string] {
  const letters = [...name];
  const wanted = folded(typed.trim().split(/\s+/)[0] ?? "");
  if (!wanted) return [name, "", ""];
  for (let from = 0; from < letters.length; from += 1) {
    const startsWord = from === 0 || /[\s\-'’,.]/.test(letters[from - 1] ?? "");
    if (!startsWord) continue;
    for (let to = from + 1; to <= letters.length; to += 1) {
      if (folded(letters.slice(from, to).join("")) === wanted) {
        return [letters.slice(0, from).join(""), letters.slice(from, to).join(""), letters.slice(to).join("")];
      }
    }
  }
  return [name, "", ""];
}

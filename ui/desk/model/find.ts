// What Enter means in the find field, and which letters of a name were found. Pure.

/** Fewest letters that are searched for. */
export const FIND_LENGTH_MIN = 2;
/** Shortest ticket code. */
export const CODE_LENGTH_MIN = 8;

/** Whether the text can be a ticket code typed by hand: long enough, one word, no e-mail address, with a digit or unlike any name found. */
export function looksLikeCode(text: string, rowsFound: number): boolean {
  const code = text.trim();
  if (code.length < CODE_LENGTH_MIN || /[\s@]/.test(code)) return false;
  return /\d/.test(code) || rowsFound === 0;
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
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

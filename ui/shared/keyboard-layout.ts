// What a scanner that types as a US keyboard meant, from the places of the keys. Knows nothing of timing.

const LETTER = /^Key([A-Z])$/;
const DIGIT = /^(?:Digit|Numpad)(\d)$/;
const SHIFTED_DIGITS = ")!@#$%^&*(";
const SIGNS: Record<string, readonly [plain: string, shifted: string]> = {
  Space: [" ", " "],
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  Backslash: ["\\", "|"],
  IntlBackslash: ["\\", "|"],
  Semicolon: [";", ":"],
  Quote: ["'", '"'],
  Backquote: ["`", "~"],
  Comma: [",", "<"],
  Period: [".", ">"],
  Slash: ["/", "?"],
  NumpadAdd: ["+", "+"],
  NumpadSubtract: ["-", "-"],
  NumpadMultiply: ["*", "*"],
  NumpadDivide: ["/", "/"],
  NumpadDecimal: [".", "."],
};

/** The character that a US keyboard gives for this key; none for a key without one. */
export function usCharacter(code: string, shift: boolean): string | null {
  const letter = LETTER.exec(code)?.[1];
  if (letter) return shift ? letter : letter.toLowerCase();
  const digit = DIGIT.exec(code)?.[1];
  if (digit) return shift && code.startsWith("Digit") ? (SHIFTED_DIGITS[Number(digit)] ?? digit) : digit;
  const sign = SIGNS[code];
  return sign ? sign[shift ? 1 : 0] : null;
}

/** The text with small and capital letters exchanged, as Caps Lock would have done. */
export function capsInverted(text: string): string {
  return [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("");
}

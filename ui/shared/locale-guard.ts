// Under LANG=C WebKitGTK reports the language "C", and every Intl constructor throws on it.
// This module must be the first one that a page loads; it mends the value and leaves out everything else.

try {
  new Intl.NumberFormat(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-US", configurable: true });
  Object.defineProperty(navigator, "languages", { value: ["en-US"], configurable: true });
}

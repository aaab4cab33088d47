// What a person set at this window: language, theme, sound. Kept by the web view; nothing here matters to the door.

/** A remembered setting. */
export type Setting = "language" | "theme" | "muted" | "volume" | "voice";

/** Reads a setting; none where nothing is kept. */
export function recall(setting: Setting): string | null {
  try {
    return localStorage.getItem(`usher.${setting}`);
  } catch {
    return null;
  }
}

/** Keeps a setting. A web view that keeps nothing is no reason to stop. */
export function remember(setting: Setting, value: string): void {
  try {
    localStorage.setItem(`usher.${setting}`, value);
  } catch {
    // Nothing depends on it: the next start asks again.
  }
}

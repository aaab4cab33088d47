// In which sizes, languages and colours the windows are looked at.

import { LANGUAGES, type Language } from "../shared/messages";
import type { Size } from "./browser";

export type Page = "desk" | "supervisor";
export const PAGES: readonly Page[] = ["desk", "supervisor"];
export const LANGUAGE_NAMES = Object.keys(LANGUAGES) as Language[];
/** The smallest, the usual, a large one, and an upright one. */
export const SIZES: readonly Size[] = [{ width: 1024, height: 600 }, { width: 1280, height: 800 }, { width: 1920, height: 1080 }, { width: 800, height: 1280 }];

/** Puts where it was before each of these words. */
export const at = (where: string, found: readonly string[]): string[] => found.map((words) => `${where}, ${words}`);

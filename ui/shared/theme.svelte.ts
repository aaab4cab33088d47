// Light, dark, or as the computer says.

import { recall, remember } from "./settings";

/** A choice of colours. */
export type Theme = "auto" | "light" | "dark";

function initial(): Theme {
  const kept = recall("theme");
  return kept === "light" || kept === "dark" ? kept : "auto";
}

let chosen = $state<Theme>(initial());

/** The choice. */
export function theme(): Theme {
  return chosen;
}

/** Chooses, remembers and applies. */
export function paint(next: Theme): void {
  chosen = next;
  remember("theme", next);
  applyTheme();
}

/** Writes the choice on the page. */
export function applyTheme(): void {
  if (chosen === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
}

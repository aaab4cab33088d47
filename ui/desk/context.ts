// What every component of the desk window shares.

import { getContext } from "svelte";
import type { Finder } from "./finder.svelte";
import type { Keys } from "./keys";
import type { Desk } from "./state.svelte";
import type { Word } from "./pin.svelte";
import type { WalkInForm } from "./walk-in.svelte";

/** The desk window's parts. */
export interface DeskContext {
  desk: Desk;
  finder: Finder;
  keys: Keys;
  walkIn: WalkInForm;
  word: Word;
}

/** The context's name. */
export const DESK = Symbol("desk");

/** The desk window's parts, inside a component. */
export function useDesk(): DeskContext {
  return getContext<DeskContext>(DESK);
}

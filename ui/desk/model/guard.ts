// Keeps a hand that was already on its way from deciding about the wrong guest.

/** How long taps and keys are ignored after a card changed, in ms. */
export const NEW_CARD_MS = 250;
/** Two taps on one spot closer than this count once, in ms. */
export const DOUBLE_TAP_MS = 400;
/** How near two taps are one spot, in CSS pixels. */
export const SAME_SPOT_PX = 40;

/** Refuses actions for a moment after each new card. */
export class NewCardGuard {
  #changedAt = Number.NEGATIVE_INFINITY;

  /** The card changed at this time. */
  changed(at: number): void {
    this.#changedAt = at;
  }

  /** Whether a key or tap made at this time means the card that is shown. */
  allows(at: number): boolean {
    return at - this.#changedAt >= NEW_CARD_MS;
  }
}

/** Counts a double tap once. */
export class TapGuard {
  #last: { at: number; x: number; y: number } | null = null;

  /** Whether this tap counts. One that does not still starts no new pause. */
  takes(at: number, x: number, y: number): boolean {
    const last = this.#last;
    if (last && at - last.at <= DOUBLE_TAP_MS && Math.hypot(x - last.x, y - last.y) <= SAME_SPOT_PX) return false;
    this.#last = { at, x, y };
    return true;
  }
}

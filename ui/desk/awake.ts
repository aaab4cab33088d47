// Keeps screen and machine awake while a session is open at this desk: a door that went dark lets nobody in. Where the system gives no
// such lock the desk simply goes on.

/** Holds the screen's lock while it is wanted. */
export class Awake {
  #wanted = false;
  #lock: WakeLockSentinel | null = null;
  /** One step after the other: two questions on their way would leave one lock that nobody lets go. */
  #settling: Promise<void> = Promise.resolve();

  /** Wants the screen on, or no longer. */
  keep(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#settle();
  }

  /** The system takes the lock away with a hidden window: it is asked for again when the window comes back. Gives back how to stop. */
  listen(): () => void {
    const again = (): void => this.#settle();
    document.addEventListener("visibilitychange", again);
    return () => {
      document.removeEventListener("visibilitychange", again);
      this.keep(false);
    };
  }

  #settle(): void {
    this.#settling = this.#settling.then(() => this.#apply());
  }

  async #apply(): Promise<void> {
    if (!this.#wanted) {
      const held = this.#lock;
      this.#lock = null;
      await held?.release().catch(() => undefined);
    } else if ((this.#lock === null || this.#lock.released) && document.visibilityState === "visible") {
      const lock = await navigator.wakeLock?.request("screen").catch(() => null);
      this.#lock = lock ?? null;
    }
  }
}

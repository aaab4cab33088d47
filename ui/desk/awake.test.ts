import { afterEach, describe, expect, it, vi } from "vitest";
import { Awake } from "./awake";

const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** A system that gives locks, and how many are held. */
function system(visible = true): { held: () => number; hide: () => void; show: () => void } {
  let held = 0;
  let changed = (): void => undefined;
  const doc = { visibilityState: visible ? "visible" : "hidden", addEventListener: (_: string, hear: () => void) => (changed = hear), removeEventListener: () => undefined };
  let current: { released: boolean } | null = null;
  vi.stubGlobal("document", doc);
  vi.stubGlobal("navigator", { wakeLock: { request: () => {
    held += 1;
    const lock = { released: false, release: () => { if (!lock.released) held -= 1; lock.released = true; return Promise.resolve(); } };
    current = lock;
    return Promise.resolve(lock);
  } } });
  return {
    held: () => held,
    hide: () => { doc.visibilityState = "hidden"; if (current && !current.released) { current.released = true; held -= 1; } changed(); },
    show: () => { doc.visibilityState = "visible"; changed(); },
  };
}
afterEach(() => vi.unstubAllGlobals());

describe("the screen's lock", () => {
  it("is held while it is wanted, once", async () => {
    const { held } = system();
    const awake = new Awake();
    awake.keep(true);
    awake.keep(true);
    await settled();
    expect(held()).toBe(1);
    awake.keep(false);
    await settled();
    expect(held()).toBe(0);
  });

  it("comes back with the window", async () => {
    const { held, hide, show } = system();
    const awake = new Awake();
    const stop = awake.listen();
    awake.keep(true);
    await settled();
    hide();
    await settled();
    expect(held()).toBe(0);
    show();
    await settled();
    expect(held()).toBe(1);
    stop();
    await settled();
    expect(held()).toBe(0);
  });

  it("is let go again when it became unwanted while the system was asked", async () => {
    const { held } = system();
    const awake = new Awake();
    awake.keep(true);
    awake.keep(false);
    await settled();
    expect(held()).toBe(0);
  });

  it("is held once however often it was wanted meanwhile", async () => {
    const { held } = system();
    const awake = new Awake();
    [true, false, true].forEach((wanted) => awake.keep(wanted));
    await settled();
    expect(held()).toBe(1);
    awake.keep(false);
    await settled();
    expect(held()).toBe(0);
  });

  it("is done without where there is none", async () => {
    system();
    vi.stubGlobal("navigator", {});
    const awake = new Awake();
    expect(() => awake.keep(true)).not.toThrow();
    await settled();
    expect(() => awake.keep(false)).not.toThrow();
    await settled();
  });
});

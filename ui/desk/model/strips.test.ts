import { describe, expect, it } from "vitest";
import type { DeskView } from "../../bindings/usher";
import { NOW, session, view } from "../../dev/fixtures";
import { text } from "../../shared/messages";
import { LEFT_OPEN_MS, worstStrip, type StripState } from "./strips";

const quiet: StripState = { now: NOW, place: { language: "en", zone: "Europe/Berlin" }, leftOpenSince: NOW, notSavedCleared: false, notice: null };
const strip = (over: Partial<DeskView>, state: Partial<StripState> = {}): string | null => {
  const found = worstStrip(view(over), { ...quiet, ...state });
  return found && `${found.kind}: ${text("en", found.message)}`;
};

const LEFT = { left_open: { id: "v", name: "Ana", action: "let_in", at_ms: NOW } } as const;
const UNSAVED = { not_saved: { name: "Ana", problem: "disk_full" } } as const;
const BADGE = { badges: { ...view().badges, failed: { id: "v7", name: "Ana", why: { kind: "out_of_paper" }, more: 0 } } } satisfies Partial<DeskView>;
const EMPTY = { places: { kind: "left", left: 0, target: 20 } } as const;
const CLOSED: Partial<DeskView> = { sessions: [session({ phase: { kind: "scheduled", opens_ms: NOW + 720_000 } })] };
const SLOW = { clock: { now_ms: NOW, skew_ms: 58 * 60_000 } };

describe("the strip", () => {
  it("shows the worst first", () => {
    const order = [LEFT, UNSAVED, EMPTY, CLOSED, BADGE, SLOW];
    const kinds = order.map((_, from) => strip(Object.assign({}, ...order.slice(from)) as Partial<DeskView>)?.split(":")[0]);
    expect(kinds).toEqual(["left_open", "not_saved", "no_places", "not_open", "badge", "clock"]);
    expect(strip({})).toBeNull();
  });

  it("says what to do", () => {
    expect(strip(LEFT)).toBe("left_open: Not let in: Ana");
    expect(strip({ left_open: { ...LEFT.left_open, name: "" } })).toBe("left_open: Not let in: new ticket");
    expect(strip({ held_scan: "Yusuf" })).toBe("held: Ticket waiting: Yusuf");
    expect(strip({ held_scan: "" })).toBe("held: Ticket waiting");
    expect(strip(UNSAVED)).toBe("not_saved: Not saved: Ana");
    expect(strip(BADGE)).toBe("badge: No badge: Ana");
    expect(strip(EMPTY)).toBe("no_places: No places left here. Ask the supervisor for more.");
    expect(strip(CLOSED)).toBe("not_open: Opens 10:26, in 12 min.");
    expect(strip(SLOW)).toBe("clock: This desk's clock is 58 min slow. Times may be wrong; keep going.");
    expect(strip({ clock: { now_ms: NOW, skew_ms: -180_000 } })).toContain("3 min fast");
    expect(strip({ sessions: [session({ phase: { kind: "ended", ended_ms: NOW - 60_000 } })] })).toBe("over: This session ended at 10:13.");
  });

  it("tells why there is no line, where more than the network is wrong", () => {
    const offline = (why: "no_answer" | "revoked" | "other_server" | "disk_full" | "files"): Partial<DeskView> => ({ link: { kind: "offline", since_ms: NOW, why } });
    expect(strip(offline("no_answer"))).toBeNull();
    expect(strip(offline("revoked"))).toBe("revoked: This desk was blocked. Stop here; call the supervisor.");
    expect(strip(offline("other_server"))).toBe("other_server: Another server answers here. Keep going; tell the supervisor.");
    expect(strip(offline("disk_full"))).toBe("disk_full: This desk's disk is full: it hears nothing new. Keep going; tell the supervisor.");
    expect(strip(offline("files"))).toBe("files: This desk cannot use its files: it hears nothing new. Keep going; tell the supervisor.");
    expect(strip({ ...offline("revoked"), ...EMPTY })).toContain("revoked");
    expect(strip({ ...offline("other_server"), ...EMPTY })).toContain("no_places");
  });

  it("says who still comes in without places, and when the server can give none", () => {
    const room = { inside: 268, capacity: 300, held: 32, as_of_ms: NOW };
    expect(strip({ ...EMPTY, room })).toBe("no_places: No places left here. Guests whose seat is kept still come in.");
    expect(strip({ ...EMPTY, room: { ...room, inside: 303 } })).toBe("no_places: The room is full. Ask guests to wait aside, and tell the supervisor.");
    expect(strip({ ...EMPTY, learning: true })).toBe("no_places: No places left here, and the server can give none yet. Send guests to another desk.");
    expect(strip({ learning: true })).toBe("learning: The server was put back to an older state. Keep going with the places here.");
    expect(strip({ learning: true, places: { kind: "no_limit" } })).toBeNull();
    const away = { link: { kind: "offline", since_ms: NOW, why: "no_answer" } } as const;
    expect(strip({ learning: true, ...away })).toBeNull();
    expect(strip({ ...EMPTY, learning: true, ...away })).toBe("no_places: No places left here. Ask the supervisor for more.");
  });

  it("offers a guest left open for ten seconds", () => {
    expect(strip(LEFT, { now: NOW + LEFT_OPEN_MS - 1 })).not.toBeNull();
    expect(strip(LEFT, { now: NOW + LEFT_OPEN_MS })).toBeNull();
    expect(strip(LEFT, { leftOpenSince: null })).toBeNull();
  });

  it("keeps not saved until somebody clears it", () => {
    expect(strip(UNSAVED, { now: NOW + 3_600_000 })).toContain("not_saved");
    expect(strip(UNSAVED, { notSavedCleared: true })).toBeNull();
  });

  it("bears a clock that is two minutes off", () => {
    expect(strip({ clock: { now_ms: NOW, skew_ms: 120_000 } })).toBeNull();
    expect(strip({ clock: { now_ms: NOW, skew_ms: 120_001 } })).toContain("2 min slow");
  });
});

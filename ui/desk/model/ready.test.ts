import { describe, expect, it } from "vitest";
import type { DeskView, ReadyView } from "../../bindings/usher";
import { NOW, READY, view } from "../../dev/fixtures";
import { text } from "../../shared/messages";
import { readyChecks, readyVerdict, type Heard } from "./ready";

const PLACE = { language: "en", zone: "Europe/Berlin" } as const;
const checks = (over: Partial<DeskView> = {}, ready: Partial<ReadyView> = {}, heard: Heard = true, muted = false): ReturnType<typeof readyChecks> =>
  readyChecks(view(over), { ...READY, camera_read: true, ...ready }, { now: NOW, place: PLACE, heard, muted });
const says = (id: string, of: ReturnType<typeof readyChecks>): string => {
  const found = of.find((check) => check.id === id);
  return found ? `${found.tone}: ${text("en", found.words)}` : "left out";
};

describe("Doors ready", () => {
  it("is ready when all is well", () => {
    expect(readyVerdict(checks())).toBe("ready");
  });

  it("is not ready before somebody showed a code and heard the sound", () => {
    expect(readyVerdict(checks({}, { camera_read: false }))).toBe("not_ready");
    expect(readyVerdict(checks({}, { camera_read: false, scanner_read: true }))).toBe("ready");
    expect(readyVerdict(checks({}, {}, null))).toBe("not_ready");
    expect(readyVerdict(checks({}, {}, false))).toBe("ready_but");
    expect(says("sound", checks({}, {}, null, true))).toBe("ask: The sound is off. Turn it on in the settings.");
  });

  it("says what to do about each thing that is not well", () => {
    expect(says("server", checks({ link: { kind: "offline", since_ms: NOW, why: "no_answer" } }))).toBe("ask: No answer from the server. Keep going: all is saved here and sent later.");
    expect(says("list", checks({ list: { people: 3, synced_ms: NOW - 3_600_000, complete: true } }))).toBe("ask: Guest list of 60 min ago: 3 guests. It is renewed as soon as the server answers.");
    expect(says("places", checks({ places: { kind: "left", left: 0, target: 20 } }))).toBe("ask: No places here yet. Ask the supervisor.");
    expect(says("clock", checks({ clock: { now_ms: NOW, skew_ms: -58 * 60_000 } }))).toBe("stop: The clock is off by 58 min. Set this computer's time.");
    expect(says("camera", checks({ camera: { ...view({}).camera, state: "none" } }))).toBe("ask: No camera. Plug one in, or use a scanner.");
    expect(says("disk", checks({}, { disk_free: 150_000_000 }))).toBe("stop: Only 150 MB free on this computer. Delete something.");
    expect(says("battery", checks({}, { battery: { percent: 12, plugged: false } }))).toBe("stop: Battery at 12 %. Plug the computer in.");
    expect(says("battery", checks({}, { battery: null }))).toBe("left out");
  });

  it("has the printer only where badges are printed, and never lets it stop the door", () => {
    const { badges } = view();
    expect(says("printer", checks())).toBe("left out");
    expect(says("printer", checks({}, { printer: { kind: "good" } }))).toBe("good: The printer is ready.");
    expect(says("printer", checks({}, { printer: { kind: "asking" } }))).toBe("ask: The printer was asked and has not answered yet.");
    const empty = checks({}, { printer: { kind: "problem", why: { kind: "out_of_paper" } } });
    expect(says("printer", empty)).toBe("ask: Out of labels. Load the printer.");
    expect(readyVerdict(empty)).toBe("ready_but");
    expect(says("printer", checks({ badges: { ...badges, waiting: 1 } }, { printer: { kind: "good" } }))).toBe("ask: 1 badge is on its way.");
    const failed = { id: "t1", name: "", why: { kind: "slow" as const }, more: 0 };
    expect(says("printer", checks({ badges: { ...badges, failed } }, { printer: { kind: "good" } }))).toBe("ask: The printer took too long. Look at it.");
  });

  it("offers a button where the desk itself has the remedy", () => {
    const remedies = (of: ReturnType<typeof readyChecks>): string[] => of.flatMap(({ id, remedy }) => (remedy ? [`${id}: ${remedy}`] : []));
    expect(remedies(checks({}, { printer: { kind: "good" } }))).toEqual([]);
    const camera = { ...view({}).camera, state: "silent" as const };
    const bad = checks({ camera, places: { kind: "left", left: 0, target: 20 } }, { printer: { kind: "problem", why: { kind: "gone" } } }, null, true);
    expect(remedies(bad)).toEqual(["sound: unmute", "places: help", "camera: settings", "printer: badges"]);
  });
});

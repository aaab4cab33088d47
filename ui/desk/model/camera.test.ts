import { describe, expect, it } from "vitest";
import type { CameraControl, CameraSettings, CameraView } from "../../bindings/usher";
import { text } from "../../shared/messages";
import { asDelivered, Newest, settable, standIn, withValue } from "./camera";

const SET: CameraSettings = { device: "Gooseneck", mirror: false, values: [{ camera: "Built in", kind: "exposure", value: 3 }] };
const control = (over: Partial<CameraControl>): CameraControl => ({ kind: "exposure", min: 0, max: 9, step: 1, value: 5, active: true, ...over });
const camera = (over: Partial<CameraView>): CameraView => ({ state: "running", name: "Built in", two_codes: false, unread: false, devices: ["Built in"], missing: false, controls: [], ...over });

describe("a camera's settings", () => {
  it("have one value for each control of each camera", () => {
    const once = withValue(SET, "Gooseneck", "exposure", 7);
    expect(withValue(once, "Gooseneck", "exposure", 8).values).toEqual([...SET.values, { camera: "Gooseneck", kind: "exposure", value: 8 }]);
    expect(withValue(once, "Gooseneck", "focus", 1).values).toHaveLength(3);
  });
  it("go back for one camera and leave the others", () => {
    expect(asDelivered(withValue(SET, "Gooseneck", "light", 1), "Gooseneck")).toEqual(SET);
  });
  it("show no control that the camera moves by itself", () => {
    const controls = [control({ kind: "auto_exposure", max: 1, value: 1 }), control({ active: false })];
    expect(settable(camera({ controls })).map((one) => one.kind)).toEqual(["auto_exposure"]);
  });
});

describe("a camera that stands in", () => {
  it("is named beside the one that is gone", () => {
    const words = standIn(camera({ missing: true }), SET);
    expect(words && text("en", words)).toBe("Gooseneck is not there. Built in is used until it is.");
  });
  it("is not spoken of while the chosen one is there, or none was chosen", () => {
    expect(standIn(camera({}), SET)).toBeNull();
    expect(standIn(camera({ missing: true }), { ...SET, device: null })).toBeNull();
  });
});

it("a slider sends where it is, not where it was", async () => {
  const sent: number[] = [];
  const arrive: (() => void)[] = [];
  const newest = new Newest<number>((thing) => new Promise((done) => { sent.push(thing); arrive.push(done); }));
  const whole = newest.put(1);
  for (const thing of [2, 3, 4]) void newest.put(thing);
  expect(sent).toEqual([1]);
  arrive[0]?.();
  await Promise.resolve();
  await Promise.resolve();
  expect(sent).toEqual([1, 4]);
  arrive[1]?.();
  await whole;
  expect(sent).toEqual([1, 4]);
});

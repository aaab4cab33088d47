import { describe, expect, it } from "vitest";
import { place } from "../../shared/wedge-page";
import type { Press } from "../../shared/wedge-run";
import { aroundWords, hear, learn, scannerWords, TEST_CODE, type Heard } from "./scanner-test";

/** The keys of one scan: so many ms apart, or as long as the function says. */
function keys(text: string, gap: number | ((at: number) => number), end?: "Enter" | "Tab"): Press[] {
  let at = 1_000;
  const all = [...text, ...(end ? [end] : [])];
  return all.map((key, n) => {
    at += n === 0 ? 0 : typeof gap === "number" ? gap : gap(n);
    return { key, ...(key.length === 1 ? place(key) : { code: key, shift: false }), at, repeat: false, chord: false, field: null };
  });
}
const read = (presses: Press[]): Extract<Heard, { kind: "read" }> => {
  const heard = hear(presses);
  if (heard.kind !== "read") throw new Error("not read");
  return heard;
};
const thrice = (presses: () => Press[]): Extract<Heard, { kind: "read" }>[] => [read(presses()), read(presses()), read(presses())];

describe("one scan", () => {
  it.each([
    ["nothing around", TEST_CODE, "", ""], ["a prefix", `~${TEST_CODE}`, "~", ""], ["an AIM prefix", `]Q1${TEST_CODE}`, "]Q1", ""], ["both", `*${TEST_CODE}#`, "*", "#"],
  ])("with %s", (_, text, prefix, tail) => {
    expect(hear(keys(text, 12, "Enter"))).toMatchObject({ kind: "read", set: { prefix, tail, end: "enter", gap_ms: 12 } });
  });

  it("knows the key at its end, which is no part of its speed", () => {
    const slowEnd = (end: "Enter" | "Tab"): Press[] => keys(TEST_CODE, (at) => (at === TEST_CODE.length ? 290 : 5), end);
    expect(read(slowEnd("Enter"))).toMatchObject({ set: { end: "enter", gap_ms: 5 }, longestMs: 5 });
    expect(read(slowEnd("Tab")).set.end).toBe("tab");
    expect(read(keys(TEST_CODE, 5)).set.end).toBe("nothing");
  });

  it("is understood under Caps Lock and another layout", () => {
    const capsLock = keys(TEST_CODE, 5).map((press) => ({ ...press, key: press.key.toLowerCase() }));
    expect(read(capsLock).set.prefix).toBe("");
    const german: Record<string, string> = { Z: "Y", Y: "Z", "-": "ß", ":": "Ö", "~": "°" };
    const typed = keys(`~${TEST_CODE}`, 5).map((press) => ({ ...press, key: german[press.key] ?? press.key }));
    expect(read(typed).set.prefix, "as the scanner means it").toBe("~");
  });

  it("of another code, of half the code or with too much around it is none", () => {
    for (const text of ["K7QF3MXP", TEST_CODE.slice(0, -1), `${"~".repeat(17)}${TEST_CODE}`, ""]) expect(hear(keys(text, 5, "Enter"))).toEqual({ kind: "other" });
  });
});

describe("three scans", () => {
  it("say how fast the scanner is", () => {
    expect(learn(thrice(() => keys(TEST_CODE, 12, "Enter")))).toEqual({ kind: "learned", set: { prefix: "", tail: "", end: "enter", gap_ms: 12 } });
    expect(learn(thrice(() => keys(TEST_CODE, 80, "Tab")))).toMatchObject({ kind: "learned", set: { gap_ms: 80 } });
    expect(learn(thrice(() => keys(TEST_CODE, 100, "Enter")))).toEqual({ kind: "too_slow", ms: 100 });
  });

  it("forgive one pause, and not one in each", () => {
    const paused = (): Press[] => keys(TEST_CODE, (at) => (at === 4 ? 130 : 20));
    const even = read(keys(TEST_CODE, 20));
    expect(learn([even, read(paused()), even])).toMatchObject({ kind: "learned" });
    expect(learn(thrice(paused))).toMatchObject({ kind: "too_slow" });
  });

  it("that differ teach nothing", () => {
    const [one, other] = [read(keys(TEST_CODE, 5, "Enter")), read(keys(TEST_CODE, 5))];
    expect(learn([one, one, other])).toEqual({ kind: "differ" });
    expect(learn([])).toEqual({ kind: "differ" });
  });
});

it("words say whether it is slow, how it ends and what it adds", () => {
  const set = { prefix: "", tail: "", end: "tab" as const, gap_ms: 45 };
  expect([scannerWords(set).key, scannerWords({ ...set, gap_ms: 46, end: "nothing" }).key]).toEqual(["scanner.fast_tab", "scanner.slow_nothing"]);
  expect([aroundWords(set), aroundWords({ ...set, prefix: "~", tail: "#" })?.values]).toEqual([null, { text: { name: "~ … #" } }]);
});

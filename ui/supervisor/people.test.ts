import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FoundPerson } from "../bindings/usher";
import type { SupervisorApi } from "../shared/api";
import type { People } from "./people.svelte";

const person = (id: string): FoundPerson => ({ id, name: id, organisation: "", order: "", inside: [] });
const calls: string[] = [];
let answer: (text: string) => Promise<FoundPerson[]>;
const api = {
  call: (_name: string, args: { text: string }) => {
    calls.push(args.text);
    return answer(args.text);
  },
  onView: () => Promise.resolve(() => undefined),
} as unknown as SupervisorApi;
let people: People;

beforeEach(async () => {
  vi.useFakeTimers();
  const { People } = await import("./people.svelte");
  people = new People(api);
  calls.length = 0;
  answer = (text) => Promise.resolve([person(text)]);
});
afterEach(() => vi.useRealTimers());

describe("looking for a guest", () => {
  it("asks once the typing rests, and not for a single letter", async () => {
    people.type("a");
    people.type("an");
    people.type("ana");
    await vi.advanceTimersByTimeAsync(250);
    expect([calls, people.rows.map((row) => row.id), people.state]).toEqual([["ana"], ["ana"], "found"]);
    people.type("a");
    expect([people.rows, people.state]).toEqual([[], "rest"]);
  });
  it("passes over an answer to what is no longer typed", async () => {
    let late: (rows: FoundPerson[]) => void = () => undefined;
    answer = (text) => (text === "slow" ? new Promise((done) => (late = done)) : Promise.resolve([person(text)]));
    people.type("slow");
    await vi.advanceTimersByTimeAsync(250);
    people.type("fast");
    await vi.advanceTimersByTimeAsync(250);
    late([person("slow")]);
    await vi.advanceTimersByTimeAsync(0);
    expect(people.rows.map((row) => row.id)).toEqual(["fast"]);
  });
  it("says so when the server does not answer", async () => {
    answer = () => Promise.reject({ kind: "not_ready" });
    people.type("ana");
    await vi.advanceTimersByTimeAsync(250);
    expect([people.rows, people.state]).toEqual([[], "failed"]);
  });
});

describe("the two who are one", () => {
  it("are two different people, in the order in which they were chosen", () => {
    for (const id of ["a", "a", "b", "c"]) people.choose(person(id));
    expect(people.chosen.map((one) => one.id)).toEqual(["a", "b"]);
    people.drop(person("a"));
    people.choose(person("c"));
    expect(people.chosen.map((one) => one.id)).toEqual(["b", "c"]);
  });
});

// The supervisor window on made-up boards: ?board=stale, with theme, lang, item; ?click=manage-b2,ask-capacity presses in turn;
// ?refuse=offline refuses every decision.
import "../shared/locale-guard";
import "../shared/base.css";
import { flushSync, mount, unmount } from "svelte";
import type { SupervisorApi } from "../shared/api";
import { remember } from "../shared/settings";
import { faults } from "./faults";
import { BOARDS } from "./fixtures";
import { expose } from "./harness";
import { SUPERVISOR_PLACES } from "./places";

const query = new URLSearchParams(location.search);
remember("theme", query.get("theme") ?? "light");
remember("language", query.get("lang") ?? "en");
const { default: App } = await import("../supervisor/App.svelte");

let view = BOARDS[query.get("board") ?? "board"] ?? BOARDS["board"];
let why = query.get("refuse");
const answer = (name: string): unknown => {
  if (name === "look") return view;
  if (name === "find") return [
    { id: "p1", name: "Ana Gómez de la Fuente", organisation: "Institut Català de Recerca", order: "4F7K", inside: ["Maps without servers"] },
    { id: "p2", name: "Anna Gomez", organisation: "", order: "A91C", inside: ["Maps without servers", "Breakfast"] },
    { id: "p3", name: "Anabel Ruiz", organisation: "Open Kaart", order: "", inside: [] },
  ];
  if (name === "connect") return { kind: "refused", why: "wrong_role" };
  return why ? { kind: "refused", why } : { kind: "done" };
};
const api: SupervisorApi = {
  call: (name) => Promise.resolve(answer(name) as never),
  onView: () => Promise.resolve(() => undefined),
};
const click = (id: string): void => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.click();
const target = document.getElementById("app") ?? document.body;
let app = mount(App, { target, props: { api } });
if (query.has("harness")) {
  void expose({
    places: SUPERVISOR_PLACES,
    begin(place) {
      flushSync(() => void unmount(app));
      view = BOARDS[place.screen];
      why = place.flags?.includes("refuse") ? "offline" : null;
      app = mount(App, { target, props: { api } });
    },
    closing: () => undefined,
    heard: () => [],
  });
}
setTimeout(() => {
  if (query.has("item")) document.querySelector<HTMLElement>('[data-testid="settle-show"]')?.click();
  setTimeout(() => query.get("item") && document.querySelector<HTMLElement>(`[data-testid="item-${query.get("item")}"]`)?.click(), 100);
}, 150);
(query.get("click")?.split(",") ?? []).forEach((id, at) => setTimeout(() => click(id), 250 + at * 120));
setTimeout(() => (document.body.dataset["faults"] = JSON.stringify(faults())), 1200);

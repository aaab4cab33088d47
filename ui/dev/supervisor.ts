// The supervisor window on made-up boards: ?board=stale, with theme, lang, item.
import "../shared/locale-guard";
import "../shared/base.css";
import { mount } from "svelte";
import type { SupervisorApi } from "../shared/api";
import { remember } from "../shared/settings";
import { BOARDS } from "./fixtures";

const query = new URLSearchParams(location.search);
remember("theme", query.get("theme") ?? "light");
remember("language", query.get("lang") ?? "en");
const { default: App } = await import("../supervisor/App.svelte");

const view = BOARDS[query.get("board") ?? "board"] ?? BOARDS["board"];
const api: SupervisorApi = {
  call: (name) => Promise.resolve((name === "look" ? view : { kind: "refused", why: "wrong_role" }) as never),
  onView: () => Promise.resolve(() => undefined),
};
mount(App, { target: document.getElementById("app") ?? document.body, props: { api } });
setTimeout(() => {
  if (query.has("item")) document.querySelector<HTMLElement>('[data-testid="settle-show"]')?.click();
  setTimeout(() => query.get("item") && document.querySelector<HTMLElement>(`[data-testid="item-${query.get("item")}"]`)?.click(), 100);
}, 150);

import "../shared/base.css";
import { mount } from "svelte";
import { tauriDesk } from "../shared/tauri";
import App from "./App.svelte";

mount(App, { target: document.getElementById("app") ?? document.body, props: { api: tauriDesk() } });

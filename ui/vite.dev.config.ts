import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { version } from "./package.json" with { type: "json" };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The harness of ui/dev: both windows on made-up views, for looking at screens without the app.
export default defineConfig({
  root: here("."),
  base: "./",
  publicDir: false,
  define: { __USHER_VERSION__: JSON.stringify(version) },
  plugins: [svelte()],
  build: {
    outDir: "node_modules/.harness",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    rollupOptions: { input: { desk: here("dev/desk.html"), supervisor: here("dev/supervisor.html") } },
  },
});

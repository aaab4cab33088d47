import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { version } from "./package.json" with { type: "json" };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Two pages, each for a window of its own. Nothing is inlined: the windows' content security policy
// takes scripts and fonts from files only.
export default defineConfig({
  root: here("."),
  base: "./",
  publicDir: false,
  define: { __USHER_VERSION__: JSON.stringify(version) },
  plugins: [svelte()],
  resolve: process.env["VITEST"] ? { conditions: ["browser"] } : {},
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    rollupOptions: {
      input: { desk: here("desk/index.html"), supervisor: here("supervisor/index.html") },
    },
  },
  test: { include: ["**/*.test.ts"], exclude: ["node_modules", "dist"], environment: "node" },
});

// Before all tests of the screens: the harness is built and served, a display, a driver and one browser session are started.
// All of it ends with the tests.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, preview } from "vite";
import type { TestProject } from "vitest/node";
import { openSession, type Session } from "./browser";
import { find, freePort, miniBrowser, Program, startDisplay } from "./programs";

declare module "vitest" {
  interface ProvidedContext {
    session: Session;
  }
}

/** Screenshots, logs and the built harness; ignored by git. */
const ARTEFACTS = fileURLToPath(new URL("../../artefacts/screens", import.meta.url));
const configFile = fileURLToPath(new URL("../vite.dev.config.ts", import.meta.url));

/** Starts everything; gives back how it ends. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  rmSync(ARTEFACTS, { recursive: true, force: true });
  mkdirSync(ARTEFACTS, { recursive: true });
  const outDir = join(ARTEFACTS, "site");
  await build({ configFile, logLevel: "warn", build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 5_000 } });
  const server = await preview({ configFile, logLevel: "warn", build: { outDir }, preview: { host: "127.0.0.1", port: await freePort(), strictPort: true } });
  const site = server.resolvedUrls?.local[0];
  if (site === undefined) throw new Error("The harness is built, but is not served: no address was given.");

  // A test run that is broken off leaves no browser behind.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(1));
  const home = mkdtempSync(join(tmpdir(), "usher-screens-"));
  const [display, name] = await startDisplay(ARTEFACTS);
  const port = await freePort();
  const { WAYLAND_DISPLAY: _, ...env } = process.env;
  const path = find("USHER_WEBKIT_DRIVER", "WebKitWebDriver", "webkit2gtk-driver");
  const driver = new Program("driver", path, [`--port=${port}`], { ...env, DISPLAY: name, HOME: home, XDG_RUNTIME_DIR: home }, ARTEFACTS);
  const session = await openSession(`http://127.0.0.1:${port}`, miniBrowser(), () => driver.child.exitCode === null);
  project.provide("session", { driver: session, site, pictures: ARTEFACTS });
  return async () => {
    await fetch(session, { method: "DELETE" }).catch(() => undefined);
    driver.end();
    display.end();
    await server.close();
    rmSync(home, { recursive: true, force: true });
  };
}

// The programs behind the browser: a display of its own and WebKitGTK's driver, each in a process group that ends with the tests.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Larger than every window that is looked at, with room for the browser's bar. */
const DISPLAY = "2000x1500x24";

/** A running program. */
export class Program {
  readonly name: string;
  readonly child: ChildProcess;

  /** Starts it; what it says goes to `NAME.log` in `logs`. */
  constructor(name: string, path: string, args: readonly string[], env: NodeJS.ProcessEnv, logs: string) {
    this.name = name;
    this.child = spawn(path, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const log = createWriteStream(join(logs, `${name}.log`));
    this.child.stderr?.pipe(log);
    if (name !== "xvfb") this.child.stdout?.pipe(log);
    process.on("exit", () => this.end());
  }

  /** Ends its whole group; one that has ended already is what is wanted. */
  end(): void {
    try {
      if (this.child.pid !== undefined) process.kill(-this.child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}

/** The program that `variable` names, else one of these paths, else `name` on the PATH. */
export function find(variable: string, name: string, install: string, places: readonly string[] = []): string {
  const given = process.env[variable];
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  const there = (given ? [given] : [...places, ...onPath]).find((place) => existsSync(place));
  if (there) return there;
  throw new Error(`${given ?? name} is not there. Install it (Debian: apt-get install ${install}), or name it with ${variable}.`);
}

/** WebKitGTK's own small browser: the same engine as the app's windows. */
export function miniBrowser(): string {
  const folders = readdirSync("/usr/lib").map((machine) => join("/usr/lib", machine));
  const places = ["/usr/libexec", ...folders].map((folder) => join(folder, "webkit2gtk-4.1/MiniBrowser"));
  return find("USHER_MINIBROWSER", "MiniBrowser", "libwebkit2gtk-4.1-0", places);
}

/** An X server on a display that it finds itself, as in `:7`. */
export async function startDisplay(logs: string): Promise<[Program, string]> {
  const path = find("USHER_XVFB", "Xvfb", "xvfb");
  const xvfb = new Program("xvfb", path, ["-displayfd", "1", "-screen", "0", DISPLAY, "-nolisten", "tcp"], process.env, logs);
  const lines = createInterface({ input: xvfb.child.stdout as Readable });
  const [number] = (await Promise.race([once(lines, "line"), once(xvfb.child, "exit").then(() => [""])])) as [string];
  if (!/^\d+$/.test(number)) throw new Error(`Xvfb found no display; see ${join(logs, "xvfb.log")}.`);
  return [xvfb, `:${number}`];
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gives no port.");
  return address.port;
}

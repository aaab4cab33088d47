// One session of WebKitGTK's browser, by the WebDriver protocol: sizes, scripts, pictures and real key presses.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the session is, for a test that joins it. */
export interface Session {
  /** The driver's address with the session in it. */
  driver: string;
  /** The address of the built harness. */
  site: string;
  /** The folder of pictures. */
  pictures: string;
}

/** A window's inner size, in CSS px. */
export interface Size {
  width: number;
  height: number;
}

/** A key that goes down and up, then so many ms of nothing. */
export interface Press {
  key: string;
  pauseMs: number;
}

/** How soon a driver that does not answer yet is asked again, in ms. */
const ASK_AGAIN_MS = 50;
/** How often the window may be measured until it has its size. */
const MEASURES_MAX = 200;

async function call<Value>(method: string, url: string, body?: unknown): Promise<Value> {
  const request = body === undefined ? { method } : { method, body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer = await fetch(url, request);
  const { value } = (await answer.json()) as { value: Value & { error?: string; message?: string } };
  if (!answer.ok) throw new Error(`WebDriver ${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  return value;
}

/** Opens a session with this browser; gives its address. The driver may still be starting. */
export async function openSession(driver: string, binary: string, alive: () => boolean): Promise<string> {
  while (!(await fetch(`${driver}/status`).then(() => true, () => false))) {
    if (!alive()) throw new Error("WebKitWebDriver ended at its start; see its log in artefacts/screens.");
    await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
  }
  const options = { binary, args: ["--automation"] };
  const wanted = { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options, timeouts: { script: 280_000 } } } };
  const { sessionId } = await call<{ sessionId: string }>("POST", `${driver}/session`, wanted);
  return `${driver}/session/${sessionId}`;
}

/** The browser. */
export class Browser {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The steps of `drive.ts`, each with how it went. */
  async drive(): Promise<string[]> {
    await call("POST", `${this.#session.driver}/url`, { url: `${this.#session.site}dev/desk.html?drive` });
    return JSON.parse(await this.run<string>("document.body.dataset.drive ?? new Promise((done) => window.addEventListener('usher-driven', done, { once: true })).then(() => document.body.dataset.drive)")) as string[];
  }

  /** What `measures.ts` measured. */
  async measure<Value>(): Promise<Value> {
    await call("POST", `${this.#session.driver}/url`, { url: `${this.#session.site}dev/desk.html?measure` });
    return JSON.parse(await this.run<string>("document.body.dataset.measures ?? new Promise((done) => window.addEventListener('usher-measured', done, { once: true })).then(() => document.body.dataset.measures)")) as Value;
  }

  /** Opens a page of the harness and waits until it can be used. */
  async open(page: "desk" | "supervisor"): Promise<void> {
    await call("POST", `${this.#session.driver}/url`, { url: `${this.#session.site}dev/${page}.html?harness` });
    await this.run("window.usherHarness ? 0 : new Promise((done) => window.addEventListener('usher-harness', done, { once: true })).then(() => 0)");
  }

  /** Gives the page exactly this size, whatever the browser puts around it. */
  async size(wanted: Size): Promise<void> {
    const around = { width: 0, height: 0 };
    for (let n = 0; n < MEASURES_MAX; n += 1) {
      await call("POST", `${this.#session.driver}/window/rect`, { x: 0, y: 0, width: wanted.width + around.width, height: wanted.height + around.height });
      const inner = await this.run<Size>("new Promise(requestAnimationFrame).then(() => ({ width: innerWidth, height: innerHeight }))");
      if (inner.width === wanted.width && inner.height === wanted.height) return;
      const outer = await call<Size>("GET", `${this.#session.driver}/window/rect`);
      around.width = outer.width - inner.width;
      around.height = outer.height - inner.height;
    }
    throw new Error(`The window does not take the size ${wanted.width}x${wanted.height}.`);
  }

  /** The value of an expression in the page, which may be a promise; `args` stands for what is given. */
  async run<Value>(expression: string, ...args: unknown[]): Promise<Value> {
    const script = `const args = [...arguments], done = args.pop();
      Promise.resolve().then(() => (${expression})).then((value) => done({ value }), (error) => done({ error: String(error), stack: error?.stack }));`;
    const said = await call<{ value: Value; error?: string; stack?: string }>("POST", `${this.#session.driver}/execute/async`, { script, args });
    if (said.error !== undefined) throw new Error(`In the page: ${said.error}\n${said.stack ?? ""}`);
    return said.value;
  }

  /** Shows a place and keeps a picture of it in the artefacts; gives the picture, a PNG in base64. */
  async keep(place: string, language: string, theme: string, suffix = ""): Promise<string> {
    await this.run("window.usherHarness.show(args[0], args[1], args[2]).then(() => 0)", place, language, theme);
    const png = await call<string>("GET", `${this.#session.driver}/screenshot`);
    const name = [place.replace(":", "-"), language, theme, suffix].filter(Boolean).join("-");
    await writeFile(join(this.#session.pictures, `${name}.png`), png, "base64");
    return png;
  }

  /** Presses keys one after another, as a keyboard does. */
  async press(presses: readonly Press[]): Promise<void> {
    const actions = presses.flatMap(({ key, pauseMs }) => [
      { type: "keyDown", value: key }, { type: "keyUp", value: key }, ...(pauseMs ? [{ type: "pause", duration: pauseMs }] : []),
    ]);
    await call("POST", `${this.#session.driver}/actions`, { actions: [{ type: "key", id: "keys", actions }] });
  }
}

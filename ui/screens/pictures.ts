// The pictures of docs/volunteer.md, made anew by `npm run pictures` whenever the desk looks otherwise.

import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, inject, it } from "vitest";
import { Browser } from "./browser";

/** Each picture of the page, and the place that it shows. */
const PICTURES = { green: "card:ok", yellow: "card:ask", red: "card:full", hollow: "card:ready", grey: "card:comeandgo", list: "panel:undo" };
/** The size that they are printed in, in px; half of the window's. */
const PRINTED = { width: 560, height: 350 };
const FOLDER = fileURLToPath(new URL("../../docs/pictures/", import.meta.url));

const SMALLER = `(async (png, width, height) => {
  const image = Object.assign(new Image(), { src: "data:image/png;base64," + png });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return canvas.toDataURL("image/png").split(",")[1];
})(...args)`;

const browser = new Browser(inject("session"));

beforeAll(async () => {
  await browser.open("desk");
  await browser.size({ width: PRINTED.width * 2, height: PRINTED.height * 2 });
});

it.each(Object.entries(PICTURES))("%s shows %s", async (name, place) => {
  const small = await browser.run<string>(SMALLER, await browser.keep(place, "en", "light"), PRINTED.width, PRINTED.height);
  expect(small.length).toBeGreaterThan(0);
  await writeFile(`${FOLDER}${name}.png`, small, "base64");
});

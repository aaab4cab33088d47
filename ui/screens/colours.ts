// How a picture looks to other eyes, and how far two colours are apart. Pure.

import type { Rgb, Seen } from "../dev/reading";

type Matrix = readonly [Rgb, Rgb, Rgb];
const GREY: Rgb = [0.2126, 0.7152, 0.0722];

/** Colour vision on linear light: Machado, Oliveira and Fernandes 2009 at severity 1; grey is its luminance alone. */
export const EYES = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deutan: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritan: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
  grey: [GREY, GREY, GREY],
} as const satisfies Record<string, Matrix>;
export type Eye = keyof typeof EYES;

/** A colour in CIELAB (D65). */
export type Lab = readonly [l: number, a: number, b: number];

const dot = (row: Rgb, [r, g, b]: Rgb): number => row[0] * r + row[1] * g + row[2] * b;
const within = (part: number): number => Math.min(1, Math.max(0, part));

/** A colour in linear light as an eye sees it. */
export function seenBy(eye: Eye, colour: Rgb): Rgb {
  const [r, g, b] = EYES[eye];
  return [within(dot(r, colour)), within(dot(g, colour)), within(dot(b, colour))];
}

/** A colour in linear light in CIELAB. */
export function lab(colour: Rgb): Lab {
  const f = (t: number): number => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116);
  const x = f(dot([0.4124564, 0.3575761, 0.1804375], colour) / 0.95047);
  const y = f(dot([0.2126729, 0.7151522, 0.072175], colour));
  const z = f(dot([0.0193339, 0.119192, 0.9503041], colour) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** The distance of two colours in CIELAB: 2.3 is just noticed when they lie side by side. */
export const apart = (a: Lab, b: Lab): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** A card in an eye's colours. */
export interface Look {
  ground: Lab;
  edge: Lab;
  icon: Lab[];
}

/** A card as an eye sees it. */
export function look(eye: Eye, seen: Seen): Look {
  const one = (colour: Rgb): Lab => lab(seenBy(eye, colour));
  return { ground: one(seen.ground), edge: one(seen.edge), icon: seen.icon.map(one) };
}

/** How far two cards are apart: by their ground, their edge, and the mean over the icon's cells. */
export function unlike(a: Look, b: Look): number {
  const icon = a.icon.reduce((sum, cell, n) => sum + apart(cell, b.icon[n] ?? cell), 0) / Math.max(1, a.icon.length);
  return Math.hypot(apart(a.ground, b.ground), apart(a.edge, b.edge), icon);
}

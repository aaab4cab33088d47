// A card as it is seen from afar: shrunk to 64x40, its ground, its edge and its icon. The words are left out: a state must be
// known without them.

/** A colour in linear light, 0 to 1. */
export type Rgb = [r: number, g: number, b: number];

/** What is left of a card from afar. */
export interface Seen {
  /** The fill: the median of the card's inside. */
  ground: Rgb;
  /** The frame at the start side. */
  edge: Rgb;
  /** The icon's cells, row by row; it is as large on every card. */
  icon: Rgb[];
}

const COLUMNS = 64;
const ROWS = 40;
/** The icon is 12 cells wide on the desk's usual window, and as many high: it is read in a grid of its own of that size. */
const ICON = 12;

const linear = (value: number): number => {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
};
const LINEAR = Array.from({ length: 256 }, (_, value) => linear(value));

async function pixels(png: string): Promise<ImageData> {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("the page gives no canvas");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** The mean light of each cell of a grid laid over a box of the picture. */
function shrink(picture: ImageData, box: DOMRect, columns: number, rows: number): Rgb[] {
  const scale = picture.width / innerWidth;
  const cells: Rgb[] = [];
  for (let row = 0; row < rows; row += 1) for (let column = 0; column < columns; column += 1) {
    const left = Math.round((box.left + (column * box.width) / columns) * scale), right = Math.round((box.left + ((column + 1) * box.width) / columns) * scale);
    const top = Math.round((box.top + (row * box.height) / rows) * scale), bottom = Math.round((box.top + ((row + 1) * box.height) / rows) * scale);
    const sum: Rgb = [0, 0, 0];
    for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) {
      for (const channel of [0, 1, 2] as const) sum[channel] += LINEAR[picture.data[(y * picture.width + x) * 4 + channel] ?? 0] ?? 0;
    }
    const count = Math.max(1, (right - left) * (bottom - top));
    cells.push([sum[0] / count, sum[1] / count, sum[2] / count]);
  }
  return cells;
}

function median(cells: readonly Rgb[]): Rgb {
  const middle = (channel: 0 | 1 | 2): number => cells.map((cell) => cell[channel]).sort((a, b) => a - b)[cells.length >> 1] ?? 0;
  return [middle(0), middle(1), middle(2)];
}

/** Reads the card on the page from a picture of the page. */
export async function readingOf(png: string): Promise<Seen> {
  const card = document.querySelector(".card")?.getBoundingClientRect(), icon = document.querySelector(".card .top .icon")?.getBoundingClientRect();
  if (!card || !icon) throw new Error("there is no card to be seen");
  const picture = await pixels(png);
  const cells = shrink(picture, card, COLUMNS, ROWS);
  const at = (column: number, row: number): Rgb => cells[row * COLUMNS + column] ?? [0, 0, 0];
  const inside = cells.filter((_, n) => n % COLUMNS > 3 && n % COLUMNS < COLUMNS - 4 && n > 3 * COLUMNS && n < (ROWS - 3) * COLUMNS);
  const rows = Array.from({ length: ROWS - 12 }, (_, n) => n + 6);
  const edge = median([...rows.map((row) => at(0, row)), ...rows.map((row) => at(COLUMNS - 1, row))]);
  return { ground: median(inside), edge, icon: shrink(picture, icon, ICON, ICON) };
}

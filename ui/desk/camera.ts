// Draws the camera's pictures: one at a time, the newest waiting, all others let go.

/** A painter of JPEG pictures. */
export class CameraPainter {
  #canvas: HTMLCanvasElement;
  #busy = false;
  #next: ArrayBuffer | null = null;
  #drawn: () => void;

  /** Paints on this canvas and tells when the first picture stands. */
  constructor(canvas: HTMLCanvasElement, drawn: () => void) {
    this.#canvas = canvas;
    this.#drawn = drawn;
  }

  /** Takes a picture; while one is being decoded only the newest is kept. */
  show(jpeg: ArrayBuffer): void {
    if (this.#busy) {
      this.#next = jpeg;
      return;
    }
    this.#busy = true;
    this.#decode(jpeg);
  }

  #decode(jpeg: ArrayBuffer): void {
    const url = URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" }));
    const image = new Image();
    const done = (whole: boolean): void => {
      if (whole) this.#paint(image);
      URL.revokeObjectURL(url);
      const next = this.#next;
      this.#next = null;
      if (next) this.#decode(next);
      else this.#busy = false;
    };
    image.onload = () => done(true);
    image.onerror = () => done(false);
    image.src = url;
  }

  #paint(image: HTMLImageElement): void {
    if (this.#canvas.width !== image.naturalWidth) this.#canvas.width = image.naturalWidth;
    if (this.#canvas.height !== image.naturalHeight) this.#canvas.height = image.naturalHeight;
    this.#canvas.getContext("2d")?.drawImage(image, 0, 0);
    this.#drawn();
  }
}

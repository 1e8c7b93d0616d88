// A film's grey values, windowed through a look-up table and painted at any zoom.

/**
 * @typedef {object} Greys one raster of grey values
 * @property {number} height
 * @property {number} width
 * @property {Uint8Array} values
 */

/** The window on 0…255 grey levels. @typedef {{ center: number, width: number }} Window */

/** @type {Window} */
export const AS_STORED = Object.freeze({ center: 127.5, width: 255 });

/**
 * Grey levels through a window, as opaque pixels (little-endian RGBA).
 * @param {Window} window
 * @param {boolean} inverted after windowing, so that the window means the same
 * @returns {Uint32Array} 256 entries
 */
export function lookUp({ center, width }, inverted) {
  const table = new Uint32Array(256);
  for (let grey = 0; grey < 256; grey++) {
    const share = Math.min(1, Math.max(0, (grey - (center - width / 2)) / width));
    const level = Math.round(255 * (inverted ? 1 - share : share));
    table[grey] = 0xff000000 | (level * 0x010101);
  }
  return table;
}

/**
 * Half a raster's size, each value the mean of up to four.
 * @param {Greys} greys
 * @returns {Greys}
 */
export function halved({ height, width, values }) {
  const [h, w] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const half = new Uint8Array(h * w);
  for (let row = 0; row < h; row++) {
    const top = row * 2 * width;
    const bottom = Math.min(row * 2 + 1, height - 1) * width;
    for (let column = 0; column < w; column++) {
      const left = column * 2;
      const right = Math.min(left + 1, width - 1);
      const sum = values[top + left] + values[top + right] + values[bottom + left] + values[bottom + right];
      half[row * w + column] = (sum + 2) >> 2;
    }
  }
  return { height: h, width: w, values: half };
}

/**
 * Fetch and decode a film's grey PNG, values untouched by colour management.
 * @param {string} url
 * @returns {Promise<Film>}
 */
export async function fetchFilm(url) {
  const answer = await fetch(url, { headers: { Accept: "image/png" } });
  if (answer.redirected) throw new Error("you are signed out");
  if (!answer.ok) throw new Error(`the film did not arrive (${answer.status})`);
  const bitmap = await createImageBitmap(await answer.blob(), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
  });
  const { height, width } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("this browser gives no canvas to paint on");
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const pixels = context.getImageData(0, 0, width, height).data;
  const values = new Uint8Array(height * width);
  for (let i = 0; i < values.length; i++) values[i] = pixels[i * 4];
  return new Film({ height, width, values });
}

/**
 * A film with smaller copies of itself, so that a small painting neither flickers nor costs what a
 * large one does. Only the copy in use is windowed again when the window moves.
 */
export class Film {
  /** @param {Greys} greys */
  constructor(greys) {
    this.height = greys.height;
    this.width = greys.width;
    this.levels = [greys];
    while (Math.max(this.levels[0].height, this.levels[0].width) >> this.levels.length >= 256) {
      this.levels.push(halved(this.levels[this.levels.length - 1]));
    }
    this.table = lookUp(AS_STORED, false);
    this.canvas = new OffscreenCanvas(1, 1);
    /** Which part of which copy `canvas` holds. */
    this.held = "";
  }

  /** @param {Window} window @param {boolean} inverted */
  setWindow(window, inverted) {
    const table = lookUp(window, inverted);
    if (table.every((level, grey) => level === this.table[grey])) return;
    this.table = table;
    this.held = "";
  }

  /**
   * Paint the film so that film pixel (0, 0) starts at the transform's origin.
   * @param {CanvasRenderingContext2D} context its transform maps film pixels to the canvas
   */
  paint(context) {
    const { a: scale, e: x, f: y } = context.getTransform();
    // The smallest copy that still has a pixel for each pixel of the screen.
    const wanted = Math.max(0, Math.floor(Math.log2(1 / scale)));
    const index = Math.min(wanted, this.levels.length - 1);
    const { height, width } = this.levels[index];
    const step = scale * 2 ** index;
    // What the screen shows, and a pixel around it to interpolate with.
    const left = Math.max(0, Math.floor(-x / step) - 1);
    const top = Math.max(0, Math.floor(-y / step) - 1);
    const right = Math.min(width, Math.ceil((context.canvas.width - x) / step) + 1);
    const bottom = Math.min(height, Math.ceil((context.canvas.height - y) / step) + 1);
    if (right <= left || bottom <= top) return;
    this.#hold(index, left, top, right, bottom);
    context.save();
    context.beginPath();
    context.rect(0, 0, this.width, this.height);
    context.clip();
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = scale > 1 ? "high" : "medium";
    // A copy's last row and column may stand for pixels beyond the film: they are cut, not squeezed.
    const [w, h] = [(right - left) << index, (bottom - top) << index];
    context.drawImage(this.canvas, left << index, top << index, w, h);
    context.restore();
  }

  /**
   * Window a part of a copy into the canvas, unless it is there already: linked panels show the same.
   * @param {number} index @param {number} left @param {number} top @param {number} right @param {number} bottom
   */
  #hold(index, left, top, right, bottom) {
    const held = [index, left, top, right, bottom].join();
    if (held === this.held) return;
    const { width, values } = this.levels[index];
    const [w, h] = [right - left, bottom - top];
    if (this.canvas.width !== w) this.canvas.width = w;
    if (this.canvas.height !== h) this.canvas.height = h;
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("this browser gives no canvas to paint on");
    const image = context.createImageData(w, h);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = top, i = 0; row < bottom; row++) {
      const end = row * width + right;
      for (let from = row * width + left; from < end; from++, i++) pixels[i] = this.table[values[from]];
    }
    context.putImageData(image, 0, 0);
    this.held = held;
  }
}

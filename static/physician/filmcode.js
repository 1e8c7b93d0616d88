// From the bytes of a film to its stored values. Pure; the form is that of app/films/wire.py.

import { inflate, through } from "./flate.js";

/** @typedef {Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>} Values */
/** One raster of stored values. @typedef {{ height: number, width: number, values: Values }} Greys */
/** @typedef {{ center: number, width: number, function: "LINEAR" | "LINEAR_EXACT" | "SIGMOID" }} StoredWindow */
/** @typedef {{ first: number, bits: number, values: Uint16Array }} StoredTable */

/**
 * @typedef {object} Header
 * @property {number} height
 * @property {number} width
 * @property {8 | 16} depth of a value as it is stored
 * @property {number} bits that the film says it uses
 * @property {"MONOCHROME1" | "MONOCHROME2"} photometric
 * @property {number} slope
 * @property {number} intercept
 * @property {StoredWindow | StoredTable | null} voi
 * @property {(StoredWindow | StoredTable)[]} [further_voi] more ways to be shown that the film brings
 * @property {[number, number] | null} spacing_mm
 * @property {number} [aspect] by how much a pixel is shown higher than wide
 */

/**
 * @typedef {object} Decoded
 * @property {Header} header
 * @property {Greys[]} levels the film, then each half the size of the one before
 * @property {Uint32Array<ArrayBuffer>} counts how many pixels have each value
 * @property {Values} sample values of the exposed field, sorted
 */

/** The smallest copy's longer side is at least this. */
const SMALLEST = 256;
const SAMPLE = 8192;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Decoded>}
 */
export async function decodeFilm(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || String.fromCharCode(...bytes.subarray(0, 4)) !== "MBF1") {
    throw new Error("the film came in a form that this page does not know");
  }
  const start = 8 + view.getUint32(4);
  /** @type {Header} */
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  header.voi = await voiOf(header.voi);
  header.further_voi &&= await Promise.all(header.further_voi.map(voiOf));
  const { height, width, depth } = header;
  const rows = await inflateTo(bytes.subarray(start), height * (1 + (width * depth) / 8));
  const levels = [{ height, width, values: unfiltered(rows, height, width, depth) }];
  while (Math.max(height, width) >> levels.length >= SMALLEST) levels.push(halved(levels[levels.length - 1]));
  const counts = new Uint32Array(2 ** depth);
  for (const value of levels[0].values) counts[value]++;
  return { header, levels, counts, sample: sampled(levels[levels.length - 1]) };
}

/** A VOI table travels packed. @param {any} voi @returns {Promise<any>} */
async function voiOf(voi) {
  if (!voi?.table) return voi;
  const packed = Uint8Array.from(atob(voi.table), (letter) => letter.charCodeAt(0));
  const view = new DataView((await inflate(packed)).buffer);
  const values = Uint16Array.from({ length: view.byteLength / 2 }, (_, i) => view.getUint16(2 * i, true));
  return { first: voi.first, bits: voi.bits, values };
}

/**
 * Inflate into one buffer of the known length: a large film is never held twice.
 * @param {Uint8Array<ArrayBuffer>} packed @param {number} length
 */
async function inflateTo(packed, length) {
  const found = new Uint8Array(length);
  let at = 0;
  for await (const part of through(packed, new DecompressionStream("deflate"))) {
    if (at + part.length > length) throw new Error("the film came with more rows than it says");
    found.set(part, at);
    at += part.length;
  }
  if (at !== length) throw new Error("the film came incomplete");
  return found;
}

/**
 * Undo the PNG filters (PNG, 9.2) in place, and take the values out of the rows.
 * @param {Uint8Array<ArrayBuffer>} rows each led by its filter @param {number} height @param {number} width @param {8 | 16} depth
 * @returns {Values}
 */
export function unfiltered(rows, height, width, depth) {
  const back = depth / 8;
  const stride = width * back + 1;
  let above = new Uint8Array(stride);
  for (let row = 0; row < height; row++) {
    const line = rows.subarray(row * stride, (row + 1) * stride);
    undo(line, above, back);
    above = line;
  }
  const values = depth === 8 ? new Uint8Array(height * width) : new Uint16Array(height * width);
  for (let row = 0, i = 0; row < height; row++) {
    let at = row * stride + 1;
    if (depth === 8) values.set(rows.subarray(at, at + width), row * width);
    else for (const end = i + width; i < end; i++, at += 2) values[i] = (rows[at] << 8) | rows[at + 1];
  }
  return values;
}

/** @param {Uint8Array} line @param {Uint8Array} above @param {number} back bytes to the pixel before */
function undo(line, above, back) {
  const { length } = line;
  switch (line[0]) {
    case 0:
      return;
    case 1:
      for (let i = 1 + back; i < length; i++) line[i] += line[i - back];
      return;
    case 2:
      for (let i = 1; i < length; i++) line[i] += above[i];
      return;
    case 3:
      for (let i = 1; i < length; i++) line[i] += ((i > back ? line[i - back] : 0) + above[i]) >> 1;
      return;
    case 4:
      paeth(line, above, back);
      return;
    default:
      throw new Error("the film came in a form that this page does not know");
  }
}

/** @param {Uint8Array} line @param {Uint8Array} above @param {number} back */
function paeth(line, above, back) {
  for (let i = 1; i <= back; i++) line[i] += above[i];
  for (let i = 1 + back; i < line.length; i++) {
    const [left, up, corner] = [line[i - back], above[i], above[i - back]];
    const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
    line[i] += toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
  }
}

/**
 * Half a raster's size, each value the mean of up to four.
 * @param {Greys} greys
 * @returns {Greys}
 */
export function halved({ height, width, values }) {
  const [h, w] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const half = values instanceof Uint8Array ? new Uint8Array(h * w) : new Uint16Array(h * w);
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

/** Some thousand values from inside the collimation, sorted. @param {Greys} greys @returns {Values} */
function sampled(greys) {
  const { top, left, bottom, right } = exposed(greys);
  const area = (bottom - top) * (right - left);
  const step = Math.max(1, Math.floor(area / SAMPLE));
  const sample = greys.values.slice(0, Math.ceil(area / step));
  for (let i = 0; i < sample.length; i++) {
    const place = i * step;
    const row = top + Math.floor(place / (right - left));
    sample[i] = greys.values[row * greys.width + left + (place % (right - left))];
  }
  return sample.sort();
}

/**
 * The exposed field: the film without rows and columns at its edges that are almost one grey, as
 * the shutters, a frame or a scanner's lid leave them. Never less than half of each side.
 * @param {Greys} greys
 */
export function exposed({ height, width, values }) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const least = (0.02 * (high - low)) ** 2;
  const flat = (/** @type {number} */ start, /** @type {number} */ step, /** @type {number} */ count) => {
    let [sum, squares] = [0, 0];
    for (let i = 0, at = start; i < count; i++, at += step) {
      sum += values[at];
      squares += values[at] ** 2;
    }
    return squares / count - (sum / count) ** 2 < least;
  };
  const isFlatRow = (/** @type {number} */ row) => flat(row * width, 1, width);
  const isFlatColumn = (/** @type {number} */ column) => flat(column, width, height);
  const [top, bottom] = trimmed(height, isFlatRow);
  const [left, right] = trimmed(width, isFlatColumn);
  return { top, left, bottom, right };
}

/** @param {number} count @param {(place: number) => boolean} isFlat @returns {[number, number]} first, and after the last */
function trimmed(count, isFlat) {
  const most = Math.floor(count / 4);
  let first = 0;
  while (first < most && isFlat(first)) first++;
  let end = count;
  while (count - end < most && isFlat(end - 1)) end--;
  return [first, end];
}

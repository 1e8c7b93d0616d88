// The drawing as pixels of the screen: only what is asked for, whatever the film's size.

import { bitsBetween } from "../raster.js";

/** @typedef {import("./extent.js").Rectangle} Rectangle */
/** From the mask's columns and rows to the canvas's: column · scale + x, row · down + y. @typedef {{ scale: number, down: number, x: number, y: number }} Transform */

/** The outlines' colour, as little-endian RGBA without its opacity. */
const COLOUR = 0x4dc9ff;
/** A part that is picked stands out by white. */
const PICKED = 0xffffff;
const FILL = 0.22;
const FILL_PICKED = 0.5;
const HALO = 0.55;

/** Half the window over which the inside is averaged. @param {number} ratio canvas pixels to a pixel of the page */
const reached = (ratio) => Math.max(2, Math.round(2 * ratio));

/**
 * Which of the canvas's pixels the drawing covers. Enlarged, a pixel of the mask is the square that
 * it is; made smaller, a pixel of the canvas is inside if anything under it is, so no speck is lost.
 * @param {import("../raster.js").Raster} raster @param {Int32Array} words of the raster's layout
 * @param {Transform} transform @param {Rectangle} area of the canvas
 * @returns {Uint8Array} zeros and ones
 */
export function sampled({ width, height, stride }, words, { scale, down, x, y }, { top, left, bottom, right }) {
  const [w, h] = [right - left, bottom - top];
  const inside = new Uint8Array(w * h);
  // A pixel's middle where the film is enlarged, else all that it covers.
  const span = (/** @type {number} */ at, /** @type {number} */ offset, /** @type {number} */ size) =>
    size >= 1
      ? [Math.floor((at + 0.5 - offset) / size), Math.floor((at + 0.5 - offset) / size) + 1]
      : [Math.floor((at - offset) / size), Math.floor((at + 1 - offset) / size)];
  const columns = Array.from({ length: w }, (_, i) => span(left + i, x, scale));
  const starts = Int32Array.from(columns, ([from]) => Math.max(0, from));
  const ends = Int32Array.from(columns, ([, to]) => Math.min(width, to));
  const together = new Int32Array(stride);
  const [first, last] = [Math.max(0, starts[0] >>> 5), Math.min(stride - 1, (Math.max(1, ends[w - 1]) - 1) >>> 5)];
  let before = -1;
  for (let j = 0; j < h; j++) {
    const [from, to] = span(top + j, y, down);
    if (down >= 1 && from === before) {
      inside.copyWithin(j * w, (j - 1) * w, j * w);
      continue;
    }
    before = from;
    together.fill(0, first, last + 1);
    let any = 0;
    for (let row = Math.max(0, from); row < Math.min(height, to); row++) {
      for (let word = first; word <= last; word++) any |= together[word] |= words[row * stride + word];
    }
    if (any !== 0) told(inside, j * w, together, starts, ends);
  }
  return inside;
}

/**
 * One row of `sampled`: whether any bit is set from `starts[i]` up to `ends[i]`.
 * @param {Uint8Array} inside @param {number} at @param {Int32Array} bits @param {Int32Array} starts @param {Int32Array} ends
 */
function told(inside, at, bits, starts, ends) {
  for (let i = 0; i < starts.length; i++) {
    const [start, end] = [starts[i], ends[i]];
    if (end - start === 1) {
      inside[at + i] = (bits[start >>> 5] >>> (31 - (start & 31))) & 1;
    } else if (start < end) {
      let any = 0;
      for (let word = start >>> 5; word * 32 < end; word++) any |= bits[word] & bitsBetween(word, start, end);
      if (any !== 0) inside[at + i] = 1;
    }
  }
}

/**
 * Sums over windows of 2 k + 1 pixels along rows, then along columns, as far as the raster goes.
 * @param {Uint8Array} inside @param {number} w @param {number} h @param {number} k
 * @returns {Uint16Array}
 */
function summed(inside, w, h, k) {
  const across = new Uint16Array(w * h);
  for (let j = 0; j < h; j++) {
    let sum = 0;
    const row = j * w;
    for (let i = 0; i < Math.min(k, w); i++) sum += inside[row + i];
    for (let i = 0; i < w; i++) {
      if (i + k < w) sum += inside[row + i + k];
      if (i - k > 0) sum -= inside[row + i - k - 1];
      across[row + i] = sum;
    }
  }
  const sums = new Uint16Array(w * h);
  const running = new Uint16Array(w);
  for (let j = 0; j < Math.min(k, h); j++) for (let i = 0; i < w; i++) running[i] += across[j * w + i];
  for (let j = 0; j < h; j++) {
    if (j + k < h) for (let i = 0; i < w; i++) running[i] += across[(j + k) * w + i];
    if (j - k > 0) for (let i = 0; i < w; i++) running[i] -= across[(j - k - 1) * w + i];
    sums.set(running, j * w);
  }
  return sums;
}

/**
 * Colour a part of the canvas: the outline as a line of two pixels of the page with a dark halo, as
 * the candidates' are, and a faint inside.
 * @param {ImageData} image of the size of `area`
 * @param {import("../raster.js").Raster} raster
 * @param {Int32Array | null} picked bits of a part that is picked
 * @param {Transform} transform @param {Rectangle} area @param {number} ratio @param {boolean} filled
 */
export function shade(image, raster, picked, transform, area, ratio, filled) {
  const reach = reached(ratio);
  // The average at a pixel of the area asks beyond it.
  const wide = { top: area.top - reach, left: area.left - reach, bottom: area.bottom + reach, right: area.right + reach };
  const [w, h] = [wide.right - wide.left, wide.bottom - wide.top];
  const inside = sampled(raster, raster.words, transform, wide);
  const chosen = picked && sampled(raster, picked, transform, wide);
  const sums = summed(inside, w, h, reach);
  const tables = [
    ramp(reach, ratio, false, 0, COLOUR),
    ramp(reach, ratio, true, filled ? FILL : 0, COLOUR),
    ramp(reach, ratio, true, FILL_PICKED, PICKED),
  ];
  const colours = new Uint32Array(image.data.buffer);
  for (let j = reach, at = 0; j < h - reach; j++) {
    for (let i = j * w + reach; i < (j + 1) * w - reach; i++, at++) {
      colours[at] = tables[inside[i] ? (chosen?.[i] ? 2 : 1) : 0][sums[i]];
    }
  }
}

/**
 * The colour of a pixel by how many around it are inside: a line two pixels of the page wide, its
 * edges soft over one pixel of the canvas, on a halo one pixel wider on either side.
 * @param {number} reach @param {number} ratio @param {boolean} inside the pixel itself
 * @param {number} fill opacity of the inside @param {number} colour
 */
function ramp(reach, ratio, inside, fill, colour) {
  const whole = (2 * reach + 1) ** 2;
  const table = new Uint32Array(whole + 1);
  for (let sum = 0; sum <= whole; sum++) {
    const share = sum / whole;
    // What is thinner than the window is all rim. Across a straight edge the share falls evenly.
    const away = Math.abs((inside ? Math.max(share, 0.5) : Math.min(share, 0.5)) - 0.5) * (2 * reach + 1);
    const line = soft(ratio - away);
    const halo = soft(2 * ratio - away) * HALO;
    // Line over halo over the inside, without a colour for the halo: it only darkens.
    const bright = line + (1 - line) * (1 - halo) * fill;
    const opacity = line + (1 - line) * (halo + (1 - halo) * fill);
    table[sum] = opacity === 0 ? 0 : (Math.round(255 * opacity) << 24) | shaded(colour, bright / opacity);
  }
  return table;
}

/** @param {number} inwards how far inside an edge, in pixels */
const soft = (inwards) => Math.min(1, Math.max(0, inwards + 0.5));

/** @param {number} colour @param {number} share of its light */
function shaded(colour, share) {
  const part = (/** @type {number} */ shift) => Math.round(((colour >> shift) & 255) * share) << shift;
  return part(0) | part(8) | part(16);
}

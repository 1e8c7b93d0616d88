// Runs of set bits in rows of words: how a bitmap is walked without asking every pixel.

import { Extent } from "./extent.js";

/**
 * The first set bit of a row from column `from`, or `end`.
 * @param {Int32Array} words @param {number} base where the row begins
 * @param {number} from @param {number} end @param {number} flip −1 to look for a clear bit instead, else 0
 */
function next(words, base, from, end, flip) {
  let word = from >>> 5;
  const last = (end - 1) >>> 5;
  let bits = (words[base + word] ^ flip) & (-1 >>> (from & 31));
  while (bits === 0) {
    if (++word > last) return end;
    bits = words[base + word] ^ flip;
  }
  return Math.min(end, word * 32 + Math.clz32(bits));
}

/**
 * Tell the runs of one row, from left to right.
 * @param {Int32Array} words @param {number} base where the row begins
 * @param {number} start first column @param {number} end the one after the last
 * @param {(start: number, end: number) => void} tell
 * @param {boolean} [clear] runs of clear bits instead of set ones
 */
export function eachRun(words, base, start, end, tell, clear = false) {
  const flip = clear ? -1 : 0;
  for (let at = start; at < end; ) {
    const from = next(words, base, at, end, flip);
    if (from >= end) return;
    const to = from + 1 < end ? next(words, base, from + 1, end, ~flip) : end;
    tell(from, to);
    at = to;
  }
}

/** The smallest part of a raster that holds all that is set. @param {import("../raster.js").Raster} raster */
export function extentOf({ words, stride, height }) {
  const extent = new Extent();
  for (let row = 0, i = 0; row < height; row++) {
    for (let word = 0; word < stride; word++, i++) {
      if (words[i] !== 0) extent.add(row, word * 32, row + 1, word * 32 + 32);
    }
  }
  return extent;
}

/**
 * The bits of a raster as the wire has them: row-major, the first pixel in the highest bit, rows not padded.
 * @param {import("../raster.js").Raster} raster
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function toPacked({ words, stride, width, height }) {
  const packed = new Uint8Array(Math.ceil((height * width) / 8));
  for (let row = 0; row < height; row++) {
    eachRun(words, row * stride, 0, width, (start, end) => fill(packed, row * width + start, row * width + end));
  }
  return packed;
}

/** @param {Uint8Array} packed @param {number} start @param {number} end */
function fill(packed, start, end) {
  const [first, last] = [start >> 3, (end - 1) >> 3];
  const [high, low] = [0xff >> (start & 7), (0xff << (7 - ((end - 1) & 7))) & 0xff];
  if (first === last) {
    packed[first] |= high & low;
    return;
  }
  packed[first] |= high;
  packed.fill(0xff, first + 1, last);
  packed[last] |= low;
}

/**
 * Undo `toPacked`.
 * @param {Uint8Array} packed @param {number} height @param {number} width
 * @returns {Int32Array}
 */
export function fromPacked(packed, height, width) {
  if (packed.length !== Math.ceil((height * width) / 8)) throw new Error("a bit string of another length");
  const stride = (width + 31) >>> 5;
  const words = new Int32Array(height * stride);
  for (let row = 0; row < height; row++) {
    for (let word = 0; word < stride; word++) {
      const bits = Math.min(32, width - word * 32);
      words[row * stride + word] = taken(packed, row * width + word * 32) & (bits < 32 ? -1 << (32 - bits) : -1);
    }
  }
  return words;
}

/** 32 bits from any place on. @param {Uint8Array} packed @param {number} at */
function taken(packed, at) {
  const byte = at >> 3;
  const skip = at & 7;
  const word = (packed[byte] << 24) | (packed[byte + 1] << 16) | (packed[byte + 2] << 8) | packed[byte + 3];
  return skip ? (word << skip) | ((packed[byte + 4] ?? 0) >> (8 - skip)) : word;
}

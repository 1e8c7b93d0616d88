// All runs of a raster at once, in plain arrays: what its connected parts are found from.

import { ones } from "../raster.js";

/** A raster's bits, each row in whole words. @typedef {{ words: Int32Array, stride: number, width: number, height: number }} Bits */

/**
 * The runs of a raster, row by row and from left to right.
 * @typedef {object} RunList
 * @property {Int32Array} edges the first column of each run and the one after its last, in turn
 * @property {Int32Array} above how many runs lie above each row; the last tells how many there are
 */

/** The bits of a row's last word that lie on the film. @param {number} width */
const lastBits = (width) => (width & 31 ? -1 << (32 - (width & 31)) : -1);

/** How many runs there are: a fraction of what it takes to list them. @param {Bits} raster @param {boolean} [clear] */
export function countRuns({ words, stride, width, height }, clear = false) {
  let count = 0;
  for (let row = 0; row < height; row++) count += countRow(words, row * stride, stride, lastBits(width), clear ? -1 : 0);
  return count;
}

/** A row at a time: what is called often is made fast early. @param {Int32Array} words @param {number} base where the row begins @param {number} stride @param {number} ending @param {number} flip */
function countRow(words, base, stride, ending, flip) {
  let count = 0;
  let before = 0;
  for (let word = 0; word < stride; word++) {
    const bits = word === stride - 1 ? (words[base + word] ^ flip) & ending : words[base + word] ^ flip;
    // Nothing begins in a word that goes on as the one before ended.
    if (bits === -before) continue;
    count += ones(bits & ~((bits >>> 1) | (before << 31)));
    before = bits & 1;
  }
  return count;
}

/**
 * @param {Bits} raster @param {boolean} [clear] runs of clear bits instead of set ones
 * @returns {RunList}
 */
export function listRuns(raster, clear = false) {
  const { words, stride, width, height } = raster;
  const edges = new Int32Array(2 * countRuns(raster, clear));
  const above = new Int32Array(height + 1);
  for (let row = 0, count = 0; row < height; row++) {
    count = listRow(words, row * stride, width, clear ? -1 : 0, edges, count);
    above[row + 1] = count / 2;
  }
  return { edges, above };
}

/** @param {Int32Array} words @param {number} base @param {number} width @param {number} flip @param {Int32Array} edges @param {number} count of edges so far @returns {number} and now */
function listRow(words, base, width, flip, edges, count) {
  const last = (width - 1) >>> 5;
  let before = 0;
  for (let word = 0; word <= last; word++) {
    const bits = word === last ? (words[base + word] ^ flip) & lastBits(width) : words[base + word] ^ flip;
    if (bits === -before) continue;
    // Where a pixel differs from the one to its left, a run begins or has just ended.
    let turns = bits ^ ((bits >>> 1) | (before << 31));
    before = bits & 1;
    while (turns !== 0) {
      const place = Math.clz32(turns);
      edges[count++] = word * 32 + place;
      turns ^= 0x80000000 >>> place;
    }
  }
  if (before) edges[count++] = width;
  return count;
}

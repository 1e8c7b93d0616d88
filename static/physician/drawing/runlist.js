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
export function countRuns({ words, stride, width }, clear = false) {
  const flip = clear ? -1 : 0;
  const ending = lastBits(width);
  let count = 0;
  for (let i = 0, word = 0, before = 0; i < words.length; i++) {
    let bits = words[i] ^ flip;
    if (++word === stride) bits &= ending;
    const begins = bits & ~((bits >>> 1) | (before << 31));
    if (begins !== 0) count += ones(begins);
    before = bits & 1;
    if (word === stride) word = before = 0;
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
  const flip = clear ? -1 : 0;
  const ending = lastBits(width);
  let count = 0;
  for (let row = 0, i = 0; row < height; row++) {
    let before = 0;
    for (let word = 0; word < stride; word++, i++) {
      let bits = words[i] ^ flip;
      if (word === stride - 1) bits &= ending;
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
    above[row + 1] = count / 2;
  }
  return { edges, above };
}

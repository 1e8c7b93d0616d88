// Smoothing a mask: its edge loses what is finer than a stated width, each part keeps its area.

import { Boxes } from "./boxes.js";
import { leastOf } from "./levels.js";
import { parts } from "./parts.js";

/** @typedef {import("../raster.js").Raster} Raster */
/** What is told of a part that was smoothed: some bits of one word of a row. @typedef {(row: number, word: number, bits: number) => void} Tell */

/** How far smoothing reaches on a film of this size: what is finer than about twice as much goes. @param {number} height @param {number} width */
export const reach = (height, width) => Math.max(1, Math.round(Math.max(height, width) / 500));

/** Parts of at most so many runs and pixels are often of one shape: what became of that is remembered. */
const SMALL = { runs: 4, area: 32 };

/**
 * Smooth each part by itself, as part of the step under way: blur it by three boxes of 2 k + 1
 * pixels a side (close to a Gaussian; whole numbers, so the same on every computer) and take the
 * pixels of highest value, as many as the part had, or the nearest number that equal values allow.
 * @param {Raster} raster @param {number} k at most 9
 */
export function smooth(raster, k) {
  const { width, height, stride } = raster;
  const found = parts(raster);
  const words = new Int32Array(raster.words.length);
  const boxes = new Boxes(height, width, k);
  const most = (2 * k + 1) ** 6;
  /** Rows and columns of the pixels, from the first run's beginning. @type {Map<string, number[]>} */
  const known = new Map();
  const { runs, ends } = byPart(found);
  for (let part = 0, begin = 0; part < ends.length; begin = ends[part++]) {
    const mine = runs.subarray(begin, ends[part]);
    const area = found.areas[part];
    const blurred = (/** @type {Tell} */ tell) => {
      boxes.blur(mine);
      take(boxes, leastOf(boxes.values, boxes.size, area, most), tell);
    };
    const shape = area <= SMALL.area && mine.length <= 3 * SMALL.runs && boxes.fits(mine) ? shapeOf(mine) : "";
    if (shape === "") blurred((row, word, bits) => (words[row * stride + word] |= bits));
    else {
      if (!known.has(shape)) known.set(shape, pixelsOf(mine, blurred));
      stamp(known.get(shape) ?? [], mine, words, stride);
    }
  }
  raster.become(words);
}

/** The runs of one part after the other: row, start and end in turn; and where each part ends. @param {import("./parts.js").Parts} found */
function byPart({ runs: { edges, above }, part, areas }) {
  const ends = new Int32Array(areas.length);
  for (let i = 0; i < part.length; i++) ends[part[i]] += 3;
  for (let i = 0, sum = 0; i < ends.length; i++) {
    sum += ends[i];
    ends[i] = sum - ends[i];
  }
  const runs = new Int32Array(3 * part.length);
  for (let row = 0; row + 1 < above.length; row++) {
    for (let i = above[row]; i < above[row + 1]; i++) {
      const at = ends[part[i]];
      [runs[at], runs[at + 1], runs[at + 2]] = [row, edges[2 * i], edges[2 * i + 1]];
      ends[part[i]] = at + 3;
    }
  }
  return { runs, ends };
}

/** Tell the bits where a value is high enough. @param {Boxes} boxes @param {number} least @param {Tell} tell */
function take({ values, first, end, from, to, start }, least, tell) {
  for (let word = first; word < end; word++) {
    let at = start[word];
    for (let row = from[word]; row < to[word]; row++) {
      let bits = 0;
      for (const stop = at + 32; at < stop; at++) bits = (bits << 1) | (values[at] >= least ? 1 : 0);
      if (bits !== 0) tell(row, word, bits);
    }
  }
}

/** The same for parts that differ by their place alone. @param {Int32Array} runs */
function shapeOf(runs) {
  const [top, left] = runs;
  let shape = "";
  for (let i = 0; i < runs.length; i += 3) shape += `${runs[i] - top},${runs[i + 1] - left},${runs[i + 2] - left};`;
  return shape;
}

/** @param {Int32Array} runs @param {(tell: Tell) => void} blurred @returns {number[]} */
function pixelsOf([top, left], blurred) {
  /** @type {number[]} */
  const pixels = [];
  blurred((row, word, bits) => {
    for (let column = word * 32; bits !== 0; column++, bits <<= 1) if (bits < 0) pixels.push(row - top, column - left);
  });
  return pixels;
}

/** @param {number[]} pixels @param {Int32Array} runs @param {Int32Array} words @param {number} stride */
function stamp(pixels, [top, left], words, stride) {
  for (let i = 0; i < pixels.length; i += 2) {
    const column = left + pixels[i + 1];
    words[(top + pixels[i]) * stride + (column >>> 5)] |= 0x80000000 >>> (column & 31);
  }
}

// The connected parts of a mask, and its holes, found by runs of rows.

import { eachRun } from "./runs.js";

/** @typedef {import("../raster.js").Raster} Raster */

/**
 * @typedef {object} Parts
 * @property {Int32Array} runs row, start and end of each run, in turn
 * @property {Int32Array} part of each run: 0 is the largest
 * @property {number[]} areas in pixels
 * @property {boolean[]} atBorder whether a part touches the raster's border
 */

/**
 * The parts of a mask, the largest first. Pixels that touch at a corner belong together, as
 * everywhere in this house; the clear pixels between them then do not (`holes`).
 * @param {Raster} raster @param {boolean} [clear] the parts of what is not drawn instead
 * @returns {Parts}
 */
export function parts(raster, clear = false) {
  const { words, stride, width, height } = raster;
  /** @type {number[]} */
  const found = [];
  /** @type {number[]} */
  const parent = [];
  const root = (/** @type {number} */ i) => {
    while (parent[i] !== i) i = parent[i] = parent[parent[i]];
    return i;
  };
  const near = clear ? 0 : 1;
  let above = 0;
  for (let row = 0, first = 0; row < height; row++) {
    const below = first;
    eachRun(words, row * stride, 0, width, (start, end) => {
      const i = parent.length;
      parent.push(i);
      found.push(row, start, end);
      while (above < below && found[above * 3 + 2] + near <= start) above++;
      for (let j = above; j < below && found[j * 3 + 1] < end + near; j++) parent[root(j)] = root(i);
    }, clear);
    above = below;
    first = parent.length;
  }
  return measured(Int32Array.from(found), parent.map((_, i) => root(i)), width, height);
}

/** @param {Int32Array} runs @param {number[]} roots @param {number} width @param {number} height @returns {Parts} */
function measured(runs, roots, width, height) {
  /** @type {Map<number, { area: number, atBorder: boolean }>} */
  const found = new Map();
  roots.forEach((root, i) => {
    const [row, start, end] = runs.subarray(i * 3, i * 3 + 3);
    const one = found.get(root) ?? { area: 0, atBorder: false };
    one.area += end - start;
    one.atBorder ||= row === 0 || row === height - 1 || start === 0 || end === width;
    found.set(root, one);
  });
  // Of equal parts the upper one comes first: a map keeps the order of rows.
  const order = [...found.entries()].sort(([, a], [, b]) => b.area - a.area);
  const place = new Map(order.map(([root], i) => [root, i]));
  return {
    runs,
    part: Int32Array.from(roots, (root) => place.get(root) ?? 0),
    areas: order.map(([, { area }]) => area),
    atBorder: order.map(([, { atBorder }]) => atBorder),
  };
}

/**
 * Set all runs of the parts that are wanted, as part of the step under way.
 * @param {Raster} raster @param {Parts} found @param {(part: number) => boolean} wanted @param {0 | 1} value
 */
export function setParts(raster, { runs, part }, wanted, value) {
  for (let i = 0; i < part.length; i++) {
    if (wanted(part[i])) raster.set(runs[i * 3], runs[i * 3 + 1], runs[i * 3 + 2], value);
  }
}

/** The part at a pixel, or −1. @param {Parts} found @param {number} row @param {number} column */
export function partAt({ runs, part }, row, column) {
  return part.find((_, i) => runs[i * 3] === row && runs[i * 3 + 1] <= column && column < runs[i * 3 + 2]) ?? -1;
}

/** Fill all holes: what is not drawn and does not reach the film's border. @param {Raster} raster @returns {number} how many */
export function fillHoles(raster) {
  const clear = parts(raster, true);
  setParts(raster, clear, (part) => !clear.atBorder[part], 1);
  return clear.atBorder.filter((open) => !open).length;
}

/** Take away all parts of fewer than `smallest` pixels. @param {Raster} raster @param {number} smallest @returns {number} how many */
export function removeSpecks(raster, smallest) {
  const found = parts(raster);
  setParts(raster, found, (part) => found.areas[part] < smallest, 0);
  return found.areas.filter((area) => area < smallest).length;
}

// Smoothing a mask: its edge loses what is finer than a stated width, each part keeps its area.

import { parts } from "./parts.js";

/** @typedef {import("../raster.js").Raster} Raster */

/** How far smoothing reaches on a film of this size: what is finer than about twice as much goes. @param {number} height @param {number} width */
export const reach = (height, width) => Math.max(1, Math.round(Math.max(height, width) / 500));

/**
 * Smooth each part by itself, as part of the step under way: blur it by three boxes of 2 k + 1
 * pixels a side (close to a Gaussian; whole numbers, so the same on every computer) and take the
 * pixels of highest value, as many as the part had, or the nearest number that equal values allow.
 * @param {Raster} raster @param {number} k at most 9
 */
export function smooth(raster, k) {
  const found = parts(raster);
  const { stride, width, height } = raster;
  const words = new Int32Array(raster.words.length);
  for (const runs of runsOfParts(found)) {
    const margin = 3 * k;
    const top = Math.max(0, runs[0] - margin);
    const bottom = Math.min(height, runs[runs.length - 3] + 1 + margin);
    let [left, right] = [width, 0];
    let area = 0;
    for (let i = 0; i < runs.length; i += 3) {
      left = Math.min(left, runs[i + 1]);
      right = Math.max(right, runs[i + 2]);
      area += runs[i + 2] - runs[i + 1];
    }
    left = Math.max(0, left - margin);
    right = Math.min(width, right + margin);
    const [w, h] = [right - left, bottom - top];
    const values = new Uint32Array(w * h);
    for (let i = 0; i < runs.length; i += 3) {
      const at = (runs[i] - top) * w - left;
      values.fill(1, at + runs[i + 1], at + runs[i + 2]);
    }
    blur(values, w, h, k);
    const least = leastOf(values, area, (2 * k + 1) ** 6);
    for (let i = 0, row = top; row < bottom; row++) {
      for (let column = left; column < right; column++, i++) {
        if (values[i] >= least) words[row * stride + (column >>> 5)] |= 0x80000000 >>> (column & 31);
      }
    }
  }
  raster.become(words);
}

/** @param {import("./parts.js").Parts} found @returns {number[][]} row, start, end in turn */
function runsOfParts({ runs: { edges, above }, part, areas }) {
  /** @type {number[][]} */
  const lists = Array.from(areas, () => []);
  for (let row = 0; row + 1 < above.length; row++) {
    for (let i = above[row]; i < above[row + 1]; i++) lists[part[i]].push(row, edges[2 * i], edges[2 * i + 1]);
  }
  return lists;
}

/**
 * Three boxes along both axes, as sums; beyond the raster lies nothing.
 * @param {Uint32Array} values @param {number} w @param {number} h @param {number} k
 */
function blur(values, w, h, k) {
  const before = new Uint32Array(w * h);
  for (let pass = 0; pass < 3; pass++) {
    before.set(values);
    alongRows(before, values, w, h, k);
    before.set(values);
    alongColumns(before, values, w, h, k);
  }
}

/** @param {Uint32Array} from @param {Uint32Array} to @param {number} w @param {number} h @param {number} k */
function alongRows(from, to, w, h, k) {
  for (let start = 0; start < w * h; start += w) {
    let sum = 0;
    for (let i = 0; i < Math.min(k, w); i++) sum += from[start + i];
    for (let i = 0; i < w; i++) {
      if (i + k < w) sum += from[start + i + k];
      if (i > k) sum -= from[start + i - k - 1];
      to[start + i] = sum;
    }
  }
}

/** All columns at once, row by row, as memory lies. @param {Uint32Array} from @param {Uint32Array} to @param {number} w @param {number} h @param {number} k */
function alongColumns(from, to, w, h, k) {
  const sums = new Uint32Array(w);
  const add = (/** @type {number} */ row, /** @type {1 | -1} */ sign) => {
    for (let i = 0, at = row * w; i < w; i++, at++) sums[i] += sign * from[at];
  };
  for (let row = 0; row < Math.min(k, h); row++) add(row, 1);
  for (let row = 0; row < h; row++) {
    if (row + k < h) add(row + k, 1);
    if (row > k) add(row - k - 1, -1);
    to.set(sums, row * w);
  }
}

/**
 * The value from which on about `count` values are taken; the larger mask where two are as near.
 * @param {Uint32Array} values @param {number} count @param {number} most the value deep inside, which is always taken
 */
function leastOf(values, count, most) {
  const sorted = values.filter((value) => value > 0 && value < most).sort();
  const deep = values.reduce((sum, value) => (value === most ? sum + 1 : sum), 0);
  const wanted = Math.max(0, count - deep);
  if (wanted === 0 || sorted.length === 0) return most;
  const place = sorted.length - Math.min(wanted, sorted.length);
  const least = sorted[place];
  let [from, after] = [place, place];
  while (from > 0 && sorted[from - 1] === least) from--;
  while (after < sorted.length && sorted[after] === least) after++;
  const [taken, left] = [sorted.length - from, sorted.length - after];
  if (left + deep > 0 && wanted - left < taken - wanted) return sorted[after] ?? most;
  return least;
}

// The connected parts of a mask, and its holes, found by runs of rows.

import { listRuns } from "./runlist.js";
import { bitsBetween } from "../raster.js";

/** @typedef {import("../raster.js").Raster} Raster */
/** @typedef {import("./runlist.js").Bits} Bits */
/** @typedef {import("./runlist.js").RunList} RunList */

/**
 * @typedef {object} Parts
 * @property {RunList} runs
 * @property {Int32Array} part of each run: 0 is the largest
 * @property {Int32Array} areas in pixels
 * @property {Uint8Array} atBorder whether a part touches the raster's border
 */

/** Up to this area, parts are put in order by counting. */
const SMALL = 4096;

/**
 * The parts of a mask, the largest first and of equal ones the upper one. Pixels that touch at a corner
 * belong together, as everywhere in this house; the clear pixels between them then do not (`holes`).
 * @param {Bits} raster @param {boolean} [clear] the parts of what is not drawn instead
 * @returns {Parts}
 */
export function parts(raster, clear = false) {
  const runs = listRuns(raster, clear);
  const { name, parent, area, names } = named(runs, clear ? 0 : 1);
  // Parts are numbered in the order of their first runs.
  const numbers = new Int32Array(names);
  let count = 0;
  for (let i = 0; i < names; i++) numbers[i] = parent[i] === i ? count++ : numbers[parent[i]];
  const sums = new Int32Array(count);
  for (let i = 0; i < names; i++) sums[numbers[i]] += area[i];
  const place = places(sums);
  for (let i = 0; i < names; i++) numbers[i] = place[numbers[i]];
  for (let i = 0; i < name.length; i++) name[i] = numbers[name[i]];
  const areas = new Int32Array(count);
  for (let i = 0; i < count; i++) areas[place[i]] = sums[i];
  return { runs, part: name, areas, atBorder: touching(raster, runs, name, count) };
}

/**
 * Name each run as one above that it touches, and note which names mean the same part: a name's
 * parent is never greater than itself, so the least name of a part is that of its first run.
 * @param {RunList} runs @param {0 | 1} near 1 where a corner is enough to touch
 */
function named({ edges, above }, near) {
  const name = new Int32Array(edges.length / 2);
  const parent = new Int32Array(name.length);
  const area = new Int32Array(name.length);
  let names = 0;
  for (let row = 1; row < above.length; row++) {
    let up = row > 1 ? above[row - 2] : 0;
    const [first, end] = [above[row - 1], above[row]];
    for (let i = first; i < end; i++) {
      const from = edges[2 * i] - near;
      const to = edges[2 * i + 1] + near;
      while (up < first && edges[2 * up + 1] <= from) up++;
      let mine = names;
      if (up === first || edges[2 * up] >= to) parent[names] = names++;
      else {
        mine = name[up];
        // The last one that it touches may touch the next one too.
        while (up + 1 < first && edges[2 * up + 2] < to) {
          up++;
          if (name[up] !== mine) mine = united(parent, mine, name[up]);
        }
      }
      name[i] = mine;
      area[mine] += to - from - 2 * near;
    }
  }
  return { name, parent, area, names };
}

/** Both names mean the same part from now on. @param {Int32Array} parent @param {number} a @param {number} b @returns {number} the least name of it */
function united(parent, a, b) {
  while (parent[a] !== a) a = parent[a] = parent[parent[a]];
  while (parent[b] !== b) b = parent[b] = parent[parent[b]];
  return (parent[Math.max(a, b)] = Math.min(a, b));
}

/** The place of each part, the largest first. @param {Int32Array} areas @returns {Int32Array} */
function places(areas) {
  const counts = new Int32Array(SMALL + 1);
  /** @type {number[]} */
  const large = [];
  for (let i = 0; i < areas.length; i++) {
    if (areas[i] > SMALL) large.push(i);
    else counts[areas[i]]++;
  }
  const place = new Int32Array(areas.length);
  large.sort((a, b) => areas[b] - areas[a]).forEach((i, at) => (place[i] = at));
  // How many are larger than each area is the place of the first one of that area.
  for (let area = SMALL, larger = large.length; area > 0; area--) {
    const equal = counts[area];
    counts[area] = larger;
    larger += equal;
  }
  for (let i = 0; i < areas.length; i++) if (areas[i] <= SMALL) place[i] = counts[areas[i]]++;
  return place;
}

/** @param {Bits} raster @param {RunList} runs @param {Int32Array} part @param {number} count @returns {Uint8Array} */
function touching({ width, height }, { edges, above }, part, count) {
  const found = new Uint8Array(count);
  for (let row = 0; row < height; row++) {
    const [first, end] = [above[row], above[row + 1]];
    if (row === 0 || row === height - 1) for (let i = first; i < end; i++) found[part[i]] = 1;
    if (first === end) continue;
    if (edges[2 * first] === 0) found[part[first]] = 1;
    if (edges[2 * end - 1] === width) found[part[end - 1]] = 1;
  }
  return found;
}

/** @param {Bits} raster @param {Parts} found @param {(part: number) => boolean} wanted @returns {Int32Array<ArrayBuffer>} the bits of the parts that are wanted */
export function bitsOf({ stride, height, words }, { runs: { edges, above }, part }, wanted) {
  const bits = new Int32Array(words.length);
  for (let row = 0; row < height; row++) {
    for (let i = above[row]; i < above[row + 1]; i++) {
      if (wanted(part[i])) fill(bits, row * stride, edges[2 * i], edges[2 * i + 1]);
    }
  }
  return bits;
}

/** Set the bits of a row from `start` up to `end`. @param {Int32Array} bits @param {number} base where the row begins @param {number} start @param {number} end */
function fill(bits, base, start, end) {
  const last = (end - 1) >>> 5;
  for (let word = start >>> 5; word <= last; word++) bits[base + word] |= bitsBetween(word, start, end);
}

/** The part at a pixel, or −1. @param {Parts} found @param {number} row @param {number} column */
export function partAt({ runs: { edges, above }, part }, row, column) {
  for (let i = above[row]; i < above[row + 1]; i++) {
    if (edges[2 * i] <= column && column < edges[2 * i + 1]) return part[i];
  }
  return -1;
}

/** Fill all holes: what is not drawn and does not reach the film's border. @param {Raster} raster @returns {number} how many */
export function fillHoles(raster) {
  const clear = parts(raster, true);
  const holes = bitsOf(raster, clear, (part) => clear.atBorder[part] === 0);
  raster.become(raster.words.map((bits, i) => bits | holes[i]));
  return clear.atBorder.reduce((count, open) => count + 1 - open, 0);
}

/** Take away all parts of fewer than `smallest` pixels. @param {Raster} raster @param {number} smallest @returns {number} how many */
export function removeSpecks(raster, smallest) {
  const found = parts(raster);
  raster.become(bitsOf(raster, found, (part) => found.areas[part] >= smallest));
  return found.areas.filter((area) => area < smallest).length;
}

// The tools that act on a whole mask: what each makes of it. The same in the worker and on the page. Pure.

import { Raster } from "../raster.js";
import { bitsOf, fillHoles, partAt, parts, removeSpecks } from "./parts.js";
import { reach, smooth } from "./smooth.js";
import { atLeast, shownAt } from "./starting.js";

/** @typedef {Int32Array<ArrayBuffer>} Words of a raster */

/** Which part of a mask: the one at a pixel, or the one that comes so many places after another. @typedef {{ row: number, column: number } | { after: number, by: number }} Which */

/**
 * What is asked: a tool, with what it needs; "start" begins with candidates, whatever was drawn,
 * and "part" only looks.
 * @typedef {{ tool: "holes" } | { tool: "smooth" } | { tool: "specks", smallest: number }
 *   | { tool: "lungs", lungs: Words } | { tool: "start", bundle: import("../bundle.js").Bundle, least: number }
 *   | { tool: "part", which: Which }} Wish
 */

/** A wish, and the mask that it is about. @typedef {{ wish: Wish, height: number, width: number, words: Words }} Asked */

/**
 * What became of a mask, and how much of what is told was changed; of a part, its own bits and pixels,
 * which of how many it is: 0 is the largest, −1 none.
 * @typedef {{ words: Words, count: number, part?: number, total?: number }} Made
 */

/** @param {Asked} asked @returns {Made} */
export function make({ wish, height, width, words }) {
  if (wish.tool === "start") {
    const { words: begun, area } = shownAt(wish.bundle, atLeast(wish.bundle.masks, wish.least));
    return { words: begun, count: area };
  }
  if (wish.tool === "part") return partOf({ words, height, width, stride: (width + 31) >>> 5 }, wish.which);
  const raster = new Raster(height, width);
  raster.become(words);
  return { count: changed(raster, wish), words: raster.words };
}

/** @param {import("./runlist.js").Bits} bits @param {Which} which @returns {Required<Made>} */
export function partOf(bits, which) {
  const found = parts(bits);
  const total = found.areas.length;
  const one = "by" in which ? (which.after + which.by + total) % total : partAt(found, which.row, which.column);
  // Of no parts at all, none comes next.
  const part = total === 0 ? -1 : one;
  return { words: bitsOf(bits, found, (each) => each === part), count: found.areas[part] ?? 0, part, total };
}

/** @param {Raster} raster @param {Exclude<Wish, { tool: "start" | "part" }>} wish @returns {number} holes, specks, pixels cut off, or pixels left */
function changed(raster, wish) {
  if (wish.tool === "holes") return fillHoles(raster);
  if (wish.tool === "specks") return removeSpecks(raster, wish.smallest);
  if (wish.tool === "smooth") {
    smooth(raster, reach(raster.height, raster.width));
    return raster.area;
  }
  const before = raster.area;
  raster.become(raster.words.map((bits, i) => bits & wish.lungs[i]));
  return before - raster.area;
}

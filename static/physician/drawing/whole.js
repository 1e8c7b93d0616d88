// The tools that act on a whole mask: what each makes of it. The same in the worker and on the page. Pure.

import { Raster } from "../raster.js";
import { fillHoles, removeSpecks } from "./parts.js";
import { reach, smooth } from "./smooth.js";
import { atLeast, shownAt } from "./starting.js";

/** @typedef {Int32Array<ArrayBuffer>} Words of a raster */

/**
 * What is asked: a tool, with what it needs; "start" begins with candidates, whatever was drawn.
 * @typedef {{ tool: "holes" } | { tool: "smooth" } | { tool: "specks", smallest: number }
 *   | { tool: "lungs", lungs: Words } | { tool: "start", bundle: import("../bundle.js").Bundle, least: number }} Wish
 */

/** A wish, and the mask that it is about. @typedef {{ wish: Wish, height: number, width: number, words: Words }} Asked */

/** What became of a mask, and how much of what is told was changed. @typedef {{ words: Words, count: number }} Made */

/** @param {Asked} asked @returns {Made} */
export function make({ wish, height, width, words }) {
  if (wish.tool === "start") {
    const { words: begun, area } = shownAt(wish.bundle, atLeast(wish.bundle.masks, wish.least));
    return { words: begun, count: area };
  }
  const raster = new Raster(height, width);
  raster.become(words);
  return { count: changed(raster, wish), words: raster.words };
}

/** @param {Raster} raster @param {Exclude<Wish, { tool: "start" }>} wish @returns {number} holes, specks, pixels cut off, or pixels left */
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

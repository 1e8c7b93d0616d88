// Picking one part of the mask: to drop it, or to keep it alone.

import { failure } from "./beside.js";
import { eachRun } from "./runs.js";
import { number, t } from "../../words.js";

/** @typedef {import("../drawing.js").Drawing} Drawing */
/** Says what came of it: at once, or once the part was found. @typedef {(words: string) => void} Tell */

/** @param {number} count */
const pixels = (count) => `${number(count)} px`;

/** @param {Drawing} drawing @param {Required<import("./whole.js").Made>} found @returns {string} words to say */
function take(drawing, { words, count, part, total }) {
  drawing.picked = { name: `part ${part} of ${drawing.raster.revision}`, part, words };
  return t("Part {number} of {total}, {size}: drop it, or keep it alone.", { number: part + 1, total, size: pixels(count) });
}

/**
 * Pick the part at a point; picked again, it is dropped.
 * @param {Drawing} drawing @param {import("../view.js").Point} point @param {Tell} tell
 */
export function pick(drawing, { x, y }, tell) {
  drawing.look({ row: Math.floor(y), column: Math.floor(x) }, (found) => {
    if (drawing.picked?.part === found.part) return tell(decide(drawing, "drop"));
    drawing.picked = null;
    tell(found.part < 0 ? t("No part is there.") : take(drawing, found));
  }, (error) => tell(failure(error)));
}

/** Pick the next part, the largest first. @param {Drawing} drawing @param {-1 | 1} by @param {Tell} tell */
export function cycle(drawing, by, tell) {
  const after = drawing.picked?.part ?? (by > 0 ? -1 : 0);
  drawing.look({ after, by }, (found) => tell(found.part < 0 ? t("The drawing is empty.") : take(drawing, found)), (error) => tell(failure(error)));
}

/** Drop the picked part, or keep it alone. @param {Drawing} drawing @param {"drop" | "keep"} what @returns {string} words to say */
export function decide(drawing, what) {
  const { picked, raster } = drawing;
  if (!picked) return t("No part is picked: pick the next one, or click on one with the tool for parts.");
  for (let row = 0; row < raster.height; row++) {
    const clear = (/** @type {number} */ start, /** @type {number} */ end) => raster.set(row, start, end, 0);
    eachRun(picked.words, row * raster.stride, 0, raster.width, clear, what === "keep");
  }
  drawing.commit();
  return what === "drop" ? t("Part {number} dropped.", { number: picked.part + 1 }) : t("Part {number} kept alone.", { number: picked.part + 1 });
}

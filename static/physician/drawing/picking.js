// Picking one part of the mask: to drop it, or to keep it alone.

import { Raster } from "../raster.js";
import { partAt, parts, setParts } from "./parts.js";
import { number, t } from "../../words.js";

/** @typedef {import("../drawing.js").Drawing} Drawing */

/** @param {number} count */
const pixels = (count) => `${number(count)} px`;

/** @param {Drawing} drawing @param {import("./parts.js").Parts} found @param {number} part @returns {string} */
function take(drawing, found, part) {
  const { height, width } = drawing.raster;
  const alone = new Raster(height, width);
  setParts(alone, found, (one) => one === part, 1);
  drawing.picked = { name: `part ${part} of ${drawing.raster.revision}`, part, words: alone.words };
  return t("Part {number} of {total}, {size}: drop it, or keep it alone.", { number: part + 1, total: found.areas.length, size: pixels(found.areas[part]) });
}

/**
 * Pick the part at a point; picked again, it is dropped.
 * @param {Drawing} drawing @param {import("../view.js").Point} point
 * @returns {string} words to say
 */
export function pick(drawing, { x, y }) {
  const found = parts(drawing.raster);
  const part = partAt(found, Math.floor(y), Math.floor(x));
  const again = drawing.picked?.part === part;
  drawing.picked = null;
  if (part < 0) return t("No part is there.");
  if (!again) return take(drawing, found, part);
  setParts(drawing.raster, found, (one) => one === part, 0);
  drawing.commit();
  return t("Part {number} dropped.", { number: part + 1 });
}

/** Pick the next part, the largest first. @param {Drawing} drawing @param {-1 | 1} by @returns {string} words to say */
export function cycle(drawing, by) {
  const found = parts(drawing.raster);
  const count = found.areas.length;
  if (count === 0) return t("The drawing is empty.");
  const from = drawing.picked?.part ?? (by > 0 ? -1 : 0);
  return take(drawing, found, (from + by + count) % count);
}

/** Drop the picked part, or keep it alone. @param {Drawing} drawing @param {"drop" | "keep"} what @returns {string} words to say */
export function decide(drawing, what) {
  const { picked, raster } = drawing;
  if (!picked) return t("No part is picked: pick the next one, or click on one with the tool for parts.");
  const found = parts(raster);
  setParts(raster, found, (one) => (one === picked.part) === (what === "drop"), 0);
  drawing.commit();
  return what === "drop" ? t("Part {number} dropped.", { number: picked.part + 1 }) : t("Part {number} kept alone.", { number: picked.part + 1 });
}

// Picking one part of the mask: to drop it, or to keep it alone.

import { bitsOf, partAt, parts } from "./parts.js";
import { number, t } from "../../words.js";

/** @typedef {import("../drawing.js").Drawing} Drawing */

/** @param {number} count */
const pixels = (count) => `${number(count)} px`;

/** @param {Drawing} drawing @param {import("./parts.js").Parts} found @param {number} part @returns {string} */
function take(drawing, found, part) {
  const { raster } = drawing;
  drawing.picked = { name: `part ${part} of ${raster.revision}`, part, words: bitsOf(raster, found, (one) => one === part) };
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
  if (drawing.picked?.part === part) return decide(drawing, "drop");
  drawing.picked = null;
  if (part < 0) return t("No part is there.");
  return take(drawing, found, part);
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
  raster.become(raster.words.map((bits, i) => bits & (what === "drop" ? ~picked.words[i] : picked.words[i])));
  drawing.commit();
  return what === "drop" ? t("Part {number} dropped.", { number: picked.part + 1 }) : t("Part {number} kept alone.", { number: picked.part + 1 });
}

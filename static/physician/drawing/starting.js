// What a drawing begins with: a candidate, or what any or most of them hold, at the film's native size. Pure.

import { outlines, rounded } from "../contours.js";
import { Raster } from "../raster.js";
import { enclosed } from "./polygon.js";

/**
 * What is asked of the tools to begin so, and what is stored of it.
 * @param {import("../bundle.js").Bundle} bundle @param {number | "union" | "majority"} from a slot, or how many agree
 * @returns {{ wish: import("./whole.js").Wish, startedFrom: import("../drawing.js").Start }}
 */
export function startOf(bundle, from) {
  if (typeof from === "number") {
    return { wish: { tool: "start", bundle: { ...bundle, masks: [bundle.masks[from]] }, least: 1 }, startedFrom: "slot" };
  }
  const least = from === "majority" ? Math.floor(bundle.masks.length / 2) + 1 : 1;
  return { wish: { tool: "start", bundle, least }, startedFrom: from };
}

/** Where at least `least` of the masks are. @param {Uint8Array[]} masks @param {number} least */
export function atLeast(masks, least) {
  const together = new Uint8Array(masks[0].length);
  for (const mask of masks) mask.forEach((pixel, i) => (together[i] += pixel));
  return together.map((count) => (count >= least ? 1 : 0));
}

/**
 * A mask of the display grid at the film's native size, as it is seen: the pixels whose centres its
 * rounded outline encloses. Where the grid is the film's own that is the mask itself.
 * @param {Omit<import("../bundle.js").Bundle, "masks">} bundle @param {Uint8Array} mask
 * @returns {Raster}
 */
export function shownAt({ gridHeight, gridWidth, nativeHeight, nativeWidth }, mask) {
  const raster = new Raster(nativeHeight, nativeWidth);
  const [scaleX, scaleY] = [nativeWidth / gridWidth, nativeHeight / gridHeight];
  const loops = outlines(mask, gridHeight, gridWidth).map((loop) =>
    rounded(loop).map((at, i) => at * (i % 2 ? scaleY : scaleX)),
  );
  enclosed(loops, "evenodd", nativeHeight, (row, start, end) => raster.set(row, start, end, 1));
  return raster;
}

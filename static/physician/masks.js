// The masks of a ballot as outlines in the film's pixels, each found once, all by the same rule.

import { outlines, rounded, simplified, toPath } from "./contours.js";

/** @typedef {import("./bundle.js").Bundle} Bundle */
/** @typedef {import("./view.js").Point} Point */

/**
 * @typedef {object} Outlined one mask
 * @property {Path2D} path in film pixels; filled by the even-odd rule
 * @property {boolean} empty
 * @property {Point | null} mark where its letter stands, if it stands on a film with others
 */

/** On which side of its outline a letter stands, so that letters of like outlines keep apart. */
export const WAYS_OUT = [[-0.8, -0.6], [0.8, -0.6], [0.8, 0.6], [-0.8, 0.6], [0, -1]];

/** A ballot is traced once, also if it was prepared long before it is shown. @type {WeakMap<Bundle, Outlined[]>} */
const known = new WeakMap();

/** @param {Bundle} bundle @returns {Outlined[]} in slot order */
export function outlined(bundle) {
  while (!traceNext(bundle));
  return /** @type {Outlined[]} */ (known.get(bundle));
}

/** Trace one more mask of a ballot. @param {Bundle} bundle @returns {boolean} whether all are traced */
export function traceNext(bundle) {
  const { gridHeight, gridWidth, nativeHeight, nativeWidth, masks } = bundle;
  const found = known.get(bundle) ?? [];
  known.set(bundle, found);
  if (found.length < masks.length) {
    const [scaleX, scaleY] = [nativeWidth / gridWidth, nativeHeight / gridHeight];
    const loops = outlines(masks[found.length], gridHeight, gridWidth).map((loop) => simplified(rounded(loop)));
    const mark = markOf(loops, found.length, scaleX, scaleY);
    found.push({ path: toPath(loops, scaleX, scaleY), empty: loops.length === 0, mark });
  }
  return found.length === masks.length;
}

/**
 * Where the longest outline reaches farthest on its slot's side, in film pixels; nothing for an empty mask.
 * @param {import("./contours.js").Loop[]} loops @param {number} slot @param {number} scaleX @param {number} scaleY
 */
function markOf(loops, slot, scaleX, scaleY) {
  const longest = loops.reduce((a, b) => (b.length > a.length ? b : a), /** @type {number[]} */ ([]));
  const [dx, dy] = WAYS_OUT[slot % WAYS_OUT.length];
  let found = null;
  for (let i = 0; i < longest.length; i += 2) {
    const [x, y] = [longest[i], longest[i + 1]];
    if (!found || x * dx + y * dy > found.x * dx + found.y * dy) found = { x, y };
  }
  return found && { x: found.x * scaleX, y: found.y * scaleY };
}

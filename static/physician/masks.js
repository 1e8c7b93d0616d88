// The masks of a ballot as outlines on the film as it is seen, each found once, all by the same rule.

import { outlines, rounded, simplified, toPath } from "./contours.js";

/** @typedef {import("./bundle.js").Bundle} Bundle */
/** @typedef {import("./view.js").Point} Point */

/** What lies within a canvas, in film pixels. @typedef {{ left: number, top: number, right: number, bottom: number }} Sight */

/** The finest outline keeps within this of the smoothed one, in pixels of the grid; each coarser one within twice as much. */
const FINEST = 0.06;
const COARSEST = 4;
/** An outline on the screen keeps within this of the finest, in pixels of the screen. */
const UNSEEN = 0.2;

/** The outline of one mask, as fine as the screen can show it. */
export class Outline {
  /** @param {import("./contours.js").Loop[]} loops in grid pixels @param {number} slot @param {number} scaleX film pixels to a grid pixel @param {number} scaleY */
  constructor(loops, slot, scaleX, scaleY) {
    this.scale = [scaleX, scaleY];
    this.empty = loops.length === 0;
    /** Where its letter stands, if it stands on a film with others, in film pixels. @type {Point | null} */
    this.mark = markOf(loops, slot, scaleX, scaleY);
    /** @type {{ loops: import("./contours.js").Loop[], path: Path2D }[]} */
    this.levels = [];
    this.#add(0, loops.map((loop) => simplified(loop, FINEST)));
  }

  /** @param {number} level @param {import("./contours.js").Loop[]} loops */
  #add(level, loops) {
    this.levels[level] = { loops, path: toPath(loops, this.scale[0], this.scale[1]) };
  }

  /** @param {number} scale canvas pixels to a film pixel */
  #level(scale) {
    const level = Math.floor(Math.log2(UNSEEN / (FINEST * scale * Math.max(...this.scale))));
    const wanted = Math.min(COARSEST, Math.max(0, level));
    if (!this.levels[wanted]) this.#add(wanted, this.levels[0].loops.map((loop) => simplified(loop, FINEST * 2 ** wanted)));
    return this.levels[wanted];
  }

  /** The whole outline, in film pixels; filled by the even-odd rule. @param {number} scale canvas pixels to a film pixel */
  path(scale) {
    return this.#level(scale).path;
  }

  /**
   * What can be seen of the outline: a stroke costs by the point, also beyond the canvas.
   * @param {number} scale @param {Sight} sight
   */
  within(scale, { left, top, right, bottom }) {
    const [scaleX, scaleY] = this.scale;
    const path = new Path2D();
    for (const loop of this.#level(scale).loops) {
      let [x, y] = [loop[loop.length - 2] * scaleX, loop[loop.length - 1] * scaleY];
      let drawn = false;
      for (let i = 0; i < loop.length; i += 2) {
        const [toX, toY] = [loop[i] * scaleX, loop[i + 1] * scaleY];
        const seen = Math.max(x, toX) >= left && Math.min(x, toX) <= right && Math.max(y, toY) >= top && Math.min(y, toY) <= bottom;
        if (seen && !drawn) path.moveTo(x, y);
        if (seen) path.lineTo(toX, toY);
        [x, y, drawn] = [toX, toY, seen];
      }
    }
    return path;
  }
}

/** On which side of its outline a letter stands, so that letters of like outlines keep apart. */
export const WAYS_OUT = [[-0.8, -0.6], [0.8, -0.6], [0.8, 0.6], [-0.8, 0.6], [0, -1]];

/** A ballot is traced once, also if it was prepared long before it is shown. @type {WeakMap<Bundle, Outline[]>} */
const known = new WeakMap();

/** @param {Bundle} bundle @param {number} aspect by how much the film's pixels are higher than wide @returns {Outline[]} in slot order */
export function outlined(bundle, aspect) {
  while (!traceNext(bundle, aspect));
  return /** @type {Outline[]} */ (known.get(bundle));
}

/** Trace one more mask of a ballot. @param {Bundle} bundle @param {number} aspect @returns {boolean} whether all are traced */
export function traceNext(bundle, aspect) {
  const { gridHeight, gridWidth, nativeHeight, nativeWidth, masks } = bundle;
  const found = known.get(bundle) ?? [];
  known.set(bundle, found);
  if (found.length < masks.length) {
    const loops = outlines(masks[found.length], gridHeight, gridWidth).map((loop) => rounded(loop));
    found.push(new Outline(loops, found.length, nativeWidth / gridWidth, (aspect * nativeHeight) / gridHeight));
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

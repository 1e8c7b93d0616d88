// The part of a raster that something has touched.

/** A part of a raster: first row and column, and those after the last. */
/** @typedef {{ top: number, left: number, bottom: number, right: number }} Rectangle */

/** A rectangle that grows; it is changed in place, as a stroke touches it thousands of times. */
export class Extent {
  constructor() {
    this.clear();
  }

  clear() {
    this.top = Infinity;
    this.left = Infinity;
    this.bottom = -Infinity;
    this.right = -Infinity;
  }

  get empty() {
    return this.top >= this.bottom;
  }

  /** @param {number} top @param {number} left @param {number} bottom @param {number} right */
  add(top, left, bottom, right) {
    if (top < this.top) this.top = top;
    if (left < this.left) this.left = left;
    if (bottom > this.bottom) this.bottom = bottom;
    if (right > this.right) this.right = right;
  }
}

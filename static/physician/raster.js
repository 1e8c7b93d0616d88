// A mask being drawn: the film's own raster, a brush, and steps that can be undone.

/** A part of a raster: first row and column, and those after the last. */
/** @typedef {{ top: number, left: number, bottom: number, right: number }} Rectangle */

/** @param {Rectangle | null} a @param {Rectangle} b @returns {Rectangle} */
function around(a, b) {
  if (!a) return b;
  return {
    top: Math.min(a.top, b.top),
    left: Math.min(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

/**
 * A raster of zeros and ones. A step remembers only the runs of pixels that it turned over (start
 * and length in turn), so the same step undoes and redoes, and a thousand steps stay small.
 */
export class Raster {
  /** @param {number} height @param {number} width */
  constructor(height, width) {
    this.height = height;
    this.width = width;
    this.pixels = new Uint8Array(height * width);
    this.area = 0;
    /** What has changed since it was last painted. @type {Rectangle | null} */
    this.dirty = null;
    /** @type {number[]} */
    this.step = [];
    /** @type {Uint32Array[]} */
    this.done = [];
    /** @type {Uint32Array[]} */
    this.undone = [];
  }

  /**
   * Turn over a run of pixels of one row.
   * @param {number} start @param {number} length
   */
  #flip(start, length) {
    const row = Math.floor(start / this.width);
    const left = start - row * this.width;
    for (let i = start; i < start + length; i++) this.pixels[i] ^= 1;
    this.area += this.pixels[start] ? length : -length;
    this.dirty = around(this.dirty, { top: row, left, bottom: row + 1, right: left + length });
  }

  /**
   * Set the pixels from `start` up to `end`, all of one row, as part of the step under way.
   * @param {number} start @param {number} end @param {0 | 1} value
   */
  #set(start, end, value) {
    for (let i = start; i < end; i++) {
      if (this.pixels[i] === value) continue;
      const first = i;
      while (i < end && this.pixels[i] !== value) i++;
      this.#flip(first, i - first);
      this.step.push(first, i - first);
    }
  }

  /**
   * Draw with a round brush from one point to another: every pixel whose centre lies within
   * `radius` of the line. Points are in film pixels, x to the right, y down, from the top left corner.
   * @param {import("./view.js").Point} from @param {import("./view.js").Point} to
   * @param {number} radius @param {0 | 1} value
   */
  stroke(from, to, radius, value) {
    const [dx, dy] = [to.x - from.x, to.y - from.y];
    const length2 = dx * dx + dy * dy;
    const near = (/** @type {number} */ x, /** @type {number} */ y) => {
      const along = length2 && Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / length2));
      return (x - from.x - along * dx) ** 2 + (y - from.y - along * dy) ** 2 <= radius * radius;
    };
    const top = Math.max(0, Math.floor(Math.min(from.y, to.y) - radius));
    const bottom = Math.min(this.height, Math.ceil(Math.max(from.y, to.y) + radius) + 1);
    const left = Math.max(0, Math.floor(Math.min(from.x, to.x) - radius));
    const right = Math.min(this.width, Math.ceil(Math.max(from.x, to.x) + radius) + 1);
    for (let row = top; row < bottom; row++) {
      // The brush is convex, so a row of it is one run.
      let first = left;
      while (first < right && !near(first + 0.5, row + 0.5)) first++;
      let end = right;
      while (end > first && !near(end - 0.5, row + 0.5)) end--;
      this.#set(row * this.width + first, row * this.width + end, value);
    }
  }

  /** Make the raster equal to `pixels`, as a step of its own. @param {Uint8Array} pixels */
  become(pixels) {
    for (let row = 0; row < this.height; row++) {
      const end = (row + 1) * this.width;
      for (let i = row * this.width; i < end; ) {
        const start = i;
        while (i < end && pixels[i] === pixels[start]) i++;
        this.#set(start, i, pixels[start] ? 1 : 0);
      }
    }
    this.commit();
  }

  /** Take everything away, as a step of its own. */
  clear() {
    this.become(new Uint8Array(this.pixels.length));
  }

  /** End the step under way. A step that changed nothing is none. */
  commit() {
    if (this.step.length === 0) return;
    this.done.push(Uint32Array.from(this.step));
    this.step = [];
    this.undone = [];
  }

  /** Turn back the step under way; it leaves no trace. */
  abandon() {
    this.#turn(Uint32Array.from(this.step));
    this.step = [];
  }

  /** @returns {boolean} whether there was a step to undo */
  undo() {
    this.commit();
    return this.#move(this.done, this.undone);
  }

  /** @returns {boolean} whether there was a step to do again */
  redo() {
    return this.#move(this.undone, this.done);
  }

  /** @param {Uint32Array[]} from @param {Uint32Array[]} to */
  #move(from, to) {
    const runs = from.pop();
    if (!runs) return false;
    this.#turn(runs);
    to.push(runs);
    return true;
  }

  /** Turn over the runs of a step, in any order: within a step no pixel is turned over twice. @param {Uint32Array} runs */
  #turn(runs) {
    for (let i = 0; i < runs.length; i += 2) this.#flip(runs[i], runs[i + 1]);
  }

  /** Take what has changed since the last call. @returns {Rectangle | null} */
  takeDirty() {
    const dirty = this.dirty;
    this.dirty = null;
    return dirty;
  }
}

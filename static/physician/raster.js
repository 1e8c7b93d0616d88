// A mask being drawn: one bit a pixel at the film's native size, and steps that can be undone.

import { Extent } from "./drawing/extent.js";
import { encode, turnOver } from "./drawing/delta.js";

/**
 * @typedef {object} Step one thing that was done
 * @property {Uint8Array<ArrayBuffer>} bytes the runs of pixels it turned over (drawing/delta.js)
 * @property {string} note what the drawing stands on after it, such as "blank" or "slot"
 */

/** All steps that can be undone or redone take at most this many bytes; the oldest go first. */
export const MOST_BYTES = 20 * 2 ** 20;

/** What a step costs besides its runs: the array's own head, rounded up. */
const OVERHEAD = 200;

/** @param {Step} step */
const cost = (step) => step.bytes.length + OVERHEAD;

/** How many bits are set. @param {number} bits */
export function ones(bits) {
  bits -= (bits >>> 1) & 0x55555555;
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/**
 * The bits of a word that lie in the columns from `start` up to `end`; the first column is the
 * highest bit.
 * @param {number} word its number within the row @param {number} start @param {number} end
 */
export function bitsBetween(word, start, end) {
  const [from, to] = [start - word * 32, end - word * 32];
  if (from >= 32 || to <= 0 || from >= to) return 0;
  return (from > 0 ? -1 >>> from : -1) & (to < 32 ? -1 << (32 - to) : -1);
}

/**
 * A raster of bits, each row in whole words. A step remembers only what it turned over, so the same
 * step undoes and redoes, and what it costs depends on its strokes alone, not on those before it.
 */
export class Raster {
  /** @param {number} height @param {number} width */
  constructor(height, width) {
    this.height = height;
    this.width = width;
    /** Words to a row. */
    this.stride = (width + 31) >>> 5;
    this.words = new Int32Array(height * this.stride);
    /** What the step under way has turned over. */
    this.turned = new Int32Array(height * this.stride);
    /** Where it has. */
    this.touched = new Extent();
    /** What has changed since it was last painted. */
    this.dirty = new Extent();
    /** Grows with whatever changes; equal revisions are equal masks. */
    this.revision = 0;
    this.area = 0;
    /** @type {Step[]} */
    this.done = [];
    /** @type {Step[]} */
    this.undone = [];
    this.bytes = 0;
    this.bound = MOST_BYTES;
    /** What the drawing stands on before the oldest step that is remembered. */
    this.base = "blank";
  }

  /** What the drawing stands on. */
  get note() {
    return this.done[this.done.length - 1]?.note ?? this.base;
  }

  /** @param {number} row @param {number} column @returns {boolean} */
  has(row, column) {
    if (row < 0 || column < 0 || row >= this.height || column >= this.width) return false;
    return ((this.words[row * this.stride + (column >>> 5)] << (column & 31)) & 0x80000000) !== 0;
  }

  /**
   * Turn over some bits of one word.
   * @param {number} row @param {number} word its number within the row @param {number} bits
   */
  turn(row, word, bits) {
    if (bits === 0) return;
    const i = row * this.stride + word;
    this.words[i] ^= bits;
    this.turned[i] ^= bits;
    this.area += 2 * ones(this.words[i] & bits) - ones(bits);
    const left = word * 32 + Math.clz32(bits);
    const right = word * 32 + 32 - (31 - Math.clz32(bits & -bits));
    this.dirty.add(row, left, row + 1, right);
    this.touched.add(row, left, row + 1, right);
    this.revision++;
  }

  /**
   * Set the columns from `start` up to `end` of one row, as part of the step under way.
   * @param {number} row @param {number} start @param {number} end @param {0 | 1} value
   */
  set(row, start, end, value) {
    if (row < 0 || row >= this.height) return;
    start = Math.max(0, start);
    end = Math.min(this.width, end);
    if (start >= end) return;
    const last = (end - 1) >>> 5;
    for (let word = start >>> 5; word <= last; word++) {
      const before = this.words[row * this.stride + word];
      this.turn(row, word, bitsBetween(word, start, end) & (value ? ~before : before));
    }
  }

  /** Make the raster equal to `words`, as part of the step under way. @param {Int32Array} words */
  become(words) {
    for (let row = 0, i = 0; row < this.height; row++) {
      for (let word = 0; word < this.stride; word++, i++) this.turn(row, word, this.words[i] ^ words[i]);
    }
  }

  /**
   * End the step under way. A step that changed nothing is none.
   * @param {string} [note] what the drawing stands on now, if that changes
   * @returns {Step | null}
   */
  commit(note = this.note) {
    if (this.touched.empty) return null;
    const bytes = encode(this.turned, this.stride, this.touched);
    this.#forgetTurned();
    if (bytes === null) return null;
    const step = { bytes, note };
    for (const gone of this.undone) this.bytes -= cost(gone);
    this.undone = [];
    this.remember(step);
    return step;
  }

  /** Put a step on the pile without doing it. @param {Step} step */
  remember(step) {
    this.done.push(step);
    this.bytes += cost(step);
    while (this.bytes > this.bound && this.done.length > 1) {
      const oldest = /** @type {Step} */ (this.done.shift());
      this.bytes -= cost(oldest);
      this.base = oldest.note;
    }
  }

  /** Turn back the step under way; it leaves no trace. */
  abandon() {
    const { top, bottom } = this.touched;
    for (let row = top; row < bottom; row++) {
      for (let word = 0; word < this.stride; word++) this.turn(row, word, this.turned[row * this.stride + word]);
    }
    this.touched.clear();
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

  /** Do a step that was remembered elsewhere. @param {Step} step */
  redoStep(step) {
    turnOver(this, step.bytes);
    this.#forgetTurned();
    this.remember(step);
  }

  /** @param {Step[]} from @param {Step[]} to */
  #move(from, to) {
    const step = from.pop();
    if (!step) return false;
    turnOver(this, step.bytes);
    this.#forgetTurned();
    to.push(step);
    return true;
  }

  #forgetTurned() {
    const { top, bottom } = this.touched;
    if (!this.touched.empty) this.turned.fill(0, top * this.stride, bottom * this.stride);
    this.touched.clear();
  }

  /** Take what has changed since the last call. @returns {import("./drawing/extent.js").Rectangle | null} */
  takeDirty() {
    if (this.dirty.empty) return null;
    const { top, left, bottom, right } = this.dirty;
    this.dirty.clear();
    return { top, left, bottom, right };
  }
}

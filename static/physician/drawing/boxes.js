// Three boxes along both axes, as sums, of one part of a mask; only where they are not nothing.

const WORD = 32;

/**
 * The blur of one part after another, in memory that is taken once. What a part reaches is kept in
 * strips, each as wide as a word of the raster: `values` has the rows of one strip after the other.
 */
export class Boxes {
  /** @param {number} height of the raster; beyond it lies nothing @param {number} width @param {number} k half a box, at most 9 */
  constructor(height, width, k) {
    this.height = height;
    this.width = width;
    this.k = k;
    /** How far three boxes reach. */
    this.margin = 3 * k;
    const stride = (width + WORD - 1) >>> 5;
    /** The rows that are reached in each word, from one up to another. */
    this.from = new Int32Array(stride).fill(height);
    this.to = new Int32Array(stride);
    /** Where the strip of each word begins. */
    this.start = new Int32Array(stride);
    /** The words that are reached, from one up to another. */
    this.first = stride;
    this.end = 0;
    this.values = new Int32Array(0);
    /** How many of the values are in use. */
    this.size = 0;
    // With nothing before and behind, so that a box needs no look at where it is.
    this.lines = [0, 1].map(() => new Int32Array(width + 2 * k + 1));
    this.strips = [0, 1].map(() => new Int32Array((height + 2 * k + 1) * WORD));
  }

  /** Blur a part. @param {Int32Array} runs row, start and end in turn, from top to bottom and left to right */
  blur(runs) {
    this.#reach(runs);
    this.#across(runs);
    for (let word = this.first; word < this.end; word++) if (this.from[word] < this.to[word]) this.#down(word);
  }

  /** Whether a part's blur would be the same anywhere: no border is near. @param {Int32Array} runs */
  fits(runs) {
    const { margin, height, width } = this;
    let fit = runs[0] >= margin && runs[runs.length - 3] + margin < height;
    for (let i = 0; i < runs.length; i += 3) fit &&= runs[i + 1] >= margin && runs[i + 2] + margin <= width;
    return fit;
  }

  /** Find what the part reaches, and make room for it. @param {Int32Array} runs */
  #reach(runs) {
    const { margin, height, width, from, to, start } = this;
    from.fill(height, this.first, this.end);
    to.fill(0, this.first, this.end);
    [this.first, this.end] = [from.length, 0];
    for (let i = 0; i < runs.length; i += 3) {
      const first = Math.max(0, runs[i + 1] - margin) >>> 5;
      const last = (Math.min(width, runs[i + 2] + margin) - 1) >>> 5;
      const [top, bottom] = [Math.max(0, runs[i] - margin), Math.min(height, runs[i] + margin + 1)];
      for (let word = first; word <= last; word++) {
        if (top < from[word]) from[word] = top;
        to[word] = bottom;
      }
      this.first = Math.min(this.first, first);
      this.end = Math.max(this.end, last + 1);
    }
    this.size = 0;
    for (let word = this.first; word < this.end; word++) {
      start[word] = this.size;
      this.size += Math.max(0, to[word] - from[word]) * WORD;
    }
    if (this.size > this.values.length) this.values = new Int32Array(Math.max(this.size, 2 * this.values.length));
    else this.values.fill(0, 0, this.size);
  }

  /** Blur each row where it has runs near each other. @param {Int32Array} runs */
  #across(runs) {
    const { margin, width } = this;
    for (let i = 0; i < runs.length; ) {
      const first = i;
      const left = Math.max(0, runs[i + 1] - margin);
      for (i += 3; runs[i] === runs[first] && runs[i + 1] - runs[i - 1] <= 2 * margin; ) i += 3;
      this.#row(runs, first, i, left, Math.min(width, runs[i - 1] + margin));
    }
  }

  /** Blur the runs from `first` up to `end`, which all lie between `left` and `right` of one row. @param {Int32Array} runs @param {number} first @param {number} end @param {number} left @param {number} right */
  #row(runs, first, end, left, right) {
    const { k, lines: [a, b], values, start, from } = this;
    const [before, width] = [k + 1, right - left];
    a.fill(0, before, before + width + k);
    for (let i = first; i < end; i += 3) a.fill(1, before + runs[i + 1] - left, before + runs[i + 2] - left);
    sumsAlong(a, b, width, k);
    sumsAlong(b, a, width, k);
    sumsAlong(a, b, width, k);
    const row = runs[first];
    for (let column = left; column < right; ) {
      const word = column >>> 5;
      const stop = Math.min(right, (word + 1) * WORD);
      let at = start[word] + (row - from[word]) * WORD + (column & 31);
      for (let i = before + column - left; column < stop; column++) values[at++] = b[i++];
    }
  }

  /** Blur the columns of a word. @param {number} word */
  #down(word) {
    const { k, strips: [a, b], values } = this;
    const size = (this.to[word] - this.from[word]) * WORD;
    const at = this.start[word];
    const before = (k + 1) * WORD;
    for (const strip of [a, b]) strip.fill(0, before + size, before + size + k * WORD);
    a.set(values.subarray(at, at + size), before);
    sumsDown(a, b, size, k);
    sumsDown(b, a, size, k);
    sumsDown(a, b, size, k);
    values.set(b.subarray(before, before + size), at);
  }
}

/**
 * Sums of 2 k + 1 values each: k + 1 values of nothing stand before the first, k behind the last.
 * @param {Int32Array} from @param {Int32Array} to @param {number} width @param {number} k
 */
function sumsAlong(from, to, width, k) {
  let sum = 0;
  for (let i = k + 1; i < 2 * k + 1; i++) sum += from[i];
  for (let i = 0; i < width; i++) {
    sum += from[i + 2 * k + 1] - from[i];
    to[i + k + 1] = sum;
  }
  to.fill(0, width + k + 1, width + 2 * k + 1);
}

/** The same for all columns of a strip at once. @param {Int32Array} from @param {Int32Array} to @param {number} size of the strip's rows together @param {number} k */
function sumsDown(from, to, size, k) {
  const [before, behind] = [(k + 1) * WORD, (2 * k + 1) * WORD];
  // The row above the first holds the sums so far, for a while.
  for (let i = before; i < behind; i++) to[(i & 31) + before - WORD] += from[i];
  for (let i = 0; i < size; i++) to[i + before] = to[i + before - WORD] + from[i + behind] - from[i];
  to.fill(0, before - WORD, before);
}

// The grey brush: paints only where the film's stored values are like those where it began.

/** @typedef {{ height: number, width: number, values: ArrayLike<number> }} Greys */

/** A range of values, ends included. @typedef {{ low: number, high: number }} Range */

/**
 * The film's range without its darkest and brightest hundredth, from about 10,000 pixels.
 * @param {Greys} greys @returns {number}
 */
export function spread({ values }) {
  const step = Math.max(1, Math.floor(values.length / 10_000));
  const some = [];
  for (let i = 0; i < values.length; i += step) some.push(values[i]);
  some.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => some[Math.round(share * (some.length - 1))];
  return Math.max(1, at(0.99) - at(0.01));
}

/**
 * The values around where a stroke begins: the middle of the 25 there, and `tolerance` of the film's
 * spread to either side.
 * @param {Greys} greys @param {import("../view.js").Point} point @param {number} tolerance
 * @returns {Range}
 */
export function likeAt(greys, { x, y }, tolerance) {
  const { values, width, height } = greys;
  const around = [];
  for (let row = Math.floor(y) - 2; row <= Math.floor(y) + 2; row++) {
    for (let column = Math.floor(x) - 2; column <= Math.floor(x) + 2; column++) {
      if (row >= 0 && column >= 0 && row < height && column < width) around.push(values[row * width + column]);
    }
  }
  around.sort((a, b) => a - b);
  const middle = around.length ? around[around.length >> 1] : NaN;
  const reach = tolerance * spread(greys);
  return { low: middle - reach, high: middle + reach };
}

/**
 * Tell those parts of a run whose values lie in the range.
 * @param {Greys} greys @param {Range} range
 * @param {number} row @param {number} start @param {number} end
 * @param {(row: number, start: number, end: number) => void} tell
 */
export function within({ values, width, height }, { low, high }, row, start, end, tell) {
  if (row < 0 || row >= height) return;
  const base = row * width;
  const last = Math.min(end, width);
  for (let i = Math.max(0, start); i < last; i++) {
    const first = i;
    while (i < last && values[base + i] >= low && values[base + i] <= high) i++;
    if (i > first) tell(row, first, i);
  }
}

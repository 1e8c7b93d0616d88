// Which of a film's values stands under which pixel of the screen. Pure.

/** @typedef {import("./film.js").Film} Film */

/** Where a film stands on a canvas: canvas pixel = point of the film as it is seen · scale + (x, y). @typedef {{ scale: number, x: number, y: number }} Place */

/**
 * @typedef {object} Frame a part of a canvas that a film covers, and what it shows there
 * @property {number} left first column, and so on, in canvas pixels
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {number} level which of the film's copies
 * @property {number} step columns of the copy to a canvas pixel
 * @property {number} stepDown rows of the copy to a canvas pixel
 * @property {number} fromX where the middle of the first column lies in the copy, from its first pixel's middle
 * @property {number} fromY
 */

/**
 * @param {Film} film @param {Place} place @param {{ width: number, height: number }} canvas
 * @returns {Frame | null} nothing where the film is out of sight
 */
export function frameOf(film, { scale, x, y }, canvas) {
  const down = scale * film.aspect;
  // The smallest copy that still has a pixel for each pixel of the screen.
  const wanted = Math.max(0, Math.floor(Math.log2(1 / Math.max(scale, down)) + 1e-9));
  const level = Math.min(wanted, film.levels.length - 1);
  // A canvas pixel shows the film if its middle lies on it.
  const first = (/** @type {number} */ offset) => Math.max(0, Math.ceil(offset - 0.5));
  const end = (/** @type {number} */ offset, /** @type {number} */ most) => Math.min(most, Math.ceil(offset - 0.5));
  const [left, top] = [first(x), first(y)];
  const width = end(x + film.width * scale, canvas.width) - left;
  const height = end(y + film.height * down, canvas.height) - top;
  if (width <= 0 || height <= 0) return null;
  const [step, stepDown] = [1 / (scale * 2 ** level), 1 / (down * 2 ** level)];
  return {
    left, top, width, height, level, step, stepDown,
    fromX: (left + 0.5 - x) * step - 0.5,
    fromY: (top + 0.5 - y) * stepDown - 0.5,
  };
}

/** @param {Frame} a @param {Frame} b */
export const sameFrame = (a, b) =>
  a.left === b.left && a.top === b.top && a.width === b.width && a.height === b.height &&
  a.level === b.level && a.step === b.step && a.stepDown === b.stepDown && a.fromX === b.fromX && a.fromY === b.fromY;

/**
 * The table entry of each pixel of a frame, values in between interpolated.
 * @param {Film} film @param {Frame} frame
 * @returns {Uint16Array<ArrayBuffer>}
 */
export function sampled(film, frame) {
  const { width, height, step, stepDown, fromX, fromY } = frame;
  const copy = film.levels[frame.level];
  const { values } = copy;
  const scale = film.meaning.scale;
  const entries = new Uint16Array(width * height);
  const { left, right, share } = neighbours(fromX, step, width, copy.width);
  const vertical = neighbours(fromY, stepDown, height, copy.height);
  for (let row = 0, i = 0; row < height; row++) {
    const upper = vertical.left[row] * copy.width;
    const lower = vertical.right[row] * copy.width;
    const down = vertical.share[row];
    for (let column = 0; column < width; column++, i++) {
      const a = values[upper + left[column]];
      const b = values[lower + left[column]];
      const x = a + (values[upper + right[column]] - a) * share[column];
      const y = b + (values[lower + right[column]] - b) * share[column];
      entries[i] = (x + (y - x) * down) * scale + 0.5;
    }
  }
  return entries;
}

/**
 * Between which two pixels each of a row's places lies, and how far along.
 * @param {number} from @param {number} step @param {number} length @param {number} count
 */
function neighbours(from, step, length, count) {
  const [left, right, share] = [new Int32Array(length), new Int32Array(length), new Float32Array(length)];
  for (let i = 0; i < length; i++) {
    const at = from + i * step;
    const first = Math.floor(at);
    share[i] = at - first;
    left[i] = within(first, count);
    right[i] = within(first + 1, count);
  }
  return { left, right, share };
}

/** @param {number} place @param {number} count */
const within = (place, count) => Math.min(count - 1, Math.max(0, place));

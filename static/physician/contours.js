// Outlines of a mask: closed loops between inside and outside, smooth at any zoom.

/** A closed loop of points, x and y in turn. @typedef {number[]} Loop */

/**
 * Where the outline enters and leaves a cell of four pixel centres, by which of them are inside
 * (top left 1, top right 2, bottom right 4, bottom left 8). An edge is 0 top, 1 right, 2 bottom,
 * 3 left. The inside lies to the right of the way, and two diagonal pixels do not touch.
 * Marching squares: Lorensen and Cline 1987, in two dimensions.
 * @type {[number, number][][]}
 */
const WAYS = [
  [], [[3, 0]], [[0, 1]], [[3, 1]],
  [[1, 2]], [[3, 0], [1, 2]], [[0, 2]], [[3, 2]],
  [[2, 3]], [[2, 0]], [[0, 1], [2, 3]], [[2, 1]],
  [[1, 3]], [[1, 0]], [[0, 3]], [],
];

/** The middle of a cell's edge, from the cell's first pixel centre. @type {[number, number][]} */
const MIDDLES = [[0.5, 0], [1, 0.5], [0.5, 1], [0, 0.5]];

/**
 * Trace all outlines of a mask, holes included. Coordinates are in grid pixels from the raster's
 * top left corner; a pixel's centre lies at + 0.5, so the raster's own border is a possible edge.
 * @param {Uint8Array} mask
 * @param {number} height
 * @param {number} width
 * @returns {Loop[]}
 */
export function outlines(mask, height, width) {
  // A rim of outside pixels around the raster, so that no cell asks beyond it.
  const stride = width + 2;
  const rimmed = new Uint8Array((height + 2) * stride);
  for (let row = 0; row < height; row++) {
    rimmed.set(mask.subarray(row * width, (row + 1) * width), (row + 1) * stride + 1);
  }
  // A segment is found by the edge where it starts; each edge starts at most one.
  /** @type {Map<number, [number, number, number]>} */
  const segments = new Map();
  const name = (/** @type {number} */ x, /** @type {number} */ y) =>
    Math.round(y * 2 + 2) * (2 * width + 6) + Math.round(x * 2 + 2);
  for (let row = -1; row < height; row++) {
    for (let column = -1; column < width; column++) {
      const i = (row + 1) * stride + column + 1;
      const corners = rimmed[i] | (rimmed[i + 1] << 1) |
        (rimmed[i + stride + 1] << 2) | (rimmed[i + stride] << 3);
      if (corners === 0 || corners === 15) continue;
      for (const [from, to] of WAYS[corners]) {
        const [x0, y0] = [column + 0.5 + MIDDLES[from][0], row + 0.5 + MIDDLES[from][1]];
        const [x1, y1] = [column + 0.5 + MIDDLES[to][0], row + 0.5 + MIDDLES[to][1]];
        segments.set(name(x0, y0), [x0, y0, name(x1, y1)]);
      }
    }
  }
  return join(segments);
}

/**
 * @param {Map<number, [number, number, number]>} segments start → its point, and the next start
 * @returns {Loop[]}
 */
function join(segments) {
  const loops = [];
  for (const [start] of segments) {
    /** @type {Loop} */
    const loop = [];
    for (let next = start, segment; (segment = segments.get(next)); next = segment[2]) {
      loop.push(segment[0], segment[1]);
      segments.delete(next);
    }
    loops.push(loop);
  }
  return loops;
}

/**
 * Round the corners of a loop by cutting them (Chaikin 1974): stair steps of the grid vanish, the
 * outline stays within half a grid pixel, and no loop is ever lost.
 * @param {Loop} loop
 * @param {number} times
 * @returns {Loop}
 */
export function rounded(loop, times = 2) {
  if (times === 0) return loop;
  /** @type {Loop} */
  const cut = [];
  for (let i = 0; i < loop.length; i += 2) {
    const [x0, y0] = [loop[i], loop[i + 1]];
    const [x1, y1] = [loop[(i + 2) % loop.length], loop[(i + 3) % loop.length]];
    cut.push(0.75 * x0 + 0.25 * x1, 0.75 * y0 + 0.25 * y1);
    cut.push(0.25 * x0 + 0.75 * x1, 0.25 * y0 + 0.75 * y1);
  }
  return rounded(cut, times - 1);
}

/**
 * Leave out points that the loop passes within `tolerance` anyway: the same rule, on the same grid,
 * for every candidate (Douglas and Peucker 1973; the loop is cut in two at its middle point).
 * @param {Loop} loop @param {number} tolerance in the loop's units
 * @returns {Loop}
 */
export function simplified(loop, tolerance = 0.06) {
  const count = loop.length / 2;
  if (count < 8) return loop;
  const kept = new Uint8Array(count + 1);
  const half = count >> 1;
  kept[0] = kept[half] = kept[count] = 1;
  const open = [[0, half], [half, count]];
  for (let part = open.pop(); part; part = open.pop()) {
    const far = farthest(loop, part[0], part[1], tolerance);
    if (far < 0) continue;
    kept[far] = 1;
    open.push([part[0], far], [far, part[1]]);
  }
  return loop.filter((_, i) => kept[i >> 1]);
}

/**
 * The point between two others that lies farthest from their line; −1 if none is beyond `tolerance`.
 * @param {Loop} loop @param {number} from @param {number} to @param {number} tolerance
 */
function farthest(loop, from, to, tolerance) {
  const end = (to * 2) % loop.length;
  const [x, y] = [loop[from * 2], loop[from * 2 + 1]];
  const [dx, dy] = [loop[end] - x, loop[end + 1] - y];
  const length = Math.hypot(dx, dy);
  let [found, most] = [-1, tolerance];
  for (let i = from + 1; i < to; i++) {
    const [px, py] = [loop[i * 2] - x, loop[i * 2 + 1] - y];
    const apart = length ? Math.abs(px * dy - py * dx) / length : Math.hypot(px, py);
    if (apart > most) [found, most] = [i, apart];
  }
  return found;
}

/**
 * The outline of a mask as a path in the film's pixels; filled by the even-odd rule, holes stay open.
 * @param {Loop[]} loops in grid pixels
 * @param {number} scaleX film pixels to a grid pixel
 * @param {number} scaleY
 * @returns {Path2D}
 */
export function toPath(loops, scaleX, scaleY) {
  const path = new Path2D();
  for (const loop of loops) {
    path.moveTo(loop[0] * scaleX, loop[1] * scaleY);
    for (let i = 2; i < loop.length; i += 2) path.lineTo(loop[i] * scaleX, loop[i + 1] * scaleY);
    path.closePath();
  }
  return path;
}

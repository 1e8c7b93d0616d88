// Which pixels a closed way encloses.

/**
 * Tell the runs of pixels whose centres lie inside closed loops, row by row. Inside is what the way
 * winds around, however often ("nonzero"), or an odd number of times ("evenodd").
 * @param {number[][]} loops points, x and y in turn, in pixels; the last point joins the first
 * @param {"nonzero" | "evenodd"} rule
 * @param {number} height rows of the raster; what lies beyond is left out
 * @param {(row: number, start: number, end: number) => void} tell
 */
export function enclosed(loops, rule, height, tell) {
  const edges = loops.flatMap((loop) => edgesOf(loop)).sort((a, b) => a.top - b.top);
  /** @type {Edge[]} */
  let active = [];
  let next = 0;
  for (let row = Math.max(0, edges[0]?.top ?? height); row < height; row++) {
    while (next < edges.length && edges[next].top <= row) active.push(edges[next++]);
    active = active.filter((edge) => edge.bottom > row);
    if (active.length === 0) {
      if (next >= edges.length) return;
      continue;
    }
    const crossings = active.map((edge) => ({ x: edge.x + edge.slope * (row + 0.5 - edge.y), way: edge.way }));
    crossings.sort((a, b) => a.x - b.x);
    for (let i = 0, winding = 0; i + 1 < crossings.length; i++) {
      winding += crossings[i].way;
      if (rule === "nonzero" ? winding === 0 : (i & 1) === 1) continue;
      const [start, end] = [Math.ceil(crossings[i].x - 0.5), Math.ceil(crossings[i + 1].x - 0.5)];
      if (start < end) tell(row, start, end);
    }
  }
}

/**
 * @typedef {object} Edge
 * @property {number} top the first row whose centre it passes
 * @property {number} bottom the row after the last
 * @property {number} x at `y`
 * @property {number} y
 * @property {number} slope x to a row
 * @property {number} way 1 down, −1 up
 */

/** @param {number[]} loop @returns {Edge[]} */
function edgesOf(loop) {
  /** @type {Edge[]} */
  const edges = [];
  for (let i = 0; i < loop.length; i += 2) {
    const [x0, y0] = [loop[i], loop[i + 1]];
    const [x1, y1] = [loop[(i + 2) % loop.length], loop[(i + 3) % loop.length]];
    const [top, bottom] = [Math.ceil(Math.min(y0, y1) - 0.5), Math.ceil(Math.max(y0, y1) - 0.5)];
    if (top < bottom) edges.push({ top, bottom, x: x0, y: y0, slope: (x1 - x0) / (y1 - y0), way: y1 > y0 ? 1 : -1 });
  }
  return edges;
}

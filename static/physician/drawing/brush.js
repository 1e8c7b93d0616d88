// The round brush: which pixels a stroke covers.

/** @typedef {import("../view.js").Point} Point */

/**
 * Tell the runs of a round brush drawn from one point to another. The brush's edge runs one pixel
 * from full to none, coverage = radius + ½ − distance from the line; a pixel is taken where at least
 * half is covered, which is where its centre lies within `radius` of the line. So a stroke keeps its
 * width at every angle and place, and at the smallest radius, ½, it has no gap.
 * Points are in pixels as wide as the film's, x to the right, y down, from its top left corner. Where
 * its pixels are not square the brush is round as it is seen, so in millimetres.
 * @param {Point} from @param {Point} to @param {number} radius
 * @param {(row: number, start: number, end: number) => void} tell
 * @param {number} [aspect] by how much a pixel is higher than wide
 */
export function capsule(from, to, radius, tell, aspect = 1) {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [ux, uy] = length > 0 ? [(to.x - from.x) / length, (to.y - from.y) / length] : [1, 0];
  const top = Math.ceil((Math.min(from.y, to.y) - radius) / aspect - 0.5);
  const bottom = Math.floor((Math.max(from.y, to.y) + radius) / aspect - 0.5);
  for (let row = top; row <= bottom; row++) {
    const y = (row + 0.5) * aspect;
    let [low, high] = [Infinity, -Infinity];
    // The caps: a circle at each end.
    for (const end of [from, to]) {
      const half = Math.sqrt(radius * radius - (y - end.y) ** 2);
      if (Number.isNaN(half)) continue;
      low = Math.min(low, end.x - half);
      high = Math.max(high, end.x + half);
    }
    // Between them: a box, along the line from 0 to its length and `radius` to either side.
    const dy = y - from.y;
    const [a, b] = meet(between(ux, dy * uy, 0, length), between(-uy, dy * ux, -radius, radius));
    if (a <= b) {
      low = Math.min(low, from.x + a);
      high = Math.max(high, from.x + b);
    }
    const [start, end] = [Math.ceil(low - 0.5), Math.floor(high - 0.5) + 1];
    if (start < end) tell(row, start, end);
  }
}

/** The x for which `least` ≤ slope · x + offset ≤ `most`. @param {number} slope @param {number} offset @param {number} least @param {number} most */
function between(slope, offset, least, most) {
  if (Math.abs(slope) < 1e-12) return offset >= least && offset <= most ? [-Infinity, Infinity] : [0, -1];
  const [a, b] = [(least - offset) / slope, (most - offset) / slope];
  return a < b ? [a, b] : [b, a];
}

/** @param {number[]} a @param {number[]} b */
const meet = (a, b) => [Math.max(a[0], b[0]), Math.min(a[1], b[1])];

/** A point of a stroke, and the brush's radius there. @typedef {Point & { radius: number }} Dab */

/**
 * A stroke through points as they come. Mouse and screen round every point to whole pixels of the
 * screen, which may be many of the film's: the way is bent through the middles between points
 * (quadratic curves), so that no corner of that rounding is drawn.
 */
export class Stroke {
  /** @param {(from: Point, to: Point, radius: number) => void} plot */
  constructor(plot) {
    this.plot = plot;
    /** @type {Dab | null} */
    this.last = null;
    /** Where the pen has drawn up to. @type {Dab | null} */
    this.at = null;
  }

  /** @param {Dab} dab */
  add(dab) {
    if (!this.last || !this.at) {
      this.plot(dab, dab, dab.radius);
      this.at = dab;
    } else if (dab.x !== this.last.x || dab.y !== this.last.y) {
      this.#curve(this.at, this.last, middle(this.last, dab));
    } else return;
    this.last = dab;
  }

  /** Draw the rest of the way. */
  end() {
    if (this.at && this.last && this.at !== this.last) this.plot(this.at, this.last, this.last.radius);
    this.at = null;
    this.last = null;
  }

  /** @param {Dab} from @param {Dab} bend @param {Dab} to */
  #curve(from, bend, to) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const pieces = from === bend ? 1 : Math.min(16, Math.max(1, Math.ceil((4 * length) / (to.radius + 4))));
    let before = from;
    for (let i = 1; i <= pieces; i++) {
      const here = i === pieces ? to : middle(middle(from, bend, i / pieces), middle(bend, to, i / pieces), i / pieces);
      this.plot(before, here, here.radius);
      before = here;
    }
    this.at = to;
  }
}

/** @param {Dab} a @param {Dab} b @returns {Dab} a share of the way from a to b */
function middle(a, b, share = 0.5) {
  return {
    x: a.x + (b.x - a.x) * share,
    y: a.y + (b.y - a.y) * share,
    radius: a.radius + (b.radius - a.radius) * share,
  };
}

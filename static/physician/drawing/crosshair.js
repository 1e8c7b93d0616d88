// Drawing without a mouse: a cross-hair that the arrows move, and a pen at it.

import { panned, toFilm, transform } from "../view.js";

/** @typedef {import("../view.js").Point} Point */

/** How far a press moves it, in pixels of the page: at least one film pixel. */
const STEP = 4;
const LEAP = 32;
/** How near the edge it may come before the film moves with it. */
const EDGE = 40;

export class CrossHair {
  /**
   * @param {import("../state.js").Store} store
   * @param {import("../drawing.js").Drawing} drawing
   * @param {{ start: (point: Point) => void, move: (points: Point[]) => void }} pen
   * @param {() => { film: import("../view.js").Size, aspect: number, box: import("../view.js").Size }} look
   */
  constructor(store, drawing, pen, look) {
    this.store = store;
    this.drawing = drawing;
    this.pen = pen;
    this.look = look;
  }

  get shown() {
    return this.drawing.marks.cross !== null;
  }

  /** Move it; the first time it appears where the mouse was, or in the middle. @param {number} dx @param {number} dy @param {boolean} far */
  move(dx, dy, far) {
    const { film, aspect, box } = this.look();
    const { marks } = this.drawing;
    const { scale } = transform(this.store.state.view, film, box);
    if (!marks.cross) {
      const middle = toFilm({ x: box.width / 2, y: box.height / 2 }, this.store.state.view, film, box);
      marks.cross = centred(marks.pointer ?? middle, film, aspect);
      return;
    }
    const step = (/** @type {number} */ size) => size * Math.max(1, Math.round((far ? LEAP : STEP) / (scale * size)));
    marks.cross = centred({ x: marks.cross.x + dx * step(1), y: marks.cross.y + dy * step(aspect) }, film, aspect);
    this.pen.move([marks.cross]);
    this.#follow(marks.cross, film, box);
  }

  /** Let the pen down where it is. */
  press() {
    if (this.drawing.marks.cross) this.pen.start(this.drawing.marks.cross);
  }

  hide() {
    this.drawing.marks.cross = null;
  }

  /** Keep it in sight. @param {Point} cross @param {import("../view.js").Size} film @param {import("../view.js").Size} box */
  #follow(cross, film, box) {
    const { scale, x, y } = transform(this.store.state.view, film, box);
    const beyond = (/** @type {number} */ at, /** @type {number} */ size) =>
      Math.min(0, at - EDGE) + Math.max(0, at - size + EDGE);
    const [dx, dy] = [beyond(cross.x * scale + x, box.width), beyond(cross.y * scale + y, box.height)];
    if (dx || dy) this.store.set({ view: panned(this.store.state.view, -dx, -dy, film, box) });
  }
}

/** A pixel's middle, on the film. @param {Point} point @param {import("../view.js").Size} film @param {number} aspect */
function centred({ x, y }, { width, height }, aspect) {
  const inside = (/** @type {number} */ at, /** @type {number} */ size) => Math.min(size - 1, Math.max(0, Math.floor(at))) + 0.5;
  return { x: inside(x, width), y: inside(y / aspect, Math.round(height / aspect)) * aspect };
}

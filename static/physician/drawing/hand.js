// The hand that draws: what the tool in use makes of a press, a way and a release. Mouse, pen,
// finger and cross-hair all come here; points are on the film as it is seen (film.js).

import { capsule, Stroke } from "./brush.js";
import { likeAt, within } from "./greys.js";
import { pick } from "./picking.js";
import { enclosed } from "./polygon.js";
import { INITIAL } from "../state.js";
import { t } from "../../words.js";

/** @typedef {import("../view.js").Point} Point */
/** @typedef {Point & { pressure?: number }} Touch where, and how hard a pen presses: 0 to 1 */

/** How near its first point a polygon closes, in pixels of the page. */
const NEAR = 10;

export class Hand {
  /**
   * @param {import("../drawing.js").Drawing} drawing
   * @param {() => import("../film.js").Film} film in hand
   * @param {() => number} scale pixels of the page to one of the film
   */
  constructor(drawing, film, scale) {
    /** The state as it was when the hand moved: its moves may have waited their turn. */
    this.state = INITIAL;
    this.drawing = drawing;
    this.film = film;
    this.scale = scale;
    /** @type {Stroke | null} */
    this.stroke = null;
    /** @type {0 | 1} */
    this.value = 1;
    this.down = false;
  }

  /** @param {Touch} touch @param {boolean} erase with the pen's own eraser */
  start(touch, erase = false) {
    const { tool, erases, tolerance } = this.state;
    if (this.drawing.coming) return;
    this.down = true;
    this.value = erase || erases ? 0 : 1;
    if (tool === "brush") this.#begin((row, start, end) => this.#set(row, start, end));
    if (tool === "grey") {
      const [greys] = this.film().levels;
      const range = likeAt(greys, this.#onRaster(touch), tolerance);
      this.#begin((row, start, end) => within(greys, range, row, start, end, (r, s, e) => this.#set(r, s, e)));
    }
    if (tool === "lasso") this.drawing.marks.way = [];
    this.move([touch]);
  }

  /** @param {Touch[]} touches */
  move(touches) {
    if (!this.down) return;
    for (const touch of touches) {
      this.stroke?.add({ x: touch.x, y: touch.y, radius: this.#radius(touch) });
      if (this.state.tool === "lasso") this.drawing.marks.way.push({ x: touch.x, y: touch.y });
    }
    this.last = touches[touches.length - 1] ?? this.last;
  }

  /** @param {import("./picking.js").Tell} tell @returns {string | null} words to say, if any; null: they are told */
  end(tell) {
    if (!this.down) return "";
    this.down = false;
    this.stroke?.end();
    this.stroke = null;
    const { tool } = this.state;
    const { marks } = this.drawing;
    if (tool === "parts" && this.last) {
      pick(this.drawing, this.#onRaster(this.last), tell);
      return null;
    }
    if (tool === "polygon" && this.last) return this.#corner(this.last);
    if (tool === "lasso") this.#enclose(marks.way.splice(0));
    this.drawing.commit();
    return "";
  }

  /** It was no stroke: a second finger came to zoom. */
  cancel() {
    this.down = false;
    this.stroke = null;
    if (this.state.tool === "lasso") this.drawing.marks.way = [];
    this.drawing.cancel();
  }

  /** Put down a corner of the polygon, or close it at its first one. @param {Point} point */
  #corner(point) {
    const { way } = this.drawing.marks;
    const near = (/** @type {Point | undefined} */ one) =>
      one && Math.hypot(one.x - point.x, one.y - point.y) * this.scale() <= NEAR;
    if (way.length >= 3 && (near(way[0]) || near(way[way.length - 1]))) return this.close();
    if (!near(way[way.length - 1])) way.push({ x: point.x, y: point.y });
    return "";
  }

  /** Close the polygon under way. @returns {string} words to say, if any */
  close() {
    const way = this.drawing.marks.way.splice(0);
    if (way.length < 3) return t("A polygon needs three corners.");
    this.value = this.state.erases ? 0 : 1;
    this.#enclose(way);
    this.drawing.commit();
    return "";
  }

  /** @param {Point[]} way */
  #enclose(way) {
    const loop = way.map((point) => this.#onRaster(point)).flatMap(({ x, y }) => [x, y]);
    enclosed([loop], "nonzero", this.drawing.raster.height, (row, start, end) => this.#set(row, start, end));
  }

  /** @param {(row: number, start: number, end: number) => void} tell */
  #begin(tell) {
    const { aspect } = this.film();
    this.stroke = new Stroke((from, to, radius) => capsule(from, to, radius, tell, aspect));
  }

  /** In columns and rows of the mask. @param {Point} point @returns {Point} */
  #onRaster({ x, y }) {
    return { x, y: y / this.film().aspect };
  }

  /** @param {number} row @param {number} start @param {number} end */
  #set(row, start, end) {
    this.drawing.raster.set(row, start, end, this.value);
  }

  /** @param {Touch} touch */
  #radius({ pressure }) {
    const { radius, pressure: asked } = this.state;
    const wanted = asked && pressure !== undefined ? radius * (0.3 + 0.7 * pressure) : radius;
    // A thinner line would fall between rows, or columns.
    return Math.max(0.5, 0.5 * this.film().aspect, wanted);
  }
}

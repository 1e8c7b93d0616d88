// The sheet that is drawn on: a canvas over the film, the brush's ring, the cross-hair, a polygon
// under way. It has frames of its own, so that a stroke repaints neither the film nor the page.

import { shade } from "./painter.js";
import { extentOf } from "./runs.js";
import { transform } from "../view.js";

/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("./extent.js").Rectangle} Rectangle */

const SVG = "http://www.w3.org/2000/svg";

/** How far around what has changed the lines reach, in pixels of the page. */
const AROUND = 5;

export class Pad {
  /**
   * @param {HTMLElement} sheet the panel that holds the film
   * @param {import("../drawing.js").Drawing} drawing
   * @param {() => { state: import("../state.js").State, film: import("../view.js").Size, aspect: number, box: import("../view.js").Size }} look
   */
  constructor(sheet, drawing, look) {
    this.drawing = drawing;
    this.look = look;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "ink";
    this.canvas.setAttribute("aria-hidden", "true");
    this.marks = document.createElementNS(SVG, "svg");
    this.marks.setAttribute("class", "marks");
    this.marks.setAttribute("aria-hidden", "true");
    const [ring, way, cross] = ["ring", "way", "cross"].map((name) => {
      const path = document.createElementNS(SVG, name === "ring" ? "circle" : "path");
      path.setAttribute("class", name);
      this.marks.append(path);
      return path;
    });
    this.ring = ring;
    this.way = way;
    this.cross = cross;
    sheet.append(this.canvas, this.marks);
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("this browser gives no canvas to paint on");
    this.context = context;
    /** What the canvas shows now, but for what has changed since. */
    this.shown = "";
    this.asked = false;
  }

  /** Ask for a frame. */
  redraw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.paint();
    });
  }

  /** From the film as it is seen to pixels of the page. */
  #onPage() {
    const { state, film, box } = this.look();
    return transform(state.view, film, box);
  }

  /** Paint what has changed since the last frame; everything, if the view has. */
  paint() {
    const { state, aspect, box } = this.look();
    if (state.mode !== "draw") return;
    const { raster, picked } = this.drawing;
    const ratio = window.devicePixelRatio || 1;
    const { scale, x, y } = this.#onPage();
    const onCanvas = { scale: scale * ratio, down: scale * aspect * ratio, x: x * ratio, y: y * ratio };
    const [width, height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
    const showing = [scale, aspect, x, y, ratio, width, height, state.hidden, state.filled, picked?.name ?? "", this.drawing.name].join();
    const dirty = raster.takeDirty();
    if (showing !== this.shown) {
      this.shown = showing;
      if (this.canvas.width !== width) this.canvas.width = width;
      if (this.canvas.height !== height) this.canvas.height = height;
      this.context.clearRect(0, 0, width, height);
      if (!state.hidden && raster.area > 0) this.#shade(extentOf(raster), onCanvas, ratio, state.filled);
    } else if (dirty && !state.hidden) this.#shade(dirty, onCanvas, ratio, state.filled);
    this.#mark(state, scale, x, y);
  }

  /**
   * @param {Rectangle} part of the film
   * @param {import("./painter.js").Transform} onCanvas @param {number} ratio @param {boolean} filled
   */
  #shade(part, onCanvas, ratio, filled) {
    const { raster, picked } = this.drawing;
    const around = AROUND * ratio;
    const area = {
      left: Math.max(0, Math.floor(part.left * onCanvas.scale + onCanvas.x - around)),
      top: Math.max(0, Math.floor(part.top * onCanvas.down + onCanvas.y - around)),
      right: Math.min(this.canvas.width, Math.ceil(part.right * onCanvas.scale + onCanvas.x + around)),
      bottom: Math.min(this.canvas.height, Math.ceil(part.bottom * onCanvas.down + onCanvas.y + around)),
    };
    if (area.left >= area.right || area.top >= area.bottom) return;
    const image = this.context.createImageData(area.right - area.left, area.bottom - area.top);
    shade(image, raster, picked?.words ?? null, onCanvas, area, ratio, filled);
    this.context.putImageData(image, area.left, area.top);
  }

  /** Ring, cross-hair and the way under the pen. @param {import("../state.js").State} state @param {number} scale @param {number} x @param {number} y */
  #mark(state, scale, x, y) {
    const { pointer, cross, way } = this.drawing.marks;
    const at = cross ?? pointer;
    const brush = state.tool === "brush" || state.tool === "grey";
    this.marks.classList.toggle("erases", state.erases);
    this.ring.classList.toggle("away", !at);
    if (at) {
      this.ring.setAttribute("cx", String(at.x * scale + x));
      this.ring.setAttribute("cy", String(at.y * scale + y));
      this.ring.setAttribute("r", String(brush ? Math.max(1, state.radius * scale) : 2.5));
    }
    const [cx, cy] = cross ? [cross.x * scale + x, cross.y * scale + y] : [0, 0];
    this.cross.setAttribute("d", cross ? `M${cx - 22} ${cy}h16m12 0h16M${cx} ${cy - 22}v16m0 12v16` : "");
    const points = way.map((point) => `${point.x * scale + x} ${point.y * scale + y}`);
    if (points.length && state.tool === "polygon" && at) points.push(`${at.x * scale + x} ${at.y * scale + y}`);
    this.way.setAttribute("d", points.length ? `M${points.join("L")}` : "");
  }
}

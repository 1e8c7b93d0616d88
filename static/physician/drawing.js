// Drawing a mask: strokes into a raster at the film's native size, painted where they changed.

import { atNativeSize } from "./bundle.js";
import { deflate, digest, packBits, toBase64, unpackBits } from "./bits.js";
import { Raster } from "./raster.js";

/** @typedef {import("./view.js").Point} Point */

// The outlines' colour, as pixels (little-endian RGBA): faint inside, full along the rim.
const INSIDE = 0x584dc9ff;
const RIM = 0xff4dc9ff;

/** What a drawing is when it is sent. @typedef {{ bits: string, sha256: string, started_from: "blank" | "slot" }} Sent */

export class Drawing {
  constructor() {
    /** @type {import("./bundle.js").Bundle} */
    this.bundle = { gridHeight: 1, gridWidth: 1, nativeHeight: 1, nativeWidth: 1, masks: [] };
    this.raster = new Raster(1, 1);
    /** @type {Sent["started_from"]} */
    this.startedFrom = "blank";
    /** @type {OffscreenCanvas | null} */
    this.canvas = null;
    /** @type {Point | null} */
    this.last = null;
  }

  /** Begin with another ballot: nothing is drawn on it yet. @param {import("./bundle.js").Bundle} bundle */
  show(bundle) {
    this.bundle = bundle;
    this.raster = new Raster(bundle.nativeHeight, bundle.nativeWidth);
    this.startedFrom = "blank";
    this.canvas = null;
    this.last = null;
  }

  /**
   * Draw on with a brush; the first points after `end` begin a new stroke.
   * @param {Point[]} points in film pixels @param {number} radius @param {0 | 1} value
   */
  stroke(points, radius, value) {
    for (const point of points) {
      this.raster.stroke(this.last ?? point, point, radius, value);
      this.last = point;
    }
  }

  /** End the stroke; it is one step to undo. */
  end() {
    this.last = null;
    this.raster.commit();
  }

  /** Take the stroke under way back: it was none. */
  cancel() {
    this.last = null;
    this.raster.abandon();
  }

  /** Begin again from a candidate, or from nothing. @param {number | null} slot */
  startFrom(slot) {
    this.startedFrom = slot === null ? "blank" : "slot";
    if (slot === null) this.raster.clear();
    else this.raster.become(atNativeSize(this.bundle, slot));
  }

  /** The drawing as packed bits. */
  packed() {
    return packBits(this.raster.pixels);
  }

  /** Take up a drawing that was kept. @param {Uint8Array} packed @param {Sent["started_from"]} startedFrom */
  restore(packed, startedFrom) {
    this.startedFrom = startedFrom;
    this.raster.become(unpackBits(packed, this.raster.pixels.length));
  }

  /** The drawing as it is sent. @returns {Promise<Sent>} */
  async toSend() {
    const packed = this.packed();
    const [bits, sha256] = [toBase64(await deflate(packed)), await digest(packed)];
    return { bits, sha256, started_from: this.startedFrom };
  }

  /**
   * Paint it, and the brush.
   * @param {CanvasRenderingContext2D} context its transform maps film pixels to the canvas
   * @param {import("./state.js").State} state
   * @param {number} scale canvas pixels to a film pixel
   */
  paint(context, state, scale) {
    if (!state.hidden) {
      // Enlarged, a pixel of the mask is shown as the square it is.
      context.imageSmoothingEnabled = scale < 1;
      context.drawImage(this.#painted(), 0, 0);
    }
    if (!state.pointer) return;
    context.beginPath();
    context.arc(state.pointer.x, state.pointer.y, state.radius, 0, 2 * Math.PI);
    context.lineWidth = 3 / scale;
    context.strokeStyle = "rgb(0 0 0 / 60%)";
    context.stroke();
    context.lineWidth = 1.5 / scale;
    context.strokeStyle = state.tool === "eraser" ? "#ffffff" : "#ffc94d";
    context.stroke();
  }

  /** The raster as colours; only what changed since the last frame is painted again. */
  #painted() {
    const { height, width } = this.raster;
    this.canvas ??= new OffscreenCanvas(width, height);
    const context = this.canvas.getContext("2d");
    const dirty = this.raster.takeDirty();
    if (!context || !dirty) return this.canvas;
    // A changed pixel may make a rim of its neighbours.
    const top = Math.max(0, dirty.top - 1);
    const left = Math.max(0, dirty.left - 1);
    const bottom = Math.min(height, dirty.bottom + 1);
    const right = Math.min(width, dirty.right + 1);
    const image = context.createImageData(right - left, bottom - top);
    const colours = new Uint32Array(image.data.buffer);
    for (let row = top, i = 0; row < bottom; row++) {
      for (let column = left; column < right; column++, i++) {
        if (this.raster.pixels[row * width + column]) colours[i] = this.#isRim(row, column) ? RIM : INSIDE;
      }
    }
    context.putImageData(image, left, top);
    return this.canvas;
  }

  /** @param {number} row @param {number} column */
  #isRim(row, column) {
    const { pixels, width, height } = this.raster;
    const i = row * width + column;
    return (
      row === 0 || column === 0 || row === height - 1 || column === width - 1 ||
      !(pixels[i - 1] && pixels[i + 1] && pixels[i - width] && pixels[i + width])
    );
  }
}

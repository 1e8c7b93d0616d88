// What lies over the film: outlines, fills, letters and differences. One colour, one weight and one
// smoothing for every candidate, whoever made it; letters and patterns tell them apart.

import { WAYS_OUT } from "./masks.js";

/** @typedef {import("./masks.js").Outline} Outline */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./sampling.js").Place} Place */
/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

export const COLOUR = "#ffc94d";
const HALO = "rgb(0 0 0 / 55%)";
const LINE = 2;
/** Patterns that tell outlines apart where they share a film, in screen pixels. */
const DASHES = [[], [9, 5], [2, 4], [12, 4, 2, 4], [18, 8]];
/** The distance of two lines of a hatch, in screen pixels. */
const HATCH = 8;

/** @param {number} slot */
export const letter = (slot) => String.fromCharCode(65 + slot);

/** What an overlay shows. @typedef {{ slots: number[], mode: "one" | "all" | "difference" }} Shown */

/** A canvas over one panel, drawn again only if it would look other. */
export class Overlay {
  constructor() {
    this.canvas = new OffscreenCanvas(1, 1);
    this.key = "";
    /** @type {Outline[] | null} */
    this.masks = null;
  }

  /**
   * @param {Outline[]} masks @param {Shown} shown @param {State} state
   * @param {Place} place of the film on the canvas @param {number} ratio canvas pixels to a pixel of the page
   * @param {{ width: number, height: number }} size
   * @returns {OffscreenCanvas}
   */
  draw(masks, shown, state, place, ratio, { width, height }) {
    const key = JSON.stringify([shown, state.style, state.opacity, place, ratio, width, height]);
    if (key === this.key && masks === this.masks) return this.canvas;
    [this.key, this.masks] = [key, masks];
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("this browser gives no canvas to paint on");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(place.scale, 0, 0, place.scale, place.x, place.y);
    const pen = { context, pixel: ratio / place.scale, scale: place.scale, sight: sightOf(place, { width, height }, ratio), ...strengths(state) };
    if (shown.mode === "one") for (const slot of shown.slots) mask(pen, masks[slot], state.style);
    if (shown.mode === "all") all(pen, masks, shown.slots);
    if (shown.mode === "difference") difference(pen, masks, shown.slots, { width, height });
    return this.canvas;
  }
}

/** @typedef {{ context: OffscreenCanvasRenderingContext2D, pixel: number, scale: number, sight: import("./masks.js").Sight, line: number, fill: number }} Pen */

/** What a canvas shows, and as much around it as a line is wide. @param {Place} place @param {{ width: number, height: number }} size @param {number} ratio */
function sightOf({ scale, x, y }, { width, height }, ratio) {
  const rim = 4 * ratio;
  return { left: (-rim - x) / scale, top: (-rim - y) / scale, right: (width + rim - x) / scale, bottom: (height + rim - y) / scale };
}

/** How opaque lines and fills are; a faint mask keeps its line longest. @param {State} state */
const strengths = ({ opacity }) => ({ line: Math.min(1, 2 * opacity), fill: opacity / 2 });

/** @param {Pen} pen @param {Outline} one @param {State["style"]} style */
function mask(pen, one, style) {
  const { context } = pen;
  if (style !== "line") {
    context.globalAlpha = pen.fill;
    context.fillStyle = COLOUR;
    context.fill(one.path(pen.scale), "evenodd");
    context.globalAlpha = 1;
  }
  if (style !== "fill") outline(pen, one.within(pen.scale, pen.sight), []);
}

/** @param {Pen} pen @param {Path2D} path @param {number[]} dash */
function outline({ context, pixel, line }, path, dash) {
  context.globalAlpha = line;
  context.lineJoin = "round";
  context.lineCap = dash.length ? "butt" : "round";
  context.setLineDash(dash.map((length) => length * pixel));
  context.strokeStyle = HALO;
  context.lineWidth = (LINE + 1.5) * pixel;
  context.stroke(path);
  context.strokeStyle = COLOUR;
  context.lineWidth = LINE * pixel;
  context.stroke(path);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Outlines on one film, each with its pattern and its letter. @param {Pen} pen @param {Outline[]} masks @param {number[]} slots */
function all(pen, masks, slots) {
  for (const slot of slots) outline(pen, masks[slot].path(pen.scale), DASHES[slot % DASHES.length]);
  const { context, pixel } = pen;
  context.font = `700 ${18 * pixel}px system-ui, sans-serif`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4 * pixel;
  context.strokeStyle = "rgb(0 0 0 / 80%)";
  context.fillStyle = COLOUR;
  for (const slot of slots) {
    const { mark } = masks[slot];
    if (!mark) continue;
    const [dx, dy] = WAYS_OUT[slot % WAYS_OUT.length];
    const [x, y] = [mark.x + dx * 12 * pixel, mark.y + dy * 12 * pixel];
    context.strokeText(letter(slot), x, y);
    context.fillText(letter(slot), x, y);
  }
}

/**
 * What only the one mask holds is hatched upwards, what only the other holds downwards; what both
 * hold is clear.
 * @param {Pen} pen @param {Outline[]} masks @param {number[]} slots @param {{ width: number, height: number }} size
 */
function difference(pen, masks, [one, other], size) {
  hatched(pen, masks[one].path(pen.scale), masks[other].path(pen.scale), 1, size);
  hatched(pen, masks[other].path(pen.scale), masks[one].path(pen.scale), -1, size);
  all(pen, masks, [one, other]);
}

/** @param {Pen} pen @param {Path2D} inside @param {Path2D} outside @param {1 | -1} slope @param {{ width: number, height: number }} size */
function hatched({ context, pixel }, inside, outside, slope, { width, height }) {
  const sheet = new OffscreenCanvas(width, height);
  const own = sheet.getContext("2d");
  if (!own) return;
  const distance = (HATCH * pixel * context.getTransform().a) | 0 || 1;
  own.beginPath();
  for (let at = -height; at < width + height; at += distance) {
    own.moveTo(at, slope > 0 ? height : 0);
    own.lineTo(at + height, slope > 0 ? 0 : height);
  }
  own.strokeStyle = COLOUR;
  own.lineWidth = Math.max(1, distance / 5);
  own.stroke();
  own.setTransform(context.getTransform());
  own.globalCompositeOperation = "destination-in";
  own.fill(inside, "evenodd");
  own.globalCompositeOperation = "destination-out";
  own.fill(outside, "evenodd");
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.drawImage(sheet, 0, 0);
  context.restore();
}

// The film as it shines through every panel: painted once for each size of panel, then laid under all of them.

import { cardPainter, ProcessorPainter } from "./painters.js";
import { frameOf, sameFrame } from "./sampling.js";

/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./sampling.js").Frame} Frame */

/** Sizes of panel at one time: a large one, and a strip of small ones. */
const PLATES = 2;

/**
 * @typedef {object} Plate a picture of the film at one size
 * @property {OffscreenCanvas} canvas
 * @property {OffscreenCanvasRenderingContext2D} context
 * @property {{ film: Film, frame: Frame | null, table: Uint8Array, by: string } | null} shown
 * @property {{ film: Film, frame: Frame, entries: Uint16Array, image: ImageData } | null} held by the processor's painter
 */

export class Lightbox {
  /** @param {() => void} changed what is painted would look other now */
  constructor(changed) {
    /** @type {Map<string, Plate>} */
    this.plates = new Map();
    this.processor = new ProcessorPainter();
    this.card = cardPainter(() => {
      for (const plate of this.plates.values()) plate.shown = null;
      changed();
    });
    this.table = new Uint8Array();
    this.tableOf = /** @type {unknown[]} */ ([]);
  }

  /**
   * What can be done for a film before it is shown.
   * @param {Film} film @param {{ place: import("./sampling.js").Place, size: { width: number, height: number } }[]} spots where it will stand
   */
  prepare(film, spots) {
    film.meaning.greys(null, false);
    const frames = spots.flatMap(({ place, size }) => frameOf(film, place, size) ?? []);
    return this.#painter(film).prepare(film, frames.filter((frame, i) => !frames.slice(0, i).some((one) => sameFrame(one, frame))));
  }

  /** Who paints: the card, unless it is lost or the film too large for it. @param {Film} film */
  #painter(film) {
    return this.card?.takes(film) ? this.card : this.processor;
  }

  /**
   * Choose the grey levels for what is painted next.
   * @param {Film} film @param {import("./windows.js").Window} window @param {boolean} inverted
   */
  setWindow(film, window, inverted) {
    const asked = [film, window, inverted];
    if (asked.every((part, i) => part === this.tableOf[i])) return;
    this.tableOf = asked;
    this.table = film.meaning.greys(window, inverted);
  }

  /**
   * The film at a place on a canvas of a size, black around it. Asked again for the same, nothing is painted.
   * @param {Film} film @param {import("./sampling.js").Place} place @param {{ width: number, height: number }} size
   * @returns {OffscreenCanvas}
   */
  film(film, place, size) {
    const plate = this.#plate(size);
    const frame = frameOf(film, place, size);
    const { shown } = plate;
    const by = this.#painter(film);
    const same = shown?.film === film && shown.table === this.table && shown.by === by.name && alike(shown.frame, frame);
    if (same) return plate.canvas;
    if (!frame || !shown?.frame || !covers(frame, shown.frame)) plate.context.fillRect(0, 0, size.width, size.height);
    if (frame) by.paint(plate, film, this.table, frame);
    plate.shown = { film, frame, table: this.table, by: by.name };
    return plate.canvas;
  }

  /** @param {{ width: number, height: number }} size @returns {Plate} */
  #plate({ width, height }) {
    const name = `${width} ${height}`;
    let plate = this.plates.get(name);
    if (!plate) {
      const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height));
      const context = canvas.getContext("2d", { alpha: false });
      if (!context) throw new Error("this browser gives no canvas to paint on");
      plate = { canvas, context, shown: null, held: null };
    }
    this.plates.delete(name);
    this.plates.set(name, plate);
    if (this.plates.size > PLATES) this.plates.delete(/** @type {string} */ (this.plates.keys().next().value));
    return plate;
  }
}

/** @param {Frame | null} a @param {Frame | null} b */
const alike = (a, b) => (a && b ? sameFrame(a, b) : a === b);

/** Whether a frame paints over all that another did. @param {Frame} a @param {Frame} b */
const covers = (a, b) =>
  a.left <= b.left && a.top <= b.top && a.left + a.width >= b.left + b.width && a.top + a.height >= b.top + b.height;

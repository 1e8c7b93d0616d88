// Who paints a film: the graphics card, or the processor where there is none. Both show the same.

import { CardPainter } from "./card.js";
import { sameFrame, sampled } from "./sampling.js";

/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./sampling.js").Frame} Frame */

/**
 * @typedef {object} Painter
 * @property {string} name
 * @property {(film: Film) => boolean} takes whether it can paint this film
 * @property {(film: Film, frames: Frame[]) => Promise<void>} prepare what can be done before a film is shown in these frames
 * @property {(plate: import("./lightbox.js").Plate, film: Film, table: Uint8Array<ArrayBuffer>, frame: Frame) => void} paint
 */

/**
 * Paints by the processor. What the pixels of the screen show is looked up once for a view; moving
 * the window then costs one look-up a pixel, which is less than a graphics card in software needs.
 * @implements {Painter}
 */
export class ProcessorPainter {
  name = "processor";

  takes() {
    return true;
  }

  /** What was looked up before it is shown. @type {WeakMap<Film, { frame: Frame, entries: Uint16Array }[]>} */
  ahead = new WeakMap();

  /** @type {Painter["prepare"]} */
  async prepare(film, frames) {
    this.ahead.set(film, frames.map((frame) => ({ frame, entries: sampled(film, frame) })));
  }

  /** @type {Painter["paint"]} */
  paint(plate, film, table, frame) {
    const { held } = plate;
    if (!held || held.film !== film || !sameFrame(held.frame, frame)) {
      const known = this.ahead.get(film)?.find((one) => sameFrame(one.frame, frame));
      plate.held = { film, frame, entries: known?.entries ?? sampled(film, frame), image: imageFor(held?.image, frame) };
    }
    const { entries, image } = /** @type {NonNullable<typeof held>} */ (plate.held);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < entries.length; i++) pixels[i] = 0xff000000 | (table[entries[i]] * 0x010101);
    plate.context.putImageData(image, frame.left, frame.top);
  }
}

/** @param {ImageData | undefined} held @param {Frame} frame */
function imageFor(held, { width, height }) {
  return held?.width === width && held.height === height ? held : new ImageData(width, height);
}

/** A reader whose graphics driver fails can say "processor", and a test either; else it is chosen here. */
const SETTING = "maskballot.painter";

/**
 * A graphics card if there is one. WebGL in software is slower than the processor's own painter, so
 * it is not taken for a card unless it is asked for.
 * @param {() => void} changed the card was lost, or came back
 * @returns {CardPainter | null}
 */
export function cardPainter(changed) {
  const asked = globalThis.localStorage?.getItem(SETTING);
  if (asked === "processor") return null;
  return CardPainter.open(changed, asked !== "card");
}

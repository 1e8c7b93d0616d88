// A film in the browser: its stored values, smaller copies of them, and what they mean.

import { fetchBytes } from "./answers.js";
import { decodeFilm } from "./filmcode.js";
import { Meaning } from "./windows.js";
import { t } from "../words.js";

/** @typedef {import("./filmcode.js").Decoded} Decoded */
/** @typedef {import("./filmcode.js").Greys} Greys */
/** @typedef {import("./windows.js").Window} Window */

export { AS_STORED } from "./windows.js";

/** A film, with smaller copies of itself, so that a small painting neither flickers nor costs what a large one does. */
export class Film {
  /** @param {Decoded} decoded */
  constructor(decoded) {
    this.height = decoded.header.height;
    this.width = decoded.header.width;
    /** Between rows and between columns, in millimetres; null if it is not known. */
    this.spacing = decoded.header.spacing_mm;
    /** By how much its pixels are higher than wide. */
    this.aspect = decoded.header.aspect ?? 1;
    /** Its size as it is seen: points on it are told in pixels as wide as its own, and as high as that. */
    this.seen = { width: this.width, height: this.height * this.aspect };
    /** The film itself, then each half the size of the one before. @type {Greys[]} */
    this.levels = decoded.levels;
    this.meaning = new Meaning(decoded);
  }

  /** The pixel under a point of the film as it is seen, and its stored value; nothing beside the film. @param {{ x: number, y: number }} point */
  at({ x, y }) {
    const [column, row] = [Math.floor(x), Math.floor(y / this.aspect)];
    if (column < 0 || row < 0 || column >= this.width || row >= this.height) return null;
    return { column, row, value: this.levels[0].values[row * this.width + column] };
  }
}

/** Films are decoded beside the page, so that a reader's hand never waits for the next film. */
class Decoder {
  constructor() {
    this.worker = new Worker(new URL("./filmworker.js", import.meta.url), { type: "module" });
    this.count = 0;
    /** @type {Map<number, { done: (decoded: Decoded) => void, failed: (error: Error) => void }>} */
    this.waiting = new Map();
    this.worker.addEventListener("message", ({ data }) => {
      const asked = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.decoded) asked?.done(data.decoded);
      else asked?.failed(new Error(data.problem));
    });
    this.worker.addEventListener("error", () => this.#fail());
  }

  /** @param {ArrayBuffer} bytes @returns {Promise<Decoded>} */
  decode(bytes) {
    const id = this.count++;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker.postMessage({ id, bytes }, [bytes]);
    });
  }

  /** The worker did not start, or died: the next film gets another. */
  #fail() {
    decoder = null;
    for (const { failed } of this.waiting.values()) failed(new Error(t("the film could not be decoded")));
  }
}

/** @type {Decoder | null} */
let decoder = null;

/**
 * Fetch and decode a film.
 * @param {string} url
 * @returns {Promise<Film>}
 */
export async function loadFilm(url) {
  const bytes = await fetchBytes(url, (status) => t("the film did not arrive ({status})", { status }));
  if (typeof Worker === "undefined") return new Film(await decodeFilm(new Uint8Array(bytes)));
  decoder ??= new Decoder();
  return new Film(await decoder.decode(bytes));
}

// From stored values to grey levels: modality, then values of interest, then one inversion. Pure.
//
// The order is DICOM's (PS3.4, N.2), and so is the arithmetic; app/films/voi.py does the same for
// what a server shows. Tests hold both against pydicom.

/** @typedef {import("./filmcode.js").Decoded} Decoded */
/** @typedef {import("./filmcode.js").StoredWindow} StoredWindow */
/** @typedef {import("./filmcode.js").StoredTable} StoredTable */

/** What a reader has set, in modality units; null is what the film says first. @typedef {StoredWindow | StoredTable | null} Window */

/** @type {Window} */
export const AS_STORED = null;

/** Entries of every look-up table. A film of bytes has 256 of them to a value, for what lies between two pixels. */
export const ENTRIES = 65536;

/** Without a window the display spans these shares, so that a lead marker does not grey it. */
const [LOW, HIGH] = [0.005, 0.995];

/**
 * Windows for projection radiography, as shares of the exposed field from its darkest value to its
 * brightest as they are seen. Lungs are dark on a film and bones bright, whatever its numbers mean.
 * @type {Record<string, [number, number]>}
 */
const SHARES = { lung: [0.005, 0.7], bone: [0.3, 0.999], soft: [0.15, 0.97], auto: [0.01, 0.99] };

/** In the order of their keys. */
export const PRESETS = ["stored", "full", "lung", "bone", "soft", "auto"];

/** A half goes to the even neighbour, as numpy's `rint` does. @param {number} x */
function rounded(x) {
  const up = Math.floor(x + 0.5);
  return up - x === 0.5 && up % 2 ? up - 1 : up;
}

/** A modality value through a window, as 0…255 (PS3.3, C.11.2.1.2.1 and C.11.2.1.3). @param {StoredWindow} window */
function windowed({ center, width, function: kind }) {
  if (kind === "SIGMOID") return (/** @type {number} */ value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
  const [c, w] = kind === "LINEAR" ? [center - 0.5, width - 1] : [center, width];
  if (w <= 0) return (/** @type {number} */ value) => (value > c ? 255 : 0);
  return (/** @type {number} */ value) => Math.min(1, Math.max(0, (value - c) / w + 0.5)) * 255;
}

/** A modality value through a VOI table, as 0…255 (PS3.3, C.11.2.1.1). @param {StoredTable} table */
function tabled({ first, bits, values }) {
  const white = 2 ** bits - 1;
  return (/** @type {number} */ value) => {
    const place = Math.min(values.length - 1, Math.max(0, Math.trunc(value) - first));
    return Math.min(1, values[place] / white) * 255;
  };
}

/** Whether two windows are one. @param {Window} a @param {Window} b */
export function same(a, b) {
  if (!a || !b || "values" in a || "values" in b) return a === b;
  return a.center === b.center && a.width === b.width && a.function === b.function;
}

/** What the stored values of one film mean. */
export class Meaning {
  /** @param {Decoded} decoded */
  constructor({ header, counts, sample }) {
    this.header = header;
    this.counts = counts;
    this.sample = sample;
    /** Table entries to a stored value. */
    this.scale = header.depth === 8 ? 256 : 1;
    let [first, last] = [counts.findIndex((count) => count > 0), counts.length - 1];
    while (last > first && !counts[last]) last--;
    /** The table's last entry that a pixel can ask for. */
    this.top = last * this.scale;
    const ends = [this.modality(first), this.modality(last)];
    /** The film's own extremes, in modality units. */
    this.low = Math.min(...ends);
    this.high = Math.max(...ends);
    /** What a drag moves a window by in about 500 pixels; never nothing, or a flat film divides by it. */
    this.range = Math.max(this.high - this.low, Math.abs(header.slope));
    /** @type {StoredWindow | StoredTable} */
    this.stored = this.#obeyed() ?? this.#percentiles();
  }

  /** @param {number} value as stored */
  modality(value) {
    return this.header.slope * value + this.header.intercept;
  }

  /** The film's own window or table, unless it lies beside all its values and shows one flat grey. */
  #obeyed() {
    const { voi } = this.header;
    if (!voi) return null;
    const seen = "values" in voi ? tabled(voi) : windowed(voi);
    /** @type {number | null} */
    let shown = null;
    let present = 0;
    for (let value = 0; value < this.counts.length; value++) {
      if (!this.counts[value]) continue;
      present++;
      const grey = seen(this.modality(value));
      if (shown !== null && grey !== shown) return voi;
      shown = grey;
    }
    return present === 1 ? voi : null;
  }

  /** The window of a film that names none (`app.films.voi`). @returns {StoredWindow} */
  #percentiles() {
    const { depth, bits } = this.header;
    let [first, last] = [0, 2 ** bits - 1];
    if (depth === 16) [first, last] = [this.#reached(LOW), this.#reached(HIGH)];
    return spanning(this.modality(first), this.modality(last));
  }

  /** The stored value up to which a share of all pixels lies, in the order of modality values. @param {number} share */
  #reached(share) {
    const { counts, header } = this;
    const total = header.height * header.width;
    const last = counts.length - 1;
    let sum = 0;
    for (let i = 0; i <= last; i++) {
      const value = header.slope > 0 ? i : last - i;
      sum += counts[value];
      if (sum / total >= share) return value;
    }
    return header.slope > 0 ? last : 0;
  }

  /** The window of a preset. @param {string} name of `PRESETS` @returns {Window} */
  preset(name) {
    if (name === "stored") return AS_STORED;
    if (name === "full") return spanning(this.low, this.high);
    const [dark, bright] = SHARES[name];
    return spanning(this.#seenAt(dark), this.#seenAt(bright));
  }

  /** The modality value at a share of the exposed field, from dark to bright as seen. @param {number} share */
  #seenAt(share) {
    const upwards = this.header.slope > 0 === (this.header.photometric === "MONOCHROME2");
    const place = Math.round((upwards ? share : 1 - share) * (this.sample.length - 1));
    return this.modality(this.sample[place]);
  }

  /** What the film itself says to show next: first its first way, then any further one, and round again. @param {Window} window */
  storedAfter(window) {
    const ways = [AS_STORED, ...(this.header.further_voi ?? [])];
    return ways[(ways.findIndex((way) => same(way, window)) + 1) % ways.length];
  }

  /** Whether a window is one that the film itself says. @param {Window} window */
  isStored(window) {
    return [AS_STORED, ...(this.header.further_voi ?? [])].some((way) => same(way, window));
  }

  /** The window that is now in force, as centre and width: a table's is what it spans. @param {Window} window @returns {StoredWindow} */
  inForce(window) {
    const now = window ?? this.stored;
    if (!("values" in now)) return now;
    const { first, values } = now;
    const [low, high] = [Math.max(first, this.low), Math.min(first + values.length - 1, this.high)];
    return spanning(low, high > low ? high : low + 1);
  }

  /**
   * Move a window by shares of the film's range.
   * @param {Window} window @param {number} center @param {number} width
   * @returns {StoredWindow}
   */
  moved(window, center, width) {
    const { range, low, high } = this;
    const now = this.inForce(window);
    const least = range / 256 + (now.function === "LINEAR" ? 1 : 0);
    return {
      function: now.function,
      center: Math.min(high + range / 2, Math.max(low - range / 2, now.center + center * range)),
      width: Math.min(4 * range, Math.max(least, now.width + width * range)),
    };
  }

  /**
   * The grey level of each table entry that the film's pixels can ask for.
   * @param {Window} window @param {boolean} inverted by the reader, on top of what the film asks for
   * @returns {Uint8Array<ArrayBuffer>}
   */
  greys(window, inverted) {
    if (window || inverted) return this.#greys(window, inverted);
    // How every film begins: looked up once, before it is shown.
    this.plain ??= this.#greys(AS_STORED, false);
    return this.plain;
  }

  /** @param {Window} window @param {boolean} inverted @returns {Uint8Array<ArrayBuffer>} */
  #greys(window, inverted) {
    const voi = window ?? this.stored;
    const seen = "values" in voi ? tabled(voi) : windowed(voi);
    const negative = (this.header.photometric === "MONOCHROME1") !== inverted;
    const table = new Uint8Array(ENTRIES);
    for (let entry = 0; entry <= this.top; entry++) {
      const grey = seen(this.modality(entry / this.scale));
      table[entry] = rounded(negative ? 255 - grey : grey);
    }
    return table;
  }
}

/** @param {number} one @param {number} other @returns {StoredWindow} */
function spanning(one, other) {
  const width = Math.max(Math.abs(one - other), 1e-9);
  return { center: (one + other) / 2, width, function: "LINEAR_EXACT" };
}

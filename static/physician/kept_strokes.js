// The strokes of drawings that are no answers yet, kept in this browser (IndexedDB) one by one, so
// that a reload, a crash or a lost connection takes none. Each reader sees only the own ones.

import { uuid } from "./bits.js";
import { database } from "./database.js";

/** @typedef {import("./raster.js").Step} Step */

/**
 * @typedef {object} Sheet whose drawing, on what
 * @property {string} reader
 * @property {string} ballot
 * @property {string} version of the answer that stood when it was begun
 * @property {number} height
 * @property {number} width
 */

/**
 * A sheet as one tab keeps it: `position` of `count` steps stand, the rest is undone.
 * @typedef {Sheet & { tab: string, position: number, count: number, at: number }} KeptSheet
 */

const opened = database("maskballot-strokes", (made) => {
  made.createObjectStore("sheets", { keyPath: ["reader", "ballot", "tab"] });
  made.createObjectStore("steps");
});

const TAB = "maskballot-tab";

/**
 * This tab, also after a reload. Two tabs on one ballot keep a drawing each; they never mix. A tab that
 * is duplicated, or opened by this one, gets a copy of what the session keeps: so the name lies there
 * only from this page to the next one.
 */
function thisTab() {
  try {
    const tab = sessionStorage.getItem(TAB) ?? uuid();
    sessionStorage.removeItem(TAB);
    window.addEventListener("pagehide", () => sessionStorage.setItem(TAB, tab));
    window.addEventListener("pageshow", ({ persisted }) => persisted && sessionStorage.removeItem(TAB));
    return tab;
  } catch {
    return uuid();
  }
}

/** All keys that begin so. @param {(string | number)[]} start */
const under = (...start) => IDBKeyRange.bound(start, [...start, []]);

/** The steps of a sheet from one on. @param {KeptSheet} sheet @param {number} from */
const stepsFrom = ({ reader, ballot, tab }, from) => IDBKeyRange.bound([reader, ballot, tab, from], [reader, ballot, tab, []]);

/**
 * Change what is kept, and wait until it is on the disk.
 * @param {(sheets: IDBObjectStore, steps: IDBObjectStore) => void} change
 * @returns {Promise<void>}
 */
async function write(change) {
  const transaction = (await opened()).transaction(["sheets", "steps"], "readwrite", { durability: "strict" });
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    change(transaction.objectStore("sheets"), transaction.objectStore("steps"));
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Forget a drawing: its answer is saved. @param {string} reader @param {string} ballot */
export const forgetStrokes = (reader, ballot) =>
  write((sheets, steps) => {
    sheets.delete(under(reader, ballot));
    steps.delete(under(reader, ballot));
  });

/**
 * The newest drawing that fits, whichever tab made it, with its steps.
 * @param {Sheet} wanted
 * @returns {Promise<{ sheet: KeptSheet, steps: Step[] } | null>}
 */
async function newest({ reader, ballot, version, height, width }) {
  const transaction = (await opened()).transaction(["sheets", "steps"]);
  /** @type {KeptSheet[]} */
  const sheets = await asked(transaction.objectStore("sheets").getAll(under(reader, ballot)));
  // Strokes from before an answer that was given since are old, and those on another raster strange.
  const fit = sheets.filter((one) => one.version === version && one.height === height && one.width === width);
  const sheet = fit.sort((a, b) => b.at - a.at)[0];
  if (!sheet) return null;
  /** @type {Step[]} */
  const steps = await asked(transaction.objectStore("steps").getAll(stepsFrom(sheet, 0)));
  return steps.length === sheet.count ? { sheet, steps } : null;
}

/** The strokes of the sheet in hand, kept as they are made. */
export class KeptStrokes {
  constructor() {
    this.tab = thisTab();
    /** @type {KeptSheet | null} */
    this.sheet = null;
    /** The last writing; a test may wait for it. @type {Promise<void>} */
    this.written = Promise.resolve();
    /** Whether the last writing failed: a private window, a full disk. */
    this.failed = false;
    /** How many are under way. */
    this.writing = 0;
  }

  /** Whether all that was done is kept. */
  get safe() {
    return this.sheet !== null && !this.failed && this.writing === 0;
  }

  /** Keep nothing more. */
  close() {
    this.sheet = null;
  }

  /**
   * What is kept of a sheet, which is in hand from now on.
   * @param {Sheet} wanted
   * @returns {Promise<{ steps: Step[], position: number }>}
   */
  async open(wanted) {
    this.sheet = { ...wanted, tab: this.tab, position: 0, count: 0, at: Date.now() };
    const mine = this.sheet;
    const found = await newest(wanted).catch(() => null);
    if (!found || this.sheet !== mine) return { steps: [], position: 0 };
    const { sheet, steps } = found;
    this.sheet = { ...mine, position: sheet.position, count: sheet.count };
    // Another tab's drawing is gone on with on a copy.
    if (sheet.tab !== this.tab) this.#keep((_, all) => steps.forEach((step, i) => all.put(step, this.#key(i))));
    return { steps, position: sheet.position };
  }

  /** A step was made; what was undone before it is gone. @param {Step} step */
  add(step) {
    if (!this.sheet) return;
    const place = this.sheet.position;
    this.sheet = { ...this.sheet, position: place + 1, count: place + 1 };
    const [sheet, key] = [this.sheet, this.#key(place)];
    this.#keep((_, steps) => {
      steps.delete(stepsFrom(sheet, place));
      steps.put(step, key);
    });
  }

  /** A step was undone (−1) or done again (1). @param {-1 | 1} by */
  move(by) {
    if (!this.sheet) return;
    const position = Math.min(this.sheet.count, Math.max(0, this.sheet.position + by));
    this.sheet = { ...this.sheet, position };
    this.#keep(() => {});
  }

  /** An answer has been saved; what is drawn on is begun upon that one. @param {string} version */
  rebase(version) {
    if (!this.sheet) return;
    this.sheet = { ...this.sheet, version };
    if (this.sheet.count > 0) this.#keep(() => {});
  }

  /** @param {number} place */
  #key(place) {
    return [this.sheet?.reader ?? "", this.sheet?.ballot ?? "", this.tab, place];
  }

  /** @param {(sheets: IDBObjectStore, steps: IDBObjectStore) => void} change */
  #keep(change) {
    const sheet = { ...this.sheet, at: Date.now() };
    this.writing++;
    this.written = write((sheets, steps) => {
      sheets.put(sheet);
      change(sheets, steps);
    }).then(
      () => { this.failed = false; },
      () => { this.failed = true; },
    ).finally(() => { this.writing--; });
  }
}

// Drawing a mask: what is on the sheet, what it stands on, and how it is kept and sent.

import { digest, toBase64 } from "./bits.js";
import { outlines, rounded } from "./contours.js";
import { enclosed } from "./drawing/polygon.js";
import { fromPacked, toPacked } from "./drawing/runs.js";
import { deflate, inflate } from "./flate.js";
import { KeptStrokes } from "./kept_strokes.js";
import { Raster } from "./raster.js";
import { t } from "../words.js";

/** @typedef {import("./view.js").Point} Point */
/** What a drawing began with. @typedef {"blank" | "slot" | "union" | "majority"} Start */
/** What a drawing is when it is sent. @typedef {{ bits: string, sha256: string, started_from: Start }} Sent */
/** A part that is picked: its bits, and a name that changes when another is. @typedef {{ name: string, part: number, words: Int32Array }} Picked */

export class Drawing {
  constructor() {
    this.kept = new KeptStrokes();
    /** What is under way on the sheet, in film pixels. @type {{ pointer: Point | null, cross: Point | null, way: Point[] }} */
    this.marks = { pointer: null, cross: null, way: [] };
    this.count = 0;
    /** What is kept of this sheet is on its way: until it is here, nothing is drawn. */
    this.coming = false;
    this.show({ gridHeight: 1, gridWidth: 1, nativeHeight: 1, nativeWidth: 1, masks: [] });
  }

  /** Begin with a new ballot: a blank sheet of its film's size. @param {import("./bundle.js").Bundle} bundle */
  show(bundle) {
    this.bundle = bundle;
    this.raster = new Raster(bundle.nativeHeight, bundle.nativeWidth);
    /** @type {Picked | null} */
    this.picked = null;
    /** The film's lung field, once it has come. @type {Int32Array | null} */
    this.lungs = null;
    this.marks = { pointer: null, cross: null, way: [] };
    this.kept.close();
    this.coming = false;
    /** Tells one ballot's sheet from the next. */
    this.name = `sheet ${++this.count}`;
  }

  /** What the drawing began with. */
  get startedFrom() {
    return /** @type {Start} */ (this.raster.note);
  }

  /** End what is under way; it is one step to undo. @param {Start} [startedFrom] */
  commit(startedFrom) {
    this.picked = null;
    const step = this.raster.commit(startedFrom);
    if (step) this.kept.add(step);
    return step !== null;
  }

  /** Take what is under way back: it was none. */
  cancel() {
    this.raster.abandon();
  }

  undo() {
    this.picked = null;
    if (this.raster.undo()) this.kept.move(-1);
  }

  redo() {
    this.picked = null;
    if (this.raster.redo()) this.kept.move(1);
  }

  /** Begin again from a candidate, from what any or most of them hold, or from nothing. @param {number | "union" | "majority" | null} from */
  startFrom(from) {
    const { masks } = this.bundle;
    const start = typeof from === "number" ? "slot" : (from ?? "blank");
    const [chosen, least] = typeof from === "number" ? [[masks[from]], 1] : [masks, from === "majority" ? Math.floor(masks.length / 2) + 1 : 1];
    this.raster.become(from === null ? new Int32Array(this.raster.words.length) : shownAt(this.bundle, atLeast(chosen, least)));
    this.commit(start);
  }

  /** The drawing as packed bits. */
  packed() {
    return toPacked(this.raster);
  }

  /** Take up a drawing that was kept. @param {Uint8Array} packed @param {Start} startedFrom */
  restore(packed, startedFrom) {
    this.raster.become(fromPacked(packed, this.raster.height, this.raster.width));
    this.commit(startedFrom);
  }

  /**
   * Take up the strokes that this browser keeps of a ballot, and keep those to come.
   * @param {string} reader @param {string} ballot
   * @param {string} version the answer that the reader has given; strokes from before it are old
   * @returns {Promise<boolean>} whether there were any
   */
  async takeUp(reader, ballot, version) {
    const { raster } = this;
    this.coming = true;
    const { steps, position } = await this.kept.open({ reader, ballot, version, height: raster.height, width: raster.width });
    if (this.raster !== raster) return false;
    this.coming = false;
    for (const step of steps) raster.redoStep(step);
    for (let i = steps.length; i > position; i--) raster.undo();
    return steps.length > 0;
  }

  /** Fetch the film's lung field; without it the drawing is only not clipped. @param {string} url */
  async fetchLungs(url) {
    const { raster } = this;
    const answer = await fetch(url, { headers: { Accept: "application/octet-stream" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const packed = await inflate(new Uint8Array(await answer.arrayBuffer()));
    // Another ballot may have begun meanwhile.
    if (this.raster === raster) this.lungs = fromPacked(packed, raster.height, raster.width);
  }

  /** Cut off what lies outside the lungs, as part of the step under way. @returns {string} words to say */
  clipToLungs() {
    const { lungs, raster } = this;
    if (!lungs) return t("This film has no lung mask.");
    const before = raster.area;
    raster.become(raster.words.map((bits, i) => bits & lungs[i]));
    return t("{count} px outside the lungs cut off.", { count: before - raster.area });
  }

  /** The drawing as it is sent. @returns {Promise<Sent>} */
  async toSend() {
    const packed = this.packed();
    const [bits, sha256] = [toBase64(await deflate(packed)), await digest(packed)];
    return { bits, sha256, started_from: this.startedFrom };
  }
}

/** Where at least `least` of the masks are. @param {Uint8Array[]} masks @param {number} least */
function atLeast(masks, least) {
  const together = new Uint8Array(masks[0].length);
  for (const mask of masks) mask.forEach((pixel, i) => (together[i] += pixel));
  return together.map((count) => (count >= least ? 1 : 0));
}

/**
 * A mask of the display grid at the film's native size, as it is seen: the pixels whose centres its
 * rounded outline encloses. Where the grid is the film's own that is the mask itself.
 * @param {import("./bundle.js").Bundle} bundle @param {Uint8Array} mask
 * @returns {Int32Array} words of a raster
 */
export function shownAt({ gridHeight, gridWidth, nativeHeight, nativeWidth }, mask) {
  const raster = new Raster(nativeHeight, nativeWidth);
  const [scaleX, scaleY] = [nativeWidth / gridWidth, nativeHeight / gridHeight];
  const loops = outlines(mask, gridHeight, gridWidth).map((loop) =>
    rounded(loop).map((at, i) => at * (i % 2 ? scaleY : scaleX)),
  );
  enclosed(loops, "evenodd", nativeHeight, (row, start, end) => raster.set(row, start, end, 1));
  return raster.words;
}

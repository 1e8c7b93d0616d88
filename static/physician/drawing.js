// Drawing a mask: what is on the sheet, what it stands on, and how it is kept and sent.

import { digest, toBase64 } from "./bits.js";
import { Beside } from "./drawing/beside.js";
import { countRuns } from "./drawing/runlist.js";
import { fromPacked, toPacked } from "./drawing/runs.js";
import { Turns } from "./drawing/turns.js";
import { partOf } from "./drawing/whole.js";
import { deflate, inflate } from "./flate.js";
import { KeptStrokes } from "./kept_strokes.js";
import { Raster } from "./raster.js";

/** @typedef {import("./view.js").Point} Point */
/** What a drawing began with. @typedef {"blank" | "slot" | "union" | "majority"} Start */
/** What a drawing is when it is sent. @typedef {{ bits: string, sha256: string, started_from: Start }} Sent */
/** A part that is picked: its bits, and a name that changes when another is. @typedef {{ name: string, part: number, words: Int32Array }} Picked */

/** In a mask of at most so many runs of pixels (a film of 3000 rows, outlined by hand, has 3000 to 20,000) a part is found in milliseconds. */
const FEW_RUNS = 100_000;

export class Drawing {
  constructor() {
    this.kept = new KeptStrokes();
    /** While a tool works on the whole mask, all that changes the drawing waits its turn. */
    this.turns = new Turns();
    this.beside = new Beside();
    /** What is under way on the sheet, in film pixels. @type {{ pointer: Point | null, cross: Point | null, way: Point[] }} */
    this.marks = { pointer: null, cross: null, way: [] };
    this.count = 0;
    /** What is kept of this sheet is on its way: until it is here, nothing is drawn. */
    this.coming = false;
    this.show({ gridHeight: 1, gridWidth: 1, nativeHeight: 1, nativeWidth: 1, masks: [] });
  }

  /** Begin with a new ballot: a blank sheet of its film's size. @param {import("./bundle.js").Bundle} bundle */
  show(bundle) {
    this.leaveOff();
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

  /** Take all away. @param {Start} [startedFrom] */
  clear(startedFrom) {
    this.raster.become(new Int32Array(this.raster.words.length));
    this.commit(startedFrom);
  }

  /**
   * Let a tool work on the whole mask, beside the page; what it makes is one step to undo.
   * @param {import("./drawing/whole.js").Wish} wish @param {(count: number) => void} done
   * @param {(error: unknown) => void} failed @param {Start} [startedFrom] where it begins anew
   */
  work(wish, done, failed, startedFrom) {
    const { raster } = this;
    const { height, width, revision } = raster;
    const made = this.beside.make({ wish, height, width, words: raster.words.slice() });
    return this.turns.hold(made, ({ words, count }) => {
      // A drawing that was sent before has come back meanwhile: it is that one's turn.
      if (raster.revision !== revision) return void this.work(wish, done, failed, startedFrom);
      raster.become(words);
      this.commit(startedFrom);
      done(count);
    }, failed);
  }

  /**
   * Look for a part of the mask: at once, or beside the page where there is very much to look through.
   * @param {import("./drawing/whole.js").Which} which @param {(found: Required<import("./drawing/whole.js").Made>) => void} done
   * @param {(error: unknown) => void} failed
   */
  look(which, done, failed) {
    const { raster } = this;
    if (countRuns(raster) <= FEW_RUNS) return done(partOf(raster, which));
    const { height, width, revision } = raster;
    const made = this.beside.make({ wish: { tool: "part", which }, height, width, words: raster.words.slice() });
    this.turns.hold(made, (found) => {
      if (raster.revision !== revision) return this.look(which, done, failed);
      done(/** @type {Required<import("./drawing/whole.js").Made>} */ (found));
    }, failed);
  }

  /** Whether a page that is closed now would lose something of it: what is under way, or not kept. */
  get unkept() {
    const underway = this.marks.way.length > 0 || !this.raster.touched.empty || this.turns.busy;
    return underway || (this.raster.done.length > 0 && !this.kept.safe);
  }

  /** Leave a tool that works off, and what waits for it. @returns {boolean} whether there was one */
  leaveOff() {
    const busy = this.turns.drop();
    if (busy) this.beside.stop();
    return busy;
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

  /** The drawing as it is sent. @returns {Promise<Sent>} */
  async toSend() {
    const packed = this.packed();
    const [bits, sha256] = [toBase64(await deflate(packed)), await digest(packed)];
    return { bits, sha256, started_from: this.startedFrom };
  }
}

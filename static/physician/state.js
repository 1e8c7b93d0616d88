// The one place where a ballot's state stands; everything on the screen is drawn from it.

import { AS_STORED } from "./film.js";
import { FIT } from "./view.js";

/** @typedef {"line" | "fill" | "both"} Style */
/** What draws; "parts" picks a part of the mask. @typedef {"brush" | "grey" | "lasso" | "polygon" | "parts"} Tool */
/** An answer: letters of slots ("B"; "BD" are as good as each other), or one of the words. @typedef {string} Choice */

/**
 * @typedef {object} State
 * @property {"compare" | "all" | "blink" | "difference" | "draw"} mode K panels; on one film all outlines, one
 *   or the other of two, what two differ in; drawing
 * @property {Style} style
 * @property {boolean} hidden masks are hidden while the key is held
 * @property {boolean} inverted
 * @property {import("./film.js").Window} window
 * @property {import("./view.js").View} view
 *
 * Answering (choosing.js):
 * @property {Choice | null} choice
 * @property {string | null} worst the letter of the mask that fits worst
 * @property {boolean | null} sure
 * @property {string} comment
 * @property {"tie" | "worst" | "guess" | null} asking what the next letter means, if not the choice
 * @property {boolean} busy an answer is being handed over, or no ballot stands here
 *
 * Looking (panels.js, overlay.js):
 * @property {number | null} large the slot held large, or none
 * @property {[number, number]} looked the two slots looked at last, the last one first
 * @property {boolean} strip one large film and a strip of candidates, not a grid
 * @property {number} opacity of masks, 0…1
 * @property {boolean} values what is under the pointer is said
 *
 * Drawing (drawing/):
 * @property {Tool} tool
 * @property {boolean} erases the tool takes away
 * @property {number} radius of the brush, in film pixels
 * @property {number} tolerance of the grey brush: a share of the film's range of values
 * @property {boolean} pressure a pen's pressure changes the brush's size
 * @property {boolean} filled the drawing's inside is tinted
 */

/** What begins anew with each ballot; the rest is the reader's, and stays. */
export const FRESH = Object.freeze({
  mode: /** @type {State["mode"]} */ ("compare"),
  hidden: false,
  // Answering
  choice: null,
  worst: null,
  sure: null,
  comment: "",
  asking: null,
  busy: false,
  // Looking
  inverted: false,
  window: AS_STORED,
  view: FIT,
  large: null,
  looked: /** @type {[number, number]} */ ([0, 1]),
  // Drawing
  tool: /** @type {Tool} */ ("brush"),
  erases: false,
});

/** @type {State} */
export const INITIAL = Object.freeze({
  ...FRESH,
  style: "line",
  // Looking
  strip: false,
  opacity: 0.5,
  values: false,
  // Drawing
  radius: 12,
  tolerance: 0.08,
  pressure: false,
  filled: true,
});

/** The two slots looked at last, once another is looked at. @param {[number, number]} looked @param {number} slot @returns {[number, number]} */
export const lookedAt = (looked, slot) => (slot === looked[0] ? looked : [slot, looked[0]]);

/** Holds a state, and tells once a frame that it has changed. */
export class Store {
  /** @param {State} state */
  constructor(state) {
    this.state = state;
    /** @type {((state: State) => void)[]} */
    this.watchers = [];
    this.asked = false;
    /** @type {(() => void)[]} */
    this.once = [];
  }

  /** @param {Partial<State>} changes */
  set(changes) {
    this.state = { ...this.state, ...changes };
    this.redraw();
  }

  /** Ask for a frame, also where only pixels have changed. */
  redraw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      for (const watcher of this.watchers) watcher(this.state);
      for (const painted of this.once.splice(0)) painted();
    });
  }

  /** Do something once the state, as it is now, has been painted. @param {() => void} painted */
  frame(painted) {
    this.once.push(painted);
    this.redraw();
  }

  /** @param {(state: State) => void} watcher */
  watch(watcher) {
    this.watchers.push(watcher);
    this.redraw();
  }
}

// Where drawing comes together: the sheet, the hand, the cross-hair, the pad; and what a change entails.

import { failure } from "./beside.js";
import { CrossHair } from "./crosshair.js";
import { Hand } from "./hand.js";
import { Pad } from "./pad.js";
import { toFilm, transform } from "../view.js";
import { t } from "../../words.js";

/** @typedef {import("../view.js").Point} Point */
/** @typedef {import("../drawing.js").Drawing} Drawing */
/** @typedef {import("./hand.js").Touch} Touch */

const PRESSURE = "maskballot-pressure";

export class Desk {
  /**
   * @param {import("../state.js").Store} store
   * @param {import("../panels.js").Panels} panels
   * @param {Drawing} drawing
   * @param {(words: string, shown?: boolean) => void} say
   */
  constructor(store, panels, drawing, say) {
    this.store = store;
    this.drawing = drawing;
    this.say = say;
    /** Says what came of a change, and shows it. @param {string} words */
    this.tell = (words) => {
      say(words, true);
      store.redraw();
    };
    const look = () => ({ state: store.state, film: panels.film.seen, aspect: panels.film.aspect, box: panels.sheet.box });
    this.look = look;
    this.hand = new Hand(drawing, () => panels.film, () => transform(store.state.view, panels.film.seen, panels.sheet.box).scale);
    /** Whether the pen is down at the cross-hair. */
    this.pressed = false;
    this.cross = new CrossHair(store, drawing, {
      start: (point) => this.#turn(() => this.hand.start(point)),
      move: (points) => this.#turn(() => this.hand.move(points)),
    }, look);
    this.pad = new Pad(panels.sheet.element, drawing, look);
    drawing.turns.changed = () => {
      if (drawing.turns.slow) say(t("Working…"), true);
      store.redraw();
    };
    store.set({ pressure: remembered(PRESSURE) });
  }

  /** Let the hand do something in its turn, as the state is now. @param {() => string | void} act returns words to say */
  #turn(act) {
    const { state } = this.store;
    this.drawing.turns.take(() => {
      this.hand.state = state;
      act();
      this.pad.redraw();
    });
  }

  /**
   * Something is done to the drawing, in its turn.
   * @param {(tell: import("./picking.js").Tell) => string | null | void} act returns words to say, or null: it tells them itself
   */
  change(act) {
    const { state } = this.store;
    this.drawing.turns.take(() => {
      if (this.drawing.coming) return;
      this.hand.state = state;
      const words = act(this.tell);
      if (words !== null) this.tell(words ?? "");
    });
  }

  /**
   * Let a tool work on the whole mask, in its turn.
   * @param {() => import("./whole.js").Wish | string} wish or words why there is none
   * @param {(count: number) => string} told what to say of it
   * @param {import("../drawing.js").Start} [startedFrom] where it begins anew
   */
  work(wish, told, startedFrom) {
    this.drawing.turns.take(() => {
      const asked = wish();
      if (this.drawing.coming) return;
      if (typeof asked === "string") return this.say(asked, true);
      this.drawing.work(asked, (count) => this.tell(told(count)), (error) => this.tell(failure(error)), startedFrom);
    });
  }

  /** From the panel's pixels to the film's. @param {Touch} touch @returns {Touch} */
  #onFilm(touch) {
    const { state, film, box } = this.look();
    return { ...touch, ...toFilm(touch, state.view, film, box) };
  }

  /** A pen, finger or mouse draws. @param {Touch[]} touches @param {"start" | "move" | "end" | "cancel"} phase @param {boolean} erase */
  draw(touches, phase, erase) {
    const points = touches.map((touch) => this.#onFilm(touch));
    this.drawing.marks.cross = null;
    if (phase === "start") this.#turn(() => this.hand.start(points[0], erase));
    if (phase === "move") this.#turn(() => this.hand.move(points));
    if (phase === "cancel") this.#turn(() => this.hand.cancel());
    if (phase === "end") this.change((tell) => this.hand.end(tell));
  }

  /** @param {Point | null} point in the panel's pixels */
  hover(point) {
    this.drawing.marks.pointer = point && this.#onFilm(point);
    if (point && !this.hand.down && !this.pressed) this.drawing.marks.cross = null;
    this.pad.redraw();
  }

  /** @param {number} dx @param {number} dy @param {boolean} far */
  moveCross(dx, dy, far) {
    this.cross.move(dx, dy, far);
    this.pad.redraw();
  }

  /** @returns {boolean} whether there is a cross-hair to draw at */
  penDown() {
    if (!this.cross.shown) return false;
    this.pressed = true;
    this.cross.press();
    return true;
  }

  /** @returns {boolean} whether the pen was down at the cross-hair */
  penUp() {
    if (!this.cross.shown || !this.pressed) return false;
    this.pressed = false;
    this.change((tell) => this.hand.end(tell));
    return true;
  }

  /** @returns {boolean} whether a polygon was under way */
  closePolygon() {
    if (this.store.state.tool !== "polygon" || this.drawing.marks.way.length === 0) return false;
    this.change(() => this.hand.close());
    return true;
  }

  /** Take back the last corner of a polygon, or the last step. */
  backStep() {
    this.change(() => {
      if (!this.drawing.marks.way.pop()) this.drawing.undo();
    });
  }

  /** Leave off what is under way, in its turn. */
  drop() {
    this.drawing.turns.take(() => {
      this.drawing.marks.way = [];
      this.drawing.picked = null;
      this.store.redraw();
    });
  }

  /** Leave a tool that works off, or what is under way; then the cross-hair; then, where there is something to compare, the sheet. @param {boolean} compares */
  leave(compares) {
    const { marks, picked } = this.drawing;
    if (this.drawing.leaveOff()) return this.say(t("Left off. The drawing is as it was."), true);
    const busy = marks.way.length > 0 || picked !== null;
    if (busy) this.drop();
    else if (marks.cross) {
      this.penUp();
      this.cross.hide();
    }
    else if (compares) this.store.set({ mode: "compare" });
    this.store.redraw();
  }

  /** The size below which a part is a speck: the brush's own area, in the film's pixels. */
  speck() {
    return Math.max(2, Math.round((Math.PI * this.store.state.radius ** 2) / this.look().aspect));
  }

  /** @param {boolean} pressure */
  setPressure(pressure) {
    this.store.set({ pressure });
    try {
      localStorage.setItem(PRESSURE, String(pressure));
    } catch {
      // A private window remembers nothing.
    }
    this.say(pressure ? t("A pen's pressure changes the brush's size.") : t("A pen's pressure changes nothing."), true);
  }
}

/** @param {string} name */
function remembered(name) {
  try {
    return localStorage.getItem(name) === "true";
  } catch {
    return false;
  }
}

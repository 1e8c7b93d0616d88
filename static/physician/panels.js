// The panels of a ballot: one film and one outline each, or all outlines on one large sheet.

import { outlines, rounded, toPath } from "./contours.js";
import { shared, transform } from "./view.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./view.js").Box} Box */

// One colour, weight and smoothing for every candidate, whoever made it.
export const COLOUR = "#ffc94d";
const HALO = "rgb(0 0 0 / 55%)";
const LINE = 2;
const FILL = 0.25;
const GAP = 6;
/** Patterns that tell outlines apart where they share a film, in screen pixels. */
const DASHES = [[], [9, 5], [2, 4], [12, 4, 2, 4], [18, 8]];

/** On which side of its outline a letter stands, so that letters of like outlines keep apart. */
const WAYS_OUT = [[-0.8, -0.6], [0.8, -0.6], [0.8, 0.6], [-0.8, 0.6], [0, -1]];

/** A panel of the page and its canvas. */
class Panel {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.canvas = /** @type {HTMLCanvasElement} */ (element.querySelector("canvas"));
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser gives no canvas to paint on");
    this.context = context;
    this.box = { left: 0, top: 0, width: 0, height: 0 };
  }

  /** Stand in `box`, or nowhere. @param {Box | null} box @param {number} ratio */
  place(box, ratio) {
    this.element.hidden = box === null;
    if (!box) return;
    this.box = box;
    const { style } = this.element;
    style.left = `${box.left}px`;
    style.top = `${box.top}px`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
    const [width, height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
    // Setting a canvas's size clears it and costs a new buffer, even to the same size.
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }
}

export class Panels {
  /**
   * @param {HTMLElement} stage with a `.panel` for each slot, and one `.sheet`
   * @param {Film} film
   * @param {import("./bundle.js").Bundle} bundle
   */
  constructor(stage, film, bundle) {
    this.stage = stage;
    this.film = film;
    const { gridHeight, gridWidth, masks } = bundle;
    this.loops = masks.map((mask) => outlines(mask, gridHeight, gridWidth));
    const [scaleX, scaleY] = [film.width / gridWidth, film.height / gridHeight];
    this.paths = this.loops.map((loops) =>
      toPath(loops.map((loop) => rounded(loop)), scaleX, scaleY),
    );
    this.marks = this.loops.map((loops, slot) => farthest(loops, slot, scaleX, scaleY));
    const elements = [...stage.querySelectorAll(".panel")];
    const slots = elements.filter((element) => !element.classList.contains("sheet"));
    this.panels = slots.map((element) => new Panel(/** @type {HTMLElement} */ (element)));
    this.sheet = new Panel(/** @type {HTMLElement} */ (stage.querySelector(".sheet")));
    if (masks.length !== this.panels.length) throw new Error("the masks and the page differ in number");
  }

  /** The panel that an element lies in, if any. @param {EventTarget | null} target */
  under(target) {
    const element = target instanceof Element ? target.closest(".panel") : null;
    return [...this.panels, this.sheet].find((panel) => panel.element === element);
  }

  /** The panel that now shows the film largest. @param {State} state */
  front(state) {
    if (state.large !== null) return this.panels[state.large];
    return state.mode === "compare" ? this.panels[0] : this.sheet;
  }

  /**
   * Draw the whole stage from the state.
   * @param {State} state
   * @param {(context: CanvasRenderingContext2D, scale: number) => void} paintDrawing onto the sheet
   */
  paint(state, paintDrawing) {
    const ratio = window.devicePixelRatio || 1;
    const stage = { width: this.stage.clientWidth, height: this.stage.clientHeight };
    const whole = { left: 0, top: 0, ...stage };
    const boxes = shared(this.panels.length, this.film, stage, GAP);
    this.film.setWindow(state.window, state.inverted);
    const front = this.front(state);
    const alone = front === this.sheet || state.large !== null;
    this.panels.forEach((panel, slot) => {
      panel.place(!alone ? boxes[slot] : panel === front ? whole : null, ratio);
      panel.element.classList.toggle("chosen", state.choice === letter(slot));
    });
    this.sheet.place(front === this.sheet ? whole : null, ratio);
    this.panels.forEach((panel, slot) => {
      if (panel.element.hidden) return;
      this.#film(panel, state, ratio);
      if (!state.hidden) this.#mask(panel, slot, state, ratio, []);
    });
    if (this.sheet.element.hidden) return;
    this.#film(this.sheet, state, ratio);
    if (state.mode === "all" && !state.hidden) this.#all(state, ratio);
    if (state.mode === "draw") paintDrawing(this.sheet.context, this.#scale(this.sheet, state) * ratio);
  }

  /** @param {Panel} panel @param {State} state */
  #scale(panel, state) {
    return transform(state.view, this.film, panel.box).scale;
  }

  /** @param {Panel} panel @param {State} state @param {number} ratio */
  #film(panel, state, ratio) {
    const { context, canvas } = panel;
    const { scale, x, y } = transform(state.view, this.film, panel.box);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.setTransform(scale * ratio, 0, 0, scale * ratio, x * ratio, y * ratio);
    this.film.paint(context);
  }

  /** @param {Panel} panel @param {number} slot @param {State} state @param {number} ratio @param {number[]} dash */
  #mask(panel, slot, state, ratio, dash) {
    const { context } = panel;
    const path = this.paths[slot];
    const pixel = ratio / context.getTransform().a;
    if (state.style !== "line") {
      context.globalAlpha = FILL;
      context.fillStyle = COLOUR;
      context.fill(path, "evenodd");
      context.globalAlpha = 1;
    }
    if (state.style === "fill") return;
    context.lineJoin = "round";
    context.setLineDash(dash.map((length) => length * pixel));
    context.strokeStyle = HALO;
    context.lineWidth = (LINE + 1.5) * pixel;
    context.stroke(path);
    context.strokeStyle = COLOUR;
    context.lineWidth = LINE * pixel;
    context.stroke(path);
    context.setLineDash([]);
  }

  /** All outlines on the sheet, told apart by pattern and letter. @param {State} state @param {number} ratio */
  #all(state, ratio) {
    const { context } = this.sheet;
    this.panels.forEach((_, slot) => this.#mask(this.sheet, slot, { ...state, style: "line" }, ratio, DASHES[slot]));
    const pixel = ratio / context.getTransform().a;
    context.font = `700 ${18 * pixel}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 4 * pixel;
    context.strokeStyle = "rgb(0 0 0 / 80%)";
    context.fillStyle = COLOUR;
    this.marks.forEach((mark, slot) => {
      if (!mark) return;
      const [x, y] = [mark.x + WAYS_OUT[slot][0] * 12 * pixel, mark.y + WAYS_OUT[slot][1] * 12 * pixel];
      context.strokeText(letter(slot), x, y);
      context.fillText(letter(slot), x, y);
    });
  }
}

/** @param {number} slot */
export const letter = (slot) => String.fromCharCode(65 + slot);

/**
 * Where the longest outline reaches farthest on its slot's side, in film pixels; nothing for an empty mask.
 * @param {import("./contours.js").Loop[]} loops @param {number} slot @param {number} scaleX @param {number} scaleY
 */
function farthest(loops, slot, scaleX, scaleY) {
  const longest = loops.reduce((a, b) => (b.length > a.length ? b : a), /** @type {number[]} */ ([]));
  const [dx, dy] = WAYS_OUT[slot];
  let found = null;
  for (let i = 0; i < longest.length; i += 2) {
    const [x, y] = [longest[i], longest[i + 1]];
    if (!found || x * dx + y * dy > found.x * dx + found.y * dy) found = { x, y };
  }
  return found && { x: found.x * scaleX, y: found.y * scaleY };
}

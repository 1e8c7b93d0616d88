// The panels of a ballot: one film and one outline each, or one large sheet; and all of them linked.

import { t } from "../words.js";
import { names } from "./answer.js";
import { idle } from "./idle.js";
import { Lightbox } from "./lightbox.js";
import { made, Marks } from "./marks.js";
import { outlined, traceNext } from "./masks.js";
import { letter, Overlay } from "./overlay.js";
import { FRESH } from "./state.js";
import { onCanvas, shared, strip } from "./view.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("./bundle.js").Bundle} Bundle */
/** @typedef {import("./view.js").Box} Box */

export { COLOUR, letter } from "./overlay.js";

const GAP = 6;

/** A panel of the page and its canvas. */
export class Panel {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.canvas = /** @type {HTMLCanvasElement} */ (element.querySelector("canvas"));
    const context = this.canvas.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser gives no canvas to paint on");
    this.context = context;
    this.overlay = new Overlay();
    this.cross = made("cross");
    element.append(this.cross);
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
    const { width, height } = onScreen(box, ratio);
    // Setting a canvas's size clears it and costs a new buffer, even to the same size.
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }
}

export class Panels {
  /**
   * @param {HTMLElement} stage with one `.sheet`; a `.panel` for each slot is added as it is needed
   * @param {Film} film
   * @param {Bundle} bundle
   */
  constructor(stage, film, bundle) {
    this.stage = stage;
    this.film = film;
    this.bundle = bundle;
    /** What was painted last. @type {State | null} */
    this.state = null;
    // The graphics card was lost, or is back.
    this.lightbox = new Lightbox(() => this.state && this.paint(this.state));
    this.sheet = new Panel(/** @type {HTMLElement} */ (stage.querySelector(".sheet")));
    titled(this.sheet.element, "");
    /** @type {Panel[]} */
    this.panels = [];
    this.masks = outlined(bundle, film.aspect);
    this.marks = new Marks(this);
    this.show(film, bundle);
  }

  /** Show another ballot in place. @param {Film} film @param {Bundle} bundle it may hold any number of masks, or none */
  show(film, bundle) {
    this.film = film;
    this.bundle = bundle;
    this.masks = outlined(bundle, film.aspect);
    while (this.panels.length > this.masks.length) this.panels.pop()?.element.remove();
    while (this.panels.length < this.masks.length) this.panels.push(new Panel(this.#element(this.panels.length)));
  }

  /**
   * Get ready for a ballot that will be shown: the film goes to the graphics card, the masks are traced.
   * @param {Film} film @param {Bundle} [bundle]
   */
  async prepare(film, bundle) {
    while (bundle && !traceNext(bundle, film.aspect)) await idle();
    await this.lightbox.prepare(film, bundle ? this.#ahead(film, bundle) : []);
  }

  /** Where a film that comes will stand; its outlines are made as fine as they are seen there. @param {Film} film @param {Bundle} bundle */
  #ahead(film, bundle) {
    if (!this.state) return [];
    const ratio = window.devicePixelRatio || 1;
    const state = { ...this.state, ...FRESH };
    const { sheet, panels } = this.#boxes(state, film, bundle.masks.length);
    const boxes = [sheet, ...panels].filter((box) => box !== null);
    return boxes.map((box) => {
      const place = onCanvas(state.view, film.seen, box, ratio);
      for (const mask of outlined(bundle, film.aspect)) mask.path(place.scale);
      return { place, size: onScreen(box, ratio) };
    });
  }

  /** The page's figure of a slot; made if the page has none. @param {number} slot @returns {HTMLElement} */
  #element(slot) {
    const name = letter(slot);
    const found = this.stage.querySelector(`.panel[data-slot="${name}"]`);
    if (found) return /** @type {HTMLElement} */ (found);
    const element = /** @type {HTMLElement} */ (this.sheet.element.cloneNode(true));
    element.className = "panel";
    for (const mark of element.querySelectorAll("i, .ink, .marks")) mark.remove();
    element.dataset.slot = name;
    titled(element, name);
    element.querySelector("canvas")?.setAttribute("aria-label", t("The film with mask {letter}", { letter: name }));
    this.sheet.element.before(element);
    return element;
  }

  /** The panel that an element lies in, if any. @param {EventTarget | null} target */
  under(target) {
    const element = target instanceof Element ? target.closest(".panel") : null;
    return [...this.panels, this.sheet].find((panel) => panel.element === element);
  }

  /** The slot that a panel shows alone, or −1. @param {Panel | undefined} panel @param {State} state */
  slotOf(panel, state) {
    const slot = this.panels.findIndex((each) => each === panel);
    if (slot >= 0 || panel !== this.sheet) return slot;
    return state.mode === "blink" || (state.mode === "compare" && state.strip) ? this.#lead(state) : -1;
  }

  /** The panel that now shows the film largest. @param {State} state */
  front(state) {
    if (state.mode !== "compare" || this.panels.length === 0 || state.strip) return this.sheet;
    return this.panels[state.large ?? 0];
  }

  /** The slot that is large where one is: held, or looked at last. @param {State} state */
  #lead({ large, looked }) {
    return Math.min(large ?? looked[0], this.panels.length - 1);
  }

  /**
   * Draw the whole stage from the state.
   * @param {State} state
   */
  paint(state) {
    this.state = state;
    const ratio = window.devicePixelRatio || 1;
    this.#arrange(state, ratio);
    this.lightbox.setWindow(this.film, state.window, state.inverted);
    this.panels.forEach((panel, slot) => {
      panel.element.classList.toggle("chosen", names(state.choice, letter(slot)));
      if (!panel.element.hidden) this.#panel(panel, { slots: [slot], mode: "one" }, state, ratio);
    });
    this.sheet.element.classList.toggle("chosen", names(state.choice, letter(this.slotOf(this.sheet, state))));
    this.marks.place(state);
    if (this.sheet.element.hidden) return;
    this.#panel(this.sheet, this.#onSheet(state), state, ratio);
  }

  /** Give every panel its place. @param {State} state @param {number} ratio */
  #arrange(state, ratio) {
    const { sheet, panels } = this.#boxes(state, this.film, this.panels.length);
    this.panels.forEach((panel, slot) => panel.place(panels[slot], ratio));
    this.sheet.place(sheet, ratio);
  }

  /**
   * Where the sheet and each panel of a film with `count` masks stand; null is nowhere.
   * @param {State} state @param {Film} film @param {number} count
   * @returns {{ sheet: Box | null, panels: (Box | null)[] }}
   */
  #boxes(state, film, count) {
    const stage = { width: this.stage.clientWidth, height: this.stage.clientHeight };
    const whole = { left: 0, top: 0, ...stage };
    if (state.mode !== "compare" || count === 0) return { sheet: whole, panels: Array(count).fill(null) };
    if (state.strip) {
      const { large, small } = strip(count, film.seen, stage, GAP);
      return { sheet: large, panels: small };
    }
    const usual = { width: stage.width, height: Math.max(stage.height, this.stage.parentElement?.clientHeight ?? 0) };
    const boxes = shared(count, film.seen, stage, GAP, usual);
    const { large } = state;
    return { sheet: null, panels: large === null ? boxes : boxes.map((_, slot) => (slot === large ? whole : null)) };
  }

  /** What the large sheet shows. @param {State} state @returns {import("./overlay.js").Shown} */
  #onSheet(state) {
    const slots = this.panels.map((_, slot) => slot);
    const pair = state.looked.filter((slot) => slot < slots.length);
    if (state.mode === "draw" || slots.length === 0) return { slots: [], mode: "one" };
    if (state.mode === "all") return { slots, mode: "all" };
    if (state.mode === "difference" && pair.length === 2) return { slots: pair, mode: "difference" };
    return { slots: [this.#lead(state)], mode: "one" };
  }

  /** @param {Panel} panel @param {import("./overlay.js").Shown} shown @param {State} state @param {number} ratio */
  #panel({ context, canvas, box, overlay }, shown, state, ratio) {
    const place = onCanvas(state.view, this.film.seen, box, ratio);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.lightbox.film(this.film, place, canvas), 0, 0);
    if (!state.hidden && shown.slots.length) {
      context.drawImage(overlay.draw(this.masks, shown, state, place, ratio, canvas), 0, 0);
    }
    context.setTransform(place.scale, 0, 0, place.scale, place.x, place.y);
  }
}

/** A box in pixels of the screen. @param {Box} box @param {number} ratio */
const onScreen = ({ width, height }, ratio) => ({ width: Math.round(width * ratio), height: Math.round(height * ratio) });

/** Write a panel's letter, in its caption's first place. @param {HTMLElement} element @param {string} name */
function titled(element, name) {
  const caption = element.querySelector("figcaption");
  if (caption && !caption.querySelector("b")) caption.prepend(document.createElement("b"));
  const title = caption?.querySelector("b");
  if (title) title.textContent = name;
}

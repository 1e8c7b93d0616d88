// Quiet marks over the films: the point under the pointer in every panel, a scale, and numbers.

import { transform } from "./view.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./view.js").Point} Point */
/** @typedef {import("./panels.js").Panel} Panel */

/** The scale is no longer than this share of its panel. */
const LONGEST = 0.3;

export class Marks {
  /** @param {import("./panels.js").Panels} panels */
  constructor(panels) {
    this.panels = panels;
    /** The film's point under the pointer. @type {Point | null} */
    this.at = null;
    /** The panel that the pointer is on. @type {Panel | null} */
    this.under = null;
    /** @type {State | null} */
    this.state = null;
    this.scale = made("scale");
  }

  /** The pointer moved. Nothing is painted for it: marks are elements of the page. @param {Point | null} at @param {Panel | null} under */
  point(at, under) {
    this.at = at;
    this.under = under;
    this.#cross();
    this.#numbers();
  }

  /** Put everything where it belongs after a change. @param {State} state */
  place(state) {
    this.state = state;
    this.#cross();
    this.#rule(state);
    this.#numbers();
  }

  /** The pointer has a cross-hair of its own where it is; the others show its point. */
  #cross() {
    const { at, state, panels } = this;
    if (!state) return;
    const linked = state.mode === "compare" && at !== null;
    for (const panel of [...panels.panels, panels.sheet]) {
      const shown = linked && panel !== this.under && !panel.element.hidden;
      panel.cross.hidden = !shown;
      if (!shown) continue;
      const { scale, x, y } = transform(state.view, panels.film.seen, panel.box);
      panel.cross.style.transform = `translate(${at.x * scale + x}px, ${at.y * scale + y}px)`;
    }
  }

  /** The same length in all directions, whatever the shape of a pixel. The scale stands on the panel in front, where the film's spacing is known. @param {State} state */
  #rule(state) {
    const { film } = this.panels;
    const panel = this.panels.front(state);
    this.scale.hidden = !film.spacing;
    if (!film.spacing) return;
    if (this.scale.parentElement !== panel.element) panel.element.append(this.scale);
    const pixels = transform(state.view, film.seen, panel.box).scale / film.spacing[1];
    const length = roundLength((panel.box.width * LONGEST) / pixels);
    this.scale.style.width = `${length * pixels}px`;
    const text = length >= 10 ? `${length / 10} cm` : `${length} mm`;
    if (this.scale.textContent !== text) this.scale.textContent = text;
  }

  #numbers() {
    const { state, at } = this;
    const output = document.getElementById("numbers");
    if (!state || !output) return;
    const { film } = this.panels;
    const { center, width } = film.meaning.inForce(state.window);
    const lines = [`C ${short(center)}`, `W ${short(width)}`];
    const under = state.values && at ? film.at(at) : null;
    if (under) lines.push(`x ${under.column}`, `y ${under.row}`, `= ${short(film.meaning.modality(under.value))}`);
    const text = lines.join("\n");
    if (output.textContent !== text) output.textContent = text;
  }
}

/** The longest of 1, 2 or 5 times a power of ten that fits. @param {number} most @returns {number} */
export function roundLength(most) {
  const ten = 10 ** Math.floor(Math.log10(most));
  return ten * (most >= 5 * ten ? 5 : most >= 2 * ten ? 2 : 1);
}

/** @param {number} value */
const short = (value) => String(Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10);

/** @param {string} name */
export function made(name) {
  const element = document.createElement("i");
  element.className = name;
  element.hidden = true;
  return element;
}

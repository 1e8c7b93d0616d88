// Everything a reader can do on a ballot, each with its key, its words and its deed. Buttons carry
// the name in data-do; a key and its button do the same.

import { AS_STORED } from "./film.js";
import { letter } from "./panels.js";
import { FIT, panned, zoomedAt } from "./view.js";

/** @typedef {import("./keys.js").Binding} Binding */
/** @typedef {import("./state.js").State} State */

/**
 * @typedef {object} Room what actions act on
 * @property {import("./state.js").Store} store
 * @property {import("./panels.js").Panels} panels
 * @property {import("./drawing.js").Drawing} drawing
 * @property {import("./choosing.js").Choosing} choosing
 * @property {(id: string) => void} open a dialog
 * @property {number} slots
 */

/** @type {State["style"][]} */
const STYLES = ["line", "fill", "both"];
const LETTER_KEYS = ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT"];
const STEP = 60;

/**
 * @param {string} code @param {string} cap @param {string} words
 * @param {() => void} press @param {() => void} [release]
 * @returns {Binding}
 */
const key = (code, cap, words, press, release) => ({ code, cap, words, press, release });

/** Looking at the film; the same in every mode. @param {Room} room @returns {Record<string, Binding>} */
function looking({ store, panels, open }) {
  const film = panels.film;
  const zoom = (/** @type {number} */ factor) => {
    const { width, height } = panels.front(store.state).box;
    const middle = { x: width / 2, y: height / 2 };
    store.set({ view: zoomedAt(store.state.view, factor, middle, film, { width, height }) });
  };
  const pan = (/** @type {number} */ dx, /** @type {number} */ dy) =>
    store.set({ view: panned(store.state.view, dx, dy, film, panels.front(store.state).box) });
  const shift = (/** @type {number} */ center, /** @type {number} */ width) =>
    store.set({ window: moved(store.state.window, center, width) });
  return {
    hide: key("Space", "Space", "hold: hide all masks; drag: move the film", () => store.set({ hidden: true }), () => store.set({ hidden: false })),
    invert: key("KeyI", "I", "invert the film", () => store.set({ inverted: !store.state.inverted })),
    reset: key("Shift+Digit1", "⇧ 1", "brightness and contrast as stored", () => store.set({ window: AS_STORED, inverted: false })),
    fit: key("KeyF", "F", "fit the film (or click twice, quickly)", () => store.set({ view: FIT })),
    in: key("Equal", "+", "zoom in (or wheel, or drag with the right button)", () => zoom(1.25)),
    out: key("Minus", "−", "zoom out", () => zoom(0.8)),
    left: key("ArrowLeft", "← ↑ → ↓", "move the film", () => pan(STEP, 0)),
    right: key("ArrowRight", "→", "", () => pan(-STEP, 0)),
    up: key("ArrowUp", "↑", "", () => pan(0, STEP)),
    down: key("ArrowDown", "↓", "", () => pan(0, -STEP)),
    narrow: key("BracketLeft", "[ ]", "more, less contrast (or drag sideways)", () => shift(0, -8)),
    wide: key("BracketRight", "]", "", () => shift(0, 8)),
    dark: key("Shift+BracketRight", "⇧ [ ]", "brighter, darker (or drag up and down)", () => shift(4, 0)),
    bright: key("Shift+BracketLeft", "⇧ [", "", () => shift(-4, 0)),
    help: key("?", "?", "all keys", () => open("keys")),
  };
}

/** Comparing and answering. @param {Room} room @returns {Record<string, Binding>} */
function comparing({ store, choosing, open, slots }) {
  /** @type {Record<string, Binding>} */
  const actions = {};
  for (let slot = 0; slot < slots; slot++) {
    const name = letter(slot);
    actions[`choose-${name}`] = key(`Digit${slot + 1}`, `${slot + 1}`, `choose ${name}; again: confirm`, () => choosing.choose(name));
    const cap = LETTER_KEYS[slot].slice(3);
    actions[`large-${name}`] = key(LETTER_KEYS[slot], cap, `hold: ${name} large`, () => store.set({ large: slot }), () => store.set({ large: null }));
  }
  return {
    ...actions,
    confirm: key("Enter", "Enter", "confirm the answer", () => choosing.confirm()),
    draw: key("Digit0", "0", "none acceptable: draw", () => store.set({ mode: "draw", large: null })),
    "draw-too": key("KeyD", "D", "draw", () => store.set({ mode: "draw", large: null })),
    no_infection: key("KeyN", "N", "no infection; again: confirm", () => choosing.choose("no_infection")),
    unreadable: key("KeyU", "U", "unreadable; again: confirm", () => choosing.choose("unreadable")),
    later: key("KeyL", "L", "later, with a reason if you like", () => open("later")),
    sure: key("KeyS", "S", "sure, unsure, or left open", () => choosing.turnSure()),
    comment: key("KeyC", "C", "comment", () => open("comment")),
    style: key("KeyO", "O", "outline, fill, both", () => store.set({ style: STYLES[(STYLES.indexOf(store.state.style) + 1) % 3] })),
    all: key("KeyM", "M", "all outlines on one film", () => store.set({ mode: store.state.mode === "all" ? "compare" : "all" })),
    back: key("Escape", "Esc", "back to the panels", () => store.set({ mode: "compare", choice: null })),
  };
}

/** Drawing. @param {Room} room @returns {Record<string, Binding>} */
function drawing({ store, choosing, drawing: sheet, slots }) {
  const after = (/** @type {() => void} */ change) => () => {
    change();
    store.redraw();
    choosing.keep();
  };
  const size = (/** @type {number} */ factor) => store.set({ radius: resized(store.state.radius, factor) });
  /** @type {Record<string, Binding>} */
  const starts = {};
  for (let slot = 0; slot < slots; slot++) {
    const name = letter(slot);
    starts[`from-${name}`] = key(`Digit${slot + 1}`, `${slot + 1}`, `start from ${name}`, after(() => sheet.startFrom(slot)));
  }
  return {
    brush: key("KeyB", "B", "brush", () => store.set({ tool: "brush" })),
    eraser: key("KeyE", "E", "eraser", () => store.set({ tool: "eraser" })),
    smaller: key("Comma", ",", "smaller brush (or Shift and wheel)", () => size(1 / 1.2)),
    larger: key("Period", ".", "larger brush", () => size(1.2)),
    undo: key("KeyZ", "Z", "undo", after(() => sheet.raster.undo())),
    redo: key("Shift+KeyZ", "⇧ Z", "redo", after(() => sheet.raster.redo())),
    ...starts,
    blank: key("Digit0", "0", "start from nothing", after(() => sheet.startFrom(null))),
    clear: key("Delete", "Del", "clear", after(() => sheet.raster.clear())),
    save: key("Enter", "Enter", "save the drawing", () => choosing.saveDrawing()),
    "draw-later": key("KeyL", "L", "none acceptable, draw later", () => choosing.hand("none", false)),
    compare: key("Escape", "Esc", "back to the masks; the drawing is kept", () => store.set({ mode: "compare", pointer: null })),
  };
}

/**
 * @param {import("./film.js").Window} window @param {number} center @param {number} width
 * @returns {import("./film.js").Window}
 */
export function moved(window, center, width) {
  return {
    center: Math.min(255, Math.max(0, window.center + center)),
    width: Math.min(512, Math.max(4, window.width + width)),
  };
}

/** @param {number} radius @param {number} factor */
export const resized = (radius, factor) => Math.min(400, Math.max(0.5, radius * factor));

/**
 * All actions, by mode and name.
 * @param {Room} room
 */
export function actions(room) {
  const [look, compare, draw] = [looking(room), comparing(room), drawing(room)];
  return {
    look,
    compare,
    draw,
    /** Those that work in a mode. @param {State["mode"]} mode @returns {Record<string, Binding>} */
    of: (mode) => ({ ...(mode === "draw" ? draw : compare), ...look }),
  };
}

// Looking at the film: window, zoom and pan, the same in every mode.

import { AS_STORED } from "../film.js";
import { FIT, panned, zoomedAt } from "../view.js";
import { key } from "./key.js";

/** @typedef {import("../keys.js").Binding} Binding */
/** @typedef {import("../actions.js").Room} Room */

const STEP = 60;

/** Looking at the film; the same in every mode. @param {Room} room @returns {Record<string, Binding>} */
export function looking({ store, panels, open }) {
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

/**
 * @param {import("../film.js").Window} window @param {number} center @param {number} width
 * @returns {import("../film.js").Window}
 */
export function moved(window, center, width) {
  return {
    center: Math.min(255, Math.max(0, window.center + center)),
    width: Math.min(512, Math.max(4, window.width + width)),
  };
}

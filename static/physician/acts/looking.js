// Looking at the film: window, zoom and pan, the same in every mode.

import { t } from "../../words.js";
import { FIT, panned, pixelForPixel, zoomedAt } from "../view.js";
import { AS_STORED, PRESETS } from "../windows.js";
import { key } from "./key.js";

/** @typedef {import("../keys.js").Binding} Binding */
/** @typedef {import("../actions.js").Room} Room */

const STEP = 60;
/** How far a key moves the window, as a share of the film's range. */
const SHARE = 1 / 32;

/** @type {Record<string, string>} */
const WORDS = {
  stored: t("brightness and contrast as stored; again: the film's next window"),
  full: t("full range of the film"),
  lung: t("lung window"),
  bone: t("bone window"),
  soft: t("soft tissue window"),
  auto: t("window by the exposed field"),
};

/** Looking at the film; the same in every mode. @param {Room} room @returns {Record<string, Binding>} */
export function looking(room) {
  const { store, panels, open } = room;
  const box = () => panels.front(store.state).box;
  const zoom = (/** @type {number} */ factor) => {
    const { width, height } = box();
    store.set({ view: zoomedAt(store.state.view, factor, { x: width / 2, y: height / 2 }, panels.film.seen, { width, height }) });
  };
  const pan = (/** @type {number} */ dx, /** @type {number} */ dy) =>
    store.set({ view: panned(store.state.view, dx, dy, panels.film.seen, box()) });
  const exact = () => store.set({ view: pixelForPixel(store.state.view, panels.film.seen, box(), window.devicePixelRatio || 1) });
  return {
    hide: key("Space", "Space", t("hold: hide all masks; drag: move the film"), () => store.set({ hidden: true }), () => store.set({ hidden: false })),
    invert: key("KeyI", "I", t("invert the film"), () => store.set({ inverted: !store.state.inverted })),
    ...windows(room),
    values: key("KeyV", "V", t("what is under the pointer: place and value"), () => store.set({ values: !store.state.values })),
    fit: key("KeyF", "F", t("fit the film (or click twice, quickly)"), () => store.set({ view: FIT })),
    exact: key("Shift+KeyF", "⇧ F", t("pixel for pixel"), exact),
    in: key("Equal", "+", t("zoom in (or wheel, or drag with the right button)"), () => zoom(1.25)),
    out: key("Minus", "−", t("zoom out"), () => zoom(0.8)),
    left: key("ArrowLeft", "←", t("move the film to the left"), () => pan(STEP, 0)),
    right: key("ArrowRight", "→", t("move the film to the right"), () => pan(-STEP, 0)),
    up: key("ArrowUp", "↑", t("move the film up"), () => pan(0, STEP)),
    down: key("ArrowDown", "↓", t("move the film down"), () => pan(0, -STEP)),
    help: key("?", "?", t("all keys"), () => open("keys")),
  };
}

/** Presets, and moving the window by keys. @param {Room} room @returns {Record<string, Binding>} */
function windows({ store, panels }) {
  /** @type {Record<string, Binding>} */
  const presets = {};
  PRESETS.forEach((name, i) => {
    const asStored = () => {
      const { window, inverted } = store.state;
      // An inverted film is first turned back.
      store.set({ window: inverted ? AS_STORED : panels.film.meaning.storedAfter(window), inverted: false });
    };
    const set = name === "stored" ? asStored : () => store.set({ window: panels.film.meaning.preset(name) });
    presets[`preset-${name}`] = key(`Shift+Digit${i + 1}`, `⇧ ${i + 1}`, WORDS[name], set);
  });
  const shift = (/** @type {number} */ center, /** @type {number} */ width) =>
    store.set({ window: panels.film.meaning.moved(store.state.window, center * SHARE, width * SHARE) });
  return {
    ...presets,
    narrow: key("BracketLeft", "[", t("more contrast (or drag sideways)"), () => shift(0, -1)),
    wide: key("BracketRight", "]", t("less contrast"), () => shift(0, 1)),
    bright: key("Shift+BracketLeft", "⇧ [", t("brighter (or drag up and down)"), () => shift(-1, 0)),
    dark: key("Shift+BracketRight", "⇧ ]", t("darker"), () => shift(1, 0)),
  };
}

// Looking at the candidates: large, in turn, over each other, faint.

import { t } from "../../words.js";
import { letter } from "../panels.js";
import { lookedAt } from "../state.js";
import { key } from "./key.js";

/** @typedef {import("../keys.js").Binding} Binding */
/** @typedef {import("../actions.js").Room} Room */
/** @typedef {import("../state.js").State} State */

/** @type {State["style"][]} */
const STYLES = ["line", "fill", "both"];
const LETTER_KEYS = ["KeyQ", "KeyW", "KeyE", "KeyR", "KeyT"];

/** Looking at the candidates. @param {Room} room @returns {Record<string, Binding>} */
export function candidates({ store, panels, slots }) {
  /** @type {Record<string, Binding>} */
  const large = {};
  LETTER_KEYS.slice(0, slots).forEach((code, slot) => {
    const name = letter(slot);
    const look = () => slot < panels.panels.length && store.set({ large: slot, looked: lookedAt(store.state.looked, slot) });
    large[`large-${name}`] = key(code, code.slice(3), t("hold: {letter} large", { letter: name }), look, () => store.set({ large: null }));
  });
  /** Turn a mode on, or go back to the panels. @param {State["mode"]} mode */
  const turn = (mode) => store.set({ mode: store.state.mode === mode ? "compare" : mode });
  const fade = (/** @type {number} */ by) => store.set({ opacity: faded(store.state.opacity, by) });
  return {
    ...large,
    style: key("KeyO", "O", t("outline, fill, both"), () => store.set({ style: STYLES[(STYLES.indexOf(store.state.style) + 1) % 3] })),
    fainter: key("Comma", ",", t("masks fainter"), () => fade(-0.1)),
    stronger: key("Period", ".", t("masks stronger"), () => fade(0.1)),
    blink: key("KeyB", "B", t("blink: one and the other of the two looked at last, on one film"), () => blink(store)),
    difference: key("KeyX", "X", t("what the two looked at last differ in"), () => turn("difference")),
    all: key("KeyM", "M", t("all outlines on one film"), () => turn("all")),
    strip: key("KeyG", "G", t("one large film and a strip of candidates, or a grid"), () => store.set({ mode: "compare", strip: !store.state.strip })),
  };
}

/** The first press shows the one looked at last, each further press the other. @param {import("../state.js").Store} store */
function blink(store) {
  const { mode, looked } = store.state;
  store.set({ mode: "blink", looked: mode === "blink" ? [looked[1], looked[0]] : looked });
}

/** @param {number} opacity @param {number} by */
export const faded = (opacity, by) => Math.min(1, Math.max(0.1, Math.round((opacity + by) * 10) / 10));

// Drawing.

import { fillHoles, removeSpecks } from "../drawing/parts.js";
import { cycle, decide } from "../drawing/picking.js";
import { reach, smooth } from "../drawing/smooth.js";
import { letter } from "../panels.js";
import { key } from "./key.js";

/** @typedef {import("../keys.js").Binding} Binding */
/** @typedef {import("../actions.js").Room} Room */

/** Drawing. @param {Room} room @returns {Record<string, Binding>} */
export function drawing(room) {
  return { ...tools(room), ...onTheMask(room), ...starts(room), ...byCrossHair(room), ...leaving(room) };
}

/** @param {Room} room @returns {Record<string, Binding>} */
function tools({ store, desk }) {
  const take = (/** @type {import("../state.js").Tool} */ tool) => () => {
    desk.drop();
    store.set({ tool, erases: false });
  };
  const size = (/** @type {number} */ factor) => store.set({ radius: resized(store.state.radius, factor) });
  const tolerance = (/** @type {number} */ factor) =>
    store.set({ tolerance: Math.min(0.5, Math.max(0.01, store.state.tolerance * factor)) });
  return {
    brush: key("KeyB", "B", "brush", take("brush")),
    grey: key("KeyT", "T", "grey brush: paints what is as bright as where it begins", take("grey")),
    lasso: key("KeyA", "A", "lasso: draw around", take("lasso")),
    polygon: key("KeyP", "P", "polygon: corner by corner; Enter closes", take("polygon")),
    parts: key("Shift+KeyP", "⇧ P", "pick a part with a click; a second click drops it", take("parts")),
    eraser: key("KeyE", "E", "the tool erases, or draws again", () => store.set({ erases: !store.state.erases })),
    smaller: key("Comma", ",", "smaller brush (or Shift and wheel)", () => size(1 / 1.2)),
    larger: key("Period", ".", "larger brush", () => size(1.2)),
    stricter: key("Shift+Comma", "⇧ ,", "grey brush: fewer greys", () => tolerance(1 / 1.25)),
    looser: key("Shift+Period", "⇧ .", "grey brush: more greys", () => tolerance(1.25)),
    pressure: key("KeyJ", "J", "a pen's pressure changes the brush's size, or not", () => desk.setPressure(!store.state.pressure)),
    style: key("KeyO", "O", "tint the drawing, or only outline it", () => store.set({ filled: !store.state.filled })),
  };
}

/** @param {Room} room @returns {Record<string, Binding>} */
function onTheMask({ desk, drawing: sheet }) {
  return {
    undo: key("KeyZ", "Z", "undo", () => desk.change(() => sheet.undo())),
    redo: key("Shift+KeyZ", "⇧ Z", "redo", () => desk.change(() => sheet.redo())),
    "next-part": key("KeyC", "C", "pick the next part, the largest first", () => desk.change(() => cycle(sheet, 1))),
    "last-part": key("Shift+KeyC", "⇧ C", "pick the part before", () => desk.change(() => cycle(sheet, -1))),
    "drop-part": key("KeyX", "X", "drop the picked part", () => desk.change(() => decide(sheet, "drop"))),
    "keep-part": key("KeyK", "K", "keep the picked part alone", () => desk.change(() => decide(sheet, "keep"))),
    holes: key("KeyH", "H", "fill all holes", () => desk.step(() => counted(fillHoles(sheet.raster), "hole", "filled"))),
    specks: key("KeyR", "R", "remove specks smaller than the brush", () => {
      const smallest = desk.speck();
      desk.step(() => counted(removeSpecks(sheet.raster, smallest), "speck", `below ${smallest} px removed`));
    }),
    smooth: key("KeyS", "S", "smooth the edge; each part keeps its area", () => desk.step(() => {
      smooth(sheet.raster, reach(sheet.raster.height, sheet.raster.width));
      return `Smoothed: ${sheet.raster.area.toLocaleString("en")} px.`;
    })),
    lungs: key("KeyY", "Y", "cut off what lies outside the lungs", () => desk.step(() => sheet.clipToLungs())),
    clear: key("Delete", "Del", "clear", () => desk.step(() => {
      sheet.raster.become(new Int32Array(sheet.raster.words.length));
      return "Cleared.";
    })),
  };
}

/** @param {Room} room @returns {Record<string, Binding>} */
function starts({ desk, drawing: sheet, slots }) {
  const from = (/** @type {number | "union" | "majority" | null} */ start) => () => desk.change(() => sheet.startFrom(start));
  /** @type {Record<string, Binding>} */
  const found = { blank: key("Digit0", "0", "start from nothing", from(null)) };
  for (let slot = 0; slot < slots; slot++) {
    const name = letter(slot);
    found[`from-${name}`] = key(`Digit${slot + 1}`, `${slot + 1}`, `start from ${name}`, from(slot));
  }
  if (slots === 0) return found;
  return {
    ...found,
    union: key("Shift+KeyM", "⇧ M", "start from what any candidate holds", from("union")),
    majority: key("KeyM", "M", "start from what most candidates hold", from("majority")),
  };
}

/** The arrows move a cross-hair while one draws; its names are those of looking. @param {Room} room @returns {Record<string, Binding>} */
function byCrossHair({ store, desk }) {
  const move = (/** @type {number} */ dx, /** @type {number} */ dy, far = false) => () => desk.moveCross(dx, dy, far);
  return {
    left: key("ArrowLeft", "← ↑ → ↓", "move the cross-hair; the film follows", move(-1, 0)),
    right: key("ArrowRight", "→", "", move(1, 0)),
    up: key("ArrowUp", "↑", "", move(0, -1)),
    down: key("ArrowDown", "↓", "", move(0, 1)),
    "far-left": key("Shift+ArrowLeft", "⇧ ← ↑ → ↓", "move it far", move(-1, 0, true)),
    "far-right": key("Shift+ArrowRight", "⇧ →", "", move(1, 0, true)),
    "far-up": key("Shift+ArrowUp", "⇧ ↑", "", move(0, -1, true)),
    "far-down": key("Shift+ArrowDown", "⇧ ↓", "", move(0, 1, true)),
    hide: key("Space", "Space", "hold: hide the drawing; with the cross-hair: the pen is down", () => {
      if (!desk.penDown()) store.set({ hidden: true });
    }, () => {
      if (!desk.penUp()) store.set({ hidden: false });
    }),
  };
}

/** @param {Room} room @returns {Record<string, Binding>} */
function leaving({ choosing, desk, open, slots }) {
  const save = () => {
    if (!desk.closePolygon()) choosing.saveDrawing();
  };
  const common = {
    save: key("Enter", "Enter", "save the drawing; close the polygon", save),
    "back-step": key("Backspace", "⌫", "take back a corner, or a stroke", () => desk.backStep()),
    no_infection: key("KeyN", "N", "no infection; again: confirm", () => choosing.choose("no_infection")),
    unreadable: key("KeyU", "U", "unreadable; again: confirm", () => choosing.choose("unreadable")),
  };
  // Where nothing is proposed there is nothing to go back to, and no candidate to refuse.
  if (slots === 0) {
    return {
      ...common,
      "put-aside": key("KeyL", "L", "later, with a reason if you like", () => open("later")),
      compare: key("Escape", "Esc", "leave what is under way", () => desk.leave(false)),
    };
  }
  return {
    ...common,
    "draw-later": key("KeyL", "L", "none acceptable, draw later", () => choosing.hand("none", false)),
    compare: key("Escape", "Esc", "back to the masks; the drawing is kept", () => desk.leave(true)),
  };
}

/** @param {number} count @param {string} what @param {string} done */
const counted = (count, what, done) => `${count === 0 ? "No" : count} ${what}${count === 1 ? "" : "s"} ${done}.`;

/** @param {number} radius @param {number} factor */
export const resized = (radius, factor) => Math.min(400, Math.max(0.5, radius * factor));

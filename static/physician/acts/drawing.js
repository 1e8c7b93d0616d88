// Drawing.

import { cycle, decide } from "../drawing/picking.js";
import { startOf } from "../drawing/starting.js";
import { letter } from "../panels.js";
import { key } from "./key.js";
import { t, tn } from "../../words.js";

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
    brush: key("KeyB", "B", t("brush"), take("brush")),
    grey: key("KeyT", "T", t("grey brush: paints what is as bright as where it begins"), take("grey")),
    lasso: key("KeyA", "A", t("lasso: draw around"), take("lasso")),
    polygon: key("KeyP", "P", t("polygon: corner by corner; Enter closes"), take("polygon")),
    parts: key("Shift+KeyP", "⇧ P", t("pick a part with a click; a second click drops it"), take("parts")),
    eraser: key("KeyE", "E", t("the tool erases, or draws again"), () => store.set({ erases: !store.state.erases })),
    smaller: key("Comma", ",", t("smaller brush (or Shift and wheel)"), () => size(1 / 1.2)),
    larger: key("Period", ".", t("larger brush"), () => size(1.2)),
    stricter: key("Shift+Comma", "⇧ ,", t("grey brush: fewer greys"), () => tolerance(1 / 1.25)),
    looser: key("Shift+Period", "⇧ .", t("grey brush: more greys"), () => tolerance(1.25)),
    pressure: key("KeyJ", "J", t("a pen's pressure changes the brush's size, or not"), () => desk.setPressure(!store.state.pressure)),
    style: key("KeyO", "O", t("tint the drawing, or only outline it"), () => store.set({ filled: !store.state.filled })),
  };
}

/** @param {Room} room @returns {Record<string, Binding>} */
function onTheMask({ desk, drawing: sheet }) {
  const next = (/** @type {-1 | 1} */ by) => desk.change((tell) => {
    cycle(sheet, by, tell);
    return null;
  });
  return {
    undo: key("KeyZ", "Z", t("undo"), () => desk.change(() => sheet.undo())),
    redo: key("Shift+KeyZ", "⇧ Z", t("redo"), () => desk.change(() => sheet.redo())),
    "next-part": key("KeyC", "C", t("pick the next part, the largest first"), () => next(1)),
    "last-part": key("Shift+KeyC", "⇧ C", t("pick the part before"), () => next(-1)),
    "drop-part": key("KeyX", "X", t("drop the picked part"), () => desk.change(() => decide(sheet, "drop"))),
    "keep-part": key("KeyK", "K", t("keep the picked part alone"), () => desk.change(() => decide(sheet, "keep"))),
    holes: key("KeyH", "H", t("fill all holes"), () => desk.work(() => ({ tool: "holes" }), (count) => tn("{count} hole filled.", "{count} holes filled.", count))),
    specks: key("KeyR", "R", t("remove specks smaller than the brush"), () => {
      const smallest = desk.speck();
      desk.work(() => ({ tool: "specks", smallest }), (count) => tn("{count} speck below {smallest} px removed.", "{count} specks below {smallest} px removed.", count, { smallest }));
    }),
    smooth: key("KeyS", "S", t("smooth the edge; each part keeps its area"), () => desk.work(() => ({ tool: "smooth" }), (count) => t("Smoothed: {count} px.", { count }))),
    lungs: key("KeyY", "Y", t("cut off what lies outside the lungs"), () => desk.work(
      () => (sheet.lungs ? { tool: "lungs", lungs: sheet.lungs } : t("This film has no lung mask.")),
      (count) => t("{count} px outside the lungs cut off.", { count }),
    )),
    clear: key("Delete", "Del", t("clear"), () => desk.change(() => {
      sheet.clear();
      return t("Cleared.");
    })),
  };
}

/** @param {Room} room @returns {Record<string, Binding>} */
function starts({ desk, drawing: sheet, slots }) {
  const from = (/** @type {number | "union" | "majority"} */ start) => () => {
    const { wish, startedFrom } = startOf(sheet.bundle, start);
    desk.work(() => wish, () => "", startedFrom);
  };
  const blank = () => desk.change(() => sheet.clear("blank"));
  /** @type {Record<string, Binding>} */
  const found = { blank: key("Digit0", "0", t("start from nothing"), blank) };
  for (let slot = 0; slot < slots; slot++) {
    const name = letter(slot);
    found[`from-${name}`] = key(`Digit${slot + 1}`, `${slot + 1}`, t("start from {name}", { name }), from(slot));
  }
  if (slots === 0) return found;
  return {
    ...found,
    union: key("Shift+KeyM", "⇧ M", t("start from what any candidate holds"), from("union")),
    majority: key("KeyM", "M", t("start from what most candidates hold"), from("majority")),
  };
}

/** The arrows move a cross-hair while one draws; its names are those of looking. @param {Room} room @returns {Record<string, Binding>} */
function byCrossHair({ store, desk }) {
  const move = (/** @type {number} */ dx, /** @type {number} */ dy, far = false) => () => desk.moveCross(dx, dy, far);
  return {
    left: key("ArrowLeft", "←", t("move the cross-hair to the left; the film follows"), move(-1, 0)),
    right: key("ArrowRight", "→", t("move the cross-hair to the right"), move(1, 0)),
    up: key("ArrowUp", "↑", t("move the cross-hair up"), move(0, -1)),
    down: key("ArrowDown", "↓", t("move the cross-hair down"), move(0, 1)),
    "far-left": key("Shift+ArrowLeft", "⇧ ←", t("move it far to the left"), move(-1, 0, true)),
    "far-right": key("Shift+ArrowRight", "⇧ →", t("move it far to the right"), move(1, 0, true)),
    "far-up": key("Shift+ArrowUp", "⇧ ↑", t("move it far up"), move(0, -1, true)),
    "far-down": key("Shift+ArrowDown", "⇧ ↓", t("move it far down"), move(0, 1, true)),
    hide: key("Space", "Space", t("hold: hide the drawing; with the cross-hair: the pen is down"), () => {
      if (!desk.penDown()) store.set({ hidden: true });
    }, () => {
      if (!desk.penUp()) store.set({ hidden: false });
    }),
  };
}

/** @param {Room} room @returns {Record<string, Binding>} */
function leaving({ choosing, desk, drawing: sheet, open, slots }) {
  // Corners, too, may wait until a tool has worked.
  const save = () => sheet.turns.take(() => {
    if (!desk.closePolygon()) choosing.saveDrawing();
  });
  const common = {
    save: key("Enter", "Enter", t("save the drawing; close the polygon"), save),
    "back-step": key("Backspace", "⌫", t("take back a corner, or a stroke"), () => desk.backStep()),
    no_infection: key("KeyN", "N", t("no infection; again: confirm"), () => choosing.choose("no_infection")),
    unreadable: key("KeyU", "U", t("unreadable; again: confirm"), () => choosing.choose("unreadable")),
  };
  // Where nothing is proposed there is nothing to go back to, and no candidate to refuse.
  if (slots === 0) {
    return {
      ...common,
      "put-aside": key("KeyL", "L", t("later, with a reason if you like"), () => open("later")),
      compare: key("Escape", "Esc", t("leave what is under way"), () => desk.leave(false)),
    };
  }
  return {
    ...common,
    "draw-later": key("KeyL", "L", t("none acceptable, draw later"), () => choosing.hand("none", false)),
    compare: key("Escape", "Esc", t("back to the masks; the drawing is kept"), () => desk.leave(true)),
  };
}

/** @param {number} radius @param {number} factor */
export const resized = (radius, factor) => Math.min(400, Math.max(0.5, radius * factor));

// Drawing.

import { letter } from "../panels.js";
import { key } from "./key.js";

/** @typedef {import("../keys.js").Binding} Binding */
/** @typedef {import("../actions.js").Room} Room */

/** Drawing. @param {Room} room @returns {Record<string, Binding>} */
export function drawing({ store, choosing, drawing: sheet, slots }) {
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

/** @param {number} radius @param {number} factor */
export const resized = (radius, factor) => Math.min(400, Math.max(0.5, radius * factor));

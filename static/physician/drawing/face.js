// What the drawing's buttons and figures say about the state.

import { enable, press, show, write } from "../face.js";
import { t } from "../../words.js";

/** @typedef {import("../state.js").Tool} Tool */

/** @type {Tool[]} */
const TOOLS = ["brush", "grey", "lasso", "polygon", "parts"];

/**
 * @param {import("../state.js").State} state
 * @param {import("../drawing.js").Drawing} drawing
 * @param {import("./desk.js").Desk} desk
 */
export function reflectDrawing(state, drawing, desk) {
  if (state.mode !== "draw") return;
  const { raster, picked } = drawing;
  for (const tool of TOOLS) press(tool, state.tool === tool);
  press("eraser", state.erases);
  press("pressure", state.pressure);
  // Comparing has a button of this name too, which turns through three ways.
  document.querySelector('#drawing-tools [data-do="style"]')?.setAttribute("aria-pressed", String(state.filled));
  write("#size", `${Math.max(1, Math.round(state.radius * 2))} px`);
  write("#tolerance", `± ${Math.round(state.tolerance * 100)} %`);
  write("#speck", t("Specks < {size} px", { size: short(desk.speck()) }));
  enable("undo", raster.done.length > 0);
  enable("redo", raster.undone.length > 0);
  for (const name of ["clear", "holes", "specks", "smooth", "next-part"]) enable(name, raster.area > 0);
  for (const name of ["drop-part", "keep-part"]) enable(name, picked !== null);
  show('[data-do="put-aside"]', drawing.bundle.masks.length === 0);
  enable("lungs", drawing.lungs !== null && raster.area > 0);
}

/** @param {number} count */
const short = (count) => (count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`);

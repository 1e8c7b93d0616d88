// Everything a reader can do on a ballot, each with its key, its words and its deed. Buttons carry
// the name in data-do; a key and its button do the same.

import { comparing, guessing } from "./acts/answering.js";
import { candidates } from "./acts/candidates.js";
import { drawing } from "./acts/drawing.js";
import { looking } from "./acts/looking.js";

/** @typedef {import("./keys.js").Binding} Binding */
/** @typedef {import("./state.js").State} State */

/**
 * @typedef {object} Room what actions act on
 * @property {import("./state.js").Store} store
 * @property {import("./panels.js").Panels} panels
 * @property {import("./drawing.js").Drawing} drawing
 * @property {import("./drawing/desk.js").Desk} desk
 * @property {import("./choosing.js").Choosing} choosing
 * @property {(id: string) => void} open a dialog
 * @property {() => void} back to the ballot that was answered last
 * @property {number} slots of the ballot on the screen
 */

/**
 * All actions, by mode and name.
 * @param {Room} room
 * @param {(acts: Record<string, Binding>) => Record<string, Binding>} [keyed] gives the acts their reader's keys
 */
export function actions(room, keyed = (acts) => acts) {
  const groups = [looking(room), { ...comparing(room), ...candidates(room) }, drawing(room), guessing(room)];
  const [look, compare, draw, guess] = groups.map(keyed);
  return {
    look,
    compare,
    draw,
    guess,
    /** Those that work now; drawing does something of its own under some names of looking. @param {State} state @returns {Record<string, Binding>} */
    of: ({ mode, asking }) => ({ ...look, ...(asking === "guess" ? guess : mode === "draw" ? draw : compare) }),
  };
}

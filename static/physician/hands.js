// What mouse, pen and fingers do on the ballot's stage.

import { resized } from "./acts/drawing.js";
import { moved } from "./acts/looking.js";
import { letter } from "./panels.js";
import { FIT, panned, toFilm, zoomedAt } from "./view.js";

/** @typedef {import("./view.js").Point} Point */

/** Grey levels a dragged pixel moves the window by: the whole range in about 500 pixels. */
const GAIN = 0.5;

/**
 * @param {import("./actions.js").Room} room
 * @returns {import("./gestures.js").Hands}
 */
export function hands({ store, panels, drawing, choosing }) {
  const film = panels.film;
  const front = () => panels.front(store.state).box;
  const onFilm = (/** @type {Point} */ point) => toFilm(point, store.state.view, film, front());
  /** @type {0 | 1} */
  let value = 1;
  return {
    draws: () => store.state.mode === "draw",
    pans: () => store.state.hidden,
    tap(target) {
      const slot = panels.panels.findIndex((panel) => panel === panels.under(target));
      if (slot >= 0) choosing.choose(letter(slot));
    },
    doubleTap: () => store.set({ view: FIT }),
    window: (dx, dy) => store.set({ window: moved(store.state.window, dy * GAIN, dx * GAIN) }),
    pan: (dx, dy) => store.set({ view: panned(store.state.view, dx, dy, film, front()) }),
    zoom: (factor, point) => store.set({ view: zoomedAt(store.state.view, factor, point, film, front()) }),
    draw(points, phase, erase) {
      if (phase === "start") value = erase || store.state.tool === "eraser" ? 0 : 1;
      if (phase === "cancel") drawing.cancel();
      if (phase === "end") {
        drawing.end();
        choosing.keep();
      }
      drawing.stroke(points.map(onFilm), store.state.radius, value);
      store.redraw();
    },
    hover(point) {
      if (store.state.mode === "draw") store.set({ pointer: point && onFilm(point) });
    },
    size: (steps) => store.set({ radius: resized(store.state.radius, 1.2 ** steps) }),
  };
}

// What mouse, pen and fingers do on the ballot's stage.

import { resized } from "./acts/drawing.js";
import { letter } from "./panels.js";
import { lookedAt } from "./state.js";
import { FIT, panned, toFilm, zoomedAt } from "./view.js";

/** The share of the film's own range that a dragged pixel moves the window by, whatever its bits. */
const GAIN = 1 / 500;

/**
 * @param {import("./actions.js").Room} room
 * @returns {import("./gestures.js").Hands}
 */
export function hands({ store, panels, desk, choosing }) {
  const front = () => panels.front(store.state).box;
  /** The box of the panel under the hand: in a strip they differ in size. @param {EventTarget | null} target */
  const boxOf = (target) => panels.under(target)?.box ?? front();
  return {
    draws: () => store.state.mode === "draw",
    pans: () => store.state.hidden,
    tap(target) {
      const slot = panels.slotOf(panels.under(target), store.state);
      if (slot < 0) return;
      store.set({ looked: lookedAt(store.state.looked, slot) });
      choosing.choose(letter(slot));
    },
    doubleTap: () => store.set({ view: FIT }),
    window: (dx, dy) => store.set({ window: panels.film.meaning.moved(store.state.window, dy * GAIN, dx * GAIN) }),
    pan: (dx, dy, target) => store.set({ view: panned(store.state.view, dx, dy, panels.film.seen, boxOf(target)) }),
    zoom: (factor, point, target) => store.set({ view: zoomedAt(store.state.view, factor, point, panels.film.seen, boxOf(target)) }),
    draw: (touches, phase, erase) => desk.draw(touches, phase, erase),
    hover(point, target) {
      if (store.state.mode === "draw") desk.hover(point);
      const { view, looked, mode, strip } = store.state;
      const panel = panels.under(target);
      panels.marks.point(point && panel ? toFilm(point, view, panels.film.seen, panel.box) : null, panel ?? null);
      // In a strip the large film stays what it is while the hand passes over others.
      const slot = mode === "compare" && !strip ? panels.slotOf(panel, store.state) : -1;
      if (slot >= 0 && slot !== looked[0]) store.set({ looked: lookedAt(looked, slot) });
    },
    size: (steps) => store.set({ radius: resized(store.state.radius, 1.2 ** steps) }),
  };
}

// Comparing and answering.

import { letter } from "../panels.js";
import { lookedAt } from "../state.js";
import { key } from "./key.js";

/** @typedef {import("../keys.js").Binding} Binding */
/** @typedef {import("../actions.js").Room} Room */

/** Comparing and answering. @param {Room} room @returns {Record<string, Binding>} */
export function comparing({ store, choosing, open, back, slots }) {
  /** @type {Record<string, Binding>} */
  const actions = {};
  for (let slot = 0; slot < slots; slot++) {
    const name = letter(slot);
    actions[`choose-${name}`] = key(`Digit${slot + 1}`, `${slot + 1}`, `choose ${name}; again: confirm`, () => {
      store.set({ looked: lookedAt(store.state.looked, slot) });
      choosing.choose(name);
    });
  }
  if (slots > 1) {
    actions.tie = key("KeyK", "K", "then a digit: this one is as good", () => choosing.ask("tie"));
    actions.worst = key("KeyJ", "J", "then a digit: this one fits worst", () => choosing.ask("worst"));
  }
  return {
    ...actions,
    confirm: key("Enter", "Enter", "confirm the answer", () => choosing.confirm()),
    draw: key("Digit0", "0", "none acceptable: draw", () => store.set({ mode: "draw", large: null })),
    "draw-too": key("KeyD", "D", "draw", () => store.set({ mode: "draw", large: null })),
    no_infection: key("KeyN", "N", "no infection; again: confirm", () => choosing.choose("no_infection")),
    unreadable: key("KeyU", "U", "unreadable; again: confirm", () => choosing.choose("unreadable")),
    later: key("KeyL", "L", "later, with a reason if you like", () => choosing.view?.answered_before || open("later")),
    sure: key("KeyS", "S", "sure, unsure, or left open", () => choosing.turnSure()),
    comment: key("KeyC", "C", "comment", () => open("comment")),
    "take-back": key("Backspace", "⌫", "reopen the film answered last", back),
    back: key("Escape", "Esc", "back to the panels, nothing chosen", () => choosing.clear()),
  };
}

/** The one question after the choice: which was drawn by hand? @param {Room} room @returns {Record<string, Binding>} */
export function guessing({ choosing, slots }) {
  /** @type {Record<string, Binding>} */
  const actions = {};
  for (let slot = 0; slot < slots; slot++) {
    const name = letter(slot);
    actions[`choose-${name}`] = key(`Digit${slot + 1}`, `${slot + 1}`, "", () => choosing.choose(name));
    actions[`guess-${name}`] = key("", "", "", () => choosing.choose(name));
  }
  return { ...actions, unknown: key("Digit0", "0", "", () => choosing.choose("unknown")) };
}

// Comparing and answering.

import { letter } from "../panels.js";
import { lookedAt } from "../state.js";
import { key } from "./key.js";
import { t } from "../../words.js";

/** @typedef {import("../keys.js").Binding} Binding */
/** @typedef {import("../actions.js").Room} Room */

/** Comparing and answering. @param {Room} room @returns {Record<string, Binding>} */
export function comparing({ store, choosing, open, back, slots }) {
  /** @type {Record<string, Binding>} */
  const actions = {};
  for (let slot = 0; slot < slots; slot++) {
    const name = letter(slot);
    actions[`choose-${name}`] = key(`Digit${slot + 1}`, `${slot + 1}`, t("choose {name}; again: confirm", { name }), () => {
      store.set({ looked: lookedAt(store.state.looked, slot) });
      choosing.choose(name);
    });
  }
  if (slots > 1) {
    actions.tie = key("KeyK", "K", t("then a digit: this one is as good"), () => choosing.ask("tie"));
    actions.worst = key("KeyJ", "J", t("then a digit: this one fits worst"), () => choosing.ask("worst"));
  }
  return {
    ...actions,
    confirm: key("Enter", "Enter", t("confirm the answer"), () => choosing.confirm()),
    draw: key("Digit0", "0", t("none acceptable: draw"), () => store.set({ mode: "draw", large: null })),
    "draw-too": key("KeyD", "D", t("draw"), () => store.set({ mode: "draw", large: null })),
    no_infection: key("KeyN", "N", t("no infection; again: confirm"), () => choosing.choose("no_infection")),
    unreadable: key("KeyU", "U", t("unreadable; again: confirm"), () => choosing.choose("unreadable")),
    later: key("KeyL", "L", t("later, with a reason if you like"), () => choosing.view?.answered_before || open("later")),
    sure: key("KeyS", "S", t("sure, unsure, or left open"), () => choosing.turnSure()),
    comment: key("KeyC", "C", t("comment"), () => open("comment")),
    "take-back": key("Backspace", "⌫", t("reopen the film answered last"), back),
    back: key("Escape", "Esc", t("back to the panels, nothing chosen"), () => choosing.clear()),
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

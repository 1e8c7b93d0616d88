// The ballot's face: what buttons, labels and status lines say about the state.

import { named, names, WORDS } from "./answer.js";
import { looks } from "./looks.js";
import { letter } from "./panels.js";
import { t } from "../words.js";

/** @typedef {import("./state.js").State} State */

/** @param {string} name @param {boolean} pressed */
export function press(name, pressed) {
  for (const button of buttons(name)) {
    // Written only where it changes: each writing costs the page's styles anew.
    if (button.getAttribute("aria-pressed") !== String(pressed)) button.setAttribute("aria-pressed", String(pressed));
  }
}

/** The page's buttons of an act; none are added later. @type {Map<string, Element[]>} */
const known = new Map();

/** @param {string} name @returns {Element[]} */
function buttons(name) {
  const found = known.get(name) ?? [...document.querySelectorAll(`[data-do="${name}"]`)];
  known.set(name, found);
  return found;
}

/** @param {string} selector @param {string} text */
export function write(selector, text) {
  const element = document.querySelector(selector);
  if (element && element.textContent !== text) element.textContent = text;
}

/** @param {string} selector @param {boolean} shown */
export function show(selector, shown) {
  const element = document.querySelector(selector);
  if (element instanceof HTMLElement && element.hidden === shown) element.hidden = !shown;
}

/** Words beside a panel's letter. @param {State} state @param {string} name @param {boolean} empty */
function note(state, name, empty) {
  if (names(state.choice, name)) {
    if (state.busy || state.asking === "guess") return t("chosen");
    if (state.choice?.length !== 1) return t("as good as each other · Enter confirms");
    return empty ? t("chosen · nothing outlined · Enter confirms") : t("chosen · Enter confirms");
  }
  if (state.worst === name) return t("fits worst");
  if (state.hidden) return t("masks hidden");
  return empty ? t("nothing outlined") : "";
}

/**
 * @param {State} state
 * @param {import("./panels.js").Panels} panels
 * @param {import("./raster.js").Raster} raster
 */
export function reflect(state, panels, raster) {
  const drawing = state.mode === "draw";
  if (document.body.dataset.mode !== state.mode) document.body.dataset.mode = state.mode;
  show("#answering", !drawing && state.asking !== "guess");
  show("#guess", state.asking === "guess");
  show("#drawing", drawing);
  panels.panels.forEach((panel, slot) => {
    const name = letter(slot);
    press(`choose-${name}`, names(state.choice, name));
    write(`[data-slot="${name}"] .note`, note(state, name, panels.masks[slot].empty));
  });
  for (const name of Object.keys(WORDS)) press(name, state.choice === name);
  press("tie", state.asking === "tie" || (named(state.choice) && state.choice !== null && state.choice.length > 1));
  press("worst", state.asking === "worst" || state.worst !== null);
  looks(state, panels);
  press("sure-yes", state.sure === true);
  press("sure-no", state.sure === false);
  press("comment", state.comment !== "");
  enable("confirm", state.choice !== null && !state.busy);
  enable("save", raster.area > 0 && !state.busy);
}

/** What the page says of a ballot beside its films. @param {import("./answers.js").View} view */
export function introduce(view) {
  const { answered, later, total } = view.progress;
  write("h1", view.kind === "blank" ? t("Film {number}: draw the infection", { number: view.number }) : t("Film {number}: which mask fits best?", { number: view.number }));
  write("#count", t("{done} of {total}", { done: answered, total }));
  write("#count-later", later ? t("{count} later", { count: later }) : "");
  const progress = document.querySelector("#progress");
  if (progress instanceof HTMLProgressElement) [progress.max, progress.value] = [total || 1, answered];
  show("#before", view.answered_before);
  write("#before", t("film {number}, answered before", { number: view.number }));
  for (const button of document.querySelectorAll("[data-letter]")) {
    if (button instanceof HTMLElement) button.hidden = !view.letters.includes(button.dataset.letter ?? "");
  }
  show('[data-do="worst"]', view.questions.worst && view.letters.length > 1);
  show('[data-do="tie"]', view.letters.length > 1);
  enable("later", !view.answered_before);
}

/** @param {string} name @param {boolean} enabled */
export function enable(name, enabled) {
  const button = document.querySelector(`[data-do="${name}"]`);
  if (button instanceof HTMLButtonElement) button.disabled = !enabled;
}

/**
 * Say something to a screen reader and, where the eye cannot see it otherwise, over the films.
 * @param {string} words @param {boolean} shown
 */
export function say(words, shown = false) {
  write("#said", words);
  document.querySelector("#said")?.classList.toggle("unseen", !shown);
}

/** What is said as a ballot comes on. @type {Record<string, (view: import("./answers.js").View) => string>} */
export const COMING = {
  first: () => "",
  next: ({ number }) => t("Film {number}.", { number }),
  back: ({ number }) => t("Film {number} again, with your answer.", { number }),
  other: ({ number }) => t("The film that stood here was given to others meanwhile; this is film {number}.", { number }),
};

// Keeps the card of a running run up to date: each [data-run] names the address of its events.
// When the run is over the page is loaded again, since what can be done next has changed.

import { t } from "/static/words.js";

/** @typedef {{state: string, words: string, tone: string, done: number, total: number, pace: string, unfinished: boolean}} RunCard */

/** @param {Element} card @param {string} name @param {string} text */
function say(card, name, text) {
  const place = card.querySelector(`[data-run-${name}]`);
  if (place) place.textContent = text;
}

/** @param {HTMLElement} card @param {RunCard} run */
export function show(card, run) {
  say(card, "state", run.words);
  say(card, "pace", run.pace);
  say(card, "count", t("{done} of {total}", { done: run.done, total: run.total }));
  const bar = card.querySelector("progress");
  if (bar) {
    bar.max = run.total || 1;
    bar.value = run.done;
  }
}

/** @param {HTMLElement} card @param {() => void} over */
export function follow(card, over) {
  const events = new EventSource(card.dataset.run ?? "");
  events.addEventListener("progress", (event) => {
    /** @type {RunCard} */
    const run = JSON.parse(event.data);
    show(card, run);
    if (run.unfinished) return;
    events.close();
    over();
  });
}

for (const card of document.querySelectorAll("[data-run]")) {
  if (card instanceof HTMLElement) follow(card, () => location.reload());
}

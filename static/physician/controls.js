// Buttons and dialogs of the ballot's page: each does what its key does.

import { part } from "./notices.js";

/** @typedef {import("./actions.js").Room} Room */
/** @typedef {ReturnType<typeof import("./actions.js").actions>} Acts */

/** @param {Room} room @param {() => Acts} acts those of the ballot on the screen */
export function wireButtons({ store, choosing }, acts) {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
    if (!(button instanceof HTMLElement)) return;
    const name = button.dataset.do ?? "";
    const { sure } = store.state;
    if (name === "sure-yes") choosing.setSure(sure === true ? null : true);
    if (name === "sure-no") choosing.setSure(sure === false ? null : false);
    const act = acts().of(store.state)[name];
    // A held action ends with its key; a button has only clicks, so it turns the action on and off.
    if (act?.release && button.getAttribute("aria-pressed") === "true") act.release();
    else act?.press();
    // After the mouse the keys belong to the ballot again, not to the button.
    if (event.detail > 0) button.blur();
  });
}

/** @param {Room} room */
export function wireDialogs({ store, choosing }) {
  const reason = /** @type {HTMLInputElement} */ (part("later-reason"));
  const comment = /** @type {HTMLTextAreaElement} */ (part("comment-text"));
  part("later").querySelector("form")?.addEventListener("submit", () => {
    choosing.hand("later", false, reason.value.trim());
    reason.value = "";
  });
  part("comment").addEventListener("close", () => {
    store.set({ comment: comment.value.trim() });
    choosing.keep();
  });
  comment.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    /** @type {HTMLDialogElement} */ (part("comment")).close();
  });
}

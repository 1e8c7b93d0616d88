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

/** @param {Pick<Room, "store" | "choosing">} room */
function keepComment({ store, choosing }) {
  store.set({ comment: /** @type {HTMLTextAreaElement} */ (part("comment-text")).value.trim() });
  choosing.keep();
}

/**
 * Open a dialog upon the ballot on the screen.
 * @param {string} id @param {Pick<Room, "store" | "choosing">} room
 */
export function openDialog(id, { store, choosing }) {
  const dialog = /** @type {HTMLDialogElement} */ (part(id));
  dialog.dataset.ballot = choosing.view?.key ?? "";
  if (id === "comment") /** @type {HTMLTextAreaElement} */ (part("comment-text")).value = store.state.comment;
  dialog.showModal();
}

/** Another ballot takes the place of this one: what is being written belongs to this one. @param {Pick<Room, "store" | "choosing">} room */
export function closeDialogs(room) {
  for (const id of ["comment", "later"]) {
    const dialog = /** @type {HTMLDialogElement} */ (part(id));
    if (!dialog.open) continue;
    if (id === "comment" && room.choosing.view) keepComment(room);
    dialog.close();
  }
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
    // A ballot that changed meanwhile has its comment already (`closeDialogs`).
    if (choosing.view?.key === part("comment").dataset.ballot) keepComment({ store, choosing });
  });
  comment.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    /** @type {HTMLDialogElement} */ (part("comment")).close();
    // The browser takes the focus away only with the next frame; a key pressed before is the ballot's.
    comment.blur();
  });
}

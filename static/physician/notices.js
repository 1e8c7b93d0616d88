// Parts of the ballot's page, and the notices over its films.

import { tn } from "../words.js";

/** @param {string} id @returns {HTMLElement} */
export function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** @param {string} id of a notice @param {string} words none: away with it */
export function notice(id, words) {
  const line = part(id);
  line.hidden = words === "";
  // A browser takes the focus from what is hidden only as it paints next; keys must not wait for that.
  if (line.hidden && document.activeElement instanceof HTMLElement && line.contains(document.activeElement)) document.activeElement.blur();
  part(`${id}-words`).textContent = words;
}

/**
 * A quiet line once the sitting is as long as the study has set; nobody has to heed it.
 * @param {import("./sitting.js").Sitting} sitting @param {import("./answers.js").View} view
 */
export function offerBreak(sitting, { questions }) {
  const minutes = Math.floor(sitting.minutes());
  // After a rest it goes by itself.
  if (!questions.break_minutes || minutes < questions.break_minutes) return notice("break", "");
  notice("break", tn("You have read for {count} minute. A short break keeps the eye sharp; everything waits here.", "You have read for {count} minutes. A short break keeps the eye sharp; everything waits here.", minutes));
  part("break-over").onclick = () => {
    sitting.rested();
    notice("break", "");
  };
}

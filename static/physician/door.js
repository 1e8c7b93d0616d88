// Signing in without leaving the page: what waits here stays, and is sent afterwards.

import { signIn, Trouble, who } from "./answers.js";
import { t } from "../words.js";

/** @param {string} id @returns {any} */
const part = (id) => document.getElementById(id);

/**
 * Wire the dialog. Only the page's own reader comes in here: what waits is that reader's.
 * @param {string} reader
 * @param {() => void} entered
 */
export function wireDoor(reader, entered) {
  const [dialog, form, password, refused] = ["door", "door-form", "door-password", "door-refused"].map(part);
  form.addEventListener("submit", async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    refused.hidden = true;
    try {
      const { reader: entering } = await signIn(reader, password.value);
      if (entering !== reader) throw new Trouble(409, t("That is another account."));
      password.value = "";
      dialog.close();
      entered();
    } catch (error) {
      refused.textContent = error instanceof Trouble ? `${error.title} ${error.detail}`.trim() : String(error);
      refused.hidden = false;
      password.select();
    }
  });
  part("unsaved-sign-in").addEventListener("click", async () => {
    dialog.showModal();
    password.focus();
    // Another tab may have signed in meanwhile.
    const there = await who().catch(() => null);
    if (there?.reader !== reader || !dialog.open) return;
    dialog.close();
    entered();
  });
}

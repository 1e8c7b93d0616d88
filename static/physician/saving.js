// The line that says what is saved, and the notice that says what is not. On every physician's page.

import { wireDoor } from "./door.js";
import { Outbox } from "./outbox.js";
import { t, tn } from "../words.js";

/** @typedef {import("./kept.js").Answer} Answer */
/** @typedef {import("./answers.js").Receipt} Receipt */

/** @param {string} selector @returns {HTMLElement} */
function part(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** What happened to answers, and what will. @param {Answer} troubled @param {number} count @param {boolean} keeps */
function words({ problem, refused }, count, keeps) {
  if (!problem) return "";
  const said = `${problem.title} ${problem.detail}`.trim();
  const lost = keeps ? "" : ` ${t("This browser keeps nothing: do not close the page.")}`;
  if (refused) return `${said} ${t("The answer was not taken. It is kept here until you discard it.")}${lost}`;
  if (problem.status === 401) {
    const out = problem.other ? problem.title : t("You are signed out.");
    return `${out} ${tn("Your answer is kept here; sign in, and it is sent.", "Your {count} answers are kept here; sign in, and they are sent.", count)}${lost}`;
  }
  return `${said} ${tn("Your answer is kept here and is sent as soon as the server takes it.", "Your {count} answers are kept here and are sent as soon as the server takes them.", count)}${lost}`;
}

/** Shows an outbox on the page. */
export class Saving {
  /**
   * @param {object} page
   * @param {(answer: Answer, receipt: Receipt) => void} page.saved
   * @param {(study: string) => Promise<string | null>} page.deal the next ballot, and return its key
   * @param {() => void} page.entered the reader has signed in again
   */
  constructor({ saved, deal, entered }) {
    this.line = part("#saving");
    this.notice = part("#unsaved");
    const reader = this.line.dataset.reader ?? "";
    this.outbox = new Outbox(reader, { changed: (waiting, sending) => this.#show(waiting, sending), saved, deal });
    wireDoor(reader, () => {
      this.notice.hidden = true;
      this.outbox.retry().then(entered);
    });
    part("#unsaved-retry").addEventListener("click", () => this.outbox.retry());
    part("#unsaved-discard").addEventListener("click", () => {
      const refused = this.outbox.waiting.find((answer) => answer.refused);
      if (refused) this.outbox.discard(refused.id);
    });
    window.addEventListener("beforeunload", (event) => {
      // What is kept here is found again; what is not would be lost.
      if (!this.outbox.keeps && this.outbox.waiting.length > 0) event.preventDefault();
    });
  }

  /** The page needs its reader to sign in, though nothing waits to be sent. */
  signedOut() {
    if (!this.notice.hidden) return;
    this.notice.hidden = false;
    part("#unsaved-words").textContent = t("You are signed out. Nothing is lost; sign in to go on.");
    this.#offer({ signIn: true, retry: false, discard: false });
  }

  /** @param {{ signIn: boolean, retry: boolean, discard: boolean }} buttons */
  #offer({ signIn, retry, discard }) {
    part("#unsaved-sign-in").hidden = !signIn;
    part("#unsaved-retry").hidden = !retry;
    part("#unsaved-discard").hidden = !discard;
    part("#unsaved-on").hidden = !discard;
  }

  /** @param {Answer[]} waiting @param {boolean} sending */
  #show(waiting, sending) {
    const { keeps } = this.outbox;
    const count = waiting.length;
    const troubled = waiting.find(({ problem }) => problem);
    const saved = `✓ ${keeps ? t("all saved") : t("all saved · no drafts kept")}`;
    const text = count === 0 ? saved : sending && !troubled ? t("saving…") : tn("{count} answer not yet saved", "{count} answers not yet saved", count);
    if (this.line.textContent !== text) this.line.textContent = text;
    this.line.title = keeps ? "" : t("This browser keeps nothing (a private window?). Answers are sent at once, but drafts are lost with the page.");
    this.line.dataset.state = count === 0 ? "saved" : troubled ? "unsaved" : "sending";
    this.notice.hidden = !troubled;
    if (!troubled) return;
    const telling = words(troubled, troubled.refused ? 1 : waiting.filter(({ refused }) => !refused).length, keeps);
    if (part("#unsaved-words").textContent !== telling) part("#unsaved-words").textContent = telling;
    this.#offer({ signIn: troubled.problem?.status === 401, retry: !troubled.refused, discard: troubled.refused });
  }
}

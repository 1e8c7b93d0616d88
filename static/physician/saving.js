// The line that says what is saved, and the notice that says what is not. On every physician's page.

import { Outbox } from "./outbox.js";

/** @typedef {import("./kept.js").Answer} Answer */

/** @param {string} selector @returns {HTMLElement} */
function part(selector) {
  const found = document.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return found;
}

/** What happened to an answer, and what will. @param {Answer} answer */
function words({ problem, refused }) {
  if (!problem) return "An answer from before is being sent.";
  const said = `${problem.title} ${problem.detail}`.trim();
  if (refused) return `${said} Your answer was not taken. It is kept in this browser until you discard it.`;
  if (problem.status === 401) {
    return "You are signed out. Your answer is kept in this browser; sign in, and it is sent.";
  }
  return `${said} Your answer is kept in this browser and is sent as soon as the server takes it.`;
}

/** Shows an outbox on the page. */
export class Saving {
  /** @param {(answer: Answer, next: string) => void} onSaved */
  constructor(onSaved) {
    this.line = part("#saving");
    this.notice = part("#unsaved");
    this.outbox = new Outbox(
      this.line.dataset.reader ?? "",
      (waiting, sending) => this.#show(waiting, sending),
      (answer, receipt) => onSaved(answer, receipt.next),
    );
    part("#unsaved-retry").addEventListener("click", () => this.outbox.send());
    part("#unsaved-discard").addEventListener("click", () => {
      const refused = this.outbox.waiting.find((answer) => answer.refused);
      if (refused) this.outbox.discard(refused.id);
    });
  }

  /** @param {Answer[]} waiting @param {boolean} sending */
  #show(waiting, sending) {
    const count = waiting.length;
    const answers = count === 1 ? "1 answer" : `${count} answers`;
    const troubled = waiting.find(({ problem }) => problem);
    const text = count === 0 ? "✓ all saved" : sending && !troubled ? "saving…" : `${answers} not yet saved`;
    if (this.line.textContent !== text) this.line.textContent = text;
    this.line.dataset.state = count === 0 ? "saved" : troubled ? "unsaved" : "sending";
    this.notice.hidden = !troubled;
    if (!troubled) return;
    part("#unsaved-words").textContent = words(troubled);
    part("#unsaved-sign-in").hidden = troubled.problem?.status !== 401;
    part("#unsaved-retry").hidden = troubled.refused;
    part("#unsaved-discard").hidden = !troubled.refused;
    part("#unsaved-on").hidden = !troubled.refused;
  }
}

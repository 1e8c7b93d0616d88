// Answers on their way: kept here first, sent, and let go only when the server says it has them.

import { answersOf, forgetAnswer, forgetDraft, keepAnswer } from "./kept.js";

/** @typedef {import("./kept.js").Answer} Answer */
/** @typedef {{ saved: true, next: string, answered: number, total: number }} Receipt */

/** Waits between attempts, in seconds; the last one goes on. */
const WAITS = [2, 5, 10, 30];
const PATIENCE = 30_000;

/** Statuses after which the same answer may be taken later. @param {number} status */
const passing = (status) => status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;

/**
 * Send one answer.
 * @param {Answer} answer
 * @returns {Promise<{ receipt: Receipt | null, problem: import("./kept.js").Refusal | null }>}
 */
async function post(answer) {
  try {
    const response = await fetch(answer.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(answer.body),
      signal: AbortSignal.timeout(PATIENCE),
    });
    const said = await response.json().catch(() => ({}));
    if (!response.ok || said.saved !== true) {
      const reference = said.reference ? ` Reference: ${said.reference}.` : "";
      const title = said.title ?? "The server answered with something unexpected.";
      return { receipt: null, problem: { status: response.ok ? 502 : response.status, title, detail: `${said.detail ?? ""}${reference}` } };
    }
    if (answer.drawing && said.drawing_sha256 !== answer.drawing) {
      const title = "The server stored another drawing than yours.";
      return { receipt: null, problem: { status: 422, title, detail: "Tell the admin of the study." } };
    }
    return { receipt: said, problem: null };
  } catch {
    return { receipt: null, problem: { status: 0, title: "The server cannot be reached.", detail: "" } };
  }
}

/** A reader's answers on their way. Its watcher hears of every change. */
export class Outbox {
  /**
   * @param {string} reader
   * @param {(waiting: Answer[], sending: boolean) => void} onChange
   * @param {(answer: Answer, receipt: Receipt) => void} onSaved
   */
  constructor(reader, onChange, onSaved) {
    this.reader = reader;
    this.onChange = onChange;
    this.onSaved = onSaved;
    /** @type {Answer[]} */
    this.waiting = [];
    /** The keys of those that this page has seen saved. @type {Set<string>} */
    this.saved = new Set();
    /** @type {Promise<void> | null} */
    this.sending = null;
    this.attempts = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    window.addEventListener("online", () => this.send());
    window.addEventListener("focus", () => this.send());
  }

  /** Take up what an earlier page left, and send it. */
  async open() {
    this.waiting = await answersOf(this.reader).catch(() => []);
    this.#tell();
    return this.send();
  }

  /**
   * Keep an answer, then send it.
   * @param {Answer} answer
   */
  async add(answer) {
    // Without a place to keep it (a private window) it is still sent, and still shown as unsaved.
    await keepAnswer(answer).catch(() => console.warn("this browser keeps no answers"));
    this.waiting.push(answer);
    return this.send();
  }

  /** Forget an answer that the server will not take. @param {string} id */
  async discard(id) {
    await forgetAnswer(id).catch(() => {});
    this.waiting = this.waiting.filter((answer) => answer.id !== id);
    this.#tell();
  }

  /** Send all that waits; one attempt at a time. */
  send() {
    this.sending ??= this.#sendAll().finally(() => {
      this.sending = null;
      this.#tell();
      this.#later();
    });
    this.#tell();
    return this.sending;
  }

  async #sendAll() {
    clearTimeout(this.timer);
    for (const answer of this.waiting.filter(({ refused }) => !refused)) {
      const { receipt, problem } = await post(answer);
      if (receipt) {
        await forgetAnswer(answer.id).catch(() => {});
        await forgetDraft(answer.reader, answer.ballot).catch(() => {});
        this.waiting = this.waiting.filter(({ id }) => id !== answer.id);
        this.saved.add(answer.id);
        this.attempts = 0;
        this.onSaved(answer, receipt);
        continue;
      }
      answer.problem = problem;
      answer.refused = problem !== null && !passing(problem.status);
      await keepAnswer(answer).catch(() => {});
      if (!answer.refused) break;
    }
  }

  #later() {
    if (!this.waiting.some(({ refused }) => !refused)) return;
    const wait = WAITS[Math.min(this.attempts++, WAITS.length - 1)];
    this.timer = setTimeout(() => this.send(), wait * 1000);
  }

  #tell() {
    this.onChange(this.waiting, this.sending !== null);
  }
}

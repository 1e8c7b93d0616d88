// Answers on their way: kept here first, sent, and let go only when the server says it has them.

import { ask, Trouble, who } from "./answers.js";
import { answersOf, forgetAnswer, keepAnswer } from "./kept.js";
import { t } from "../words.js";

/** @typedef {import("./kept.js").Answer} Answer */
/** @typedef {import("./answers.js").Receipt} Receipt */

/**
 * @typedef {object} Hooks
 * @property {(waiting: Answer[], sending: boolean) => void} changed
 * @property {(answer: Answer, receipt: Receipt) => void} saved
 * @property {(study: string) => Promise<string | null>} deal the next ballot, and return its key
 */

/** Waits between attempts, in seconds; the last one goes on. */
const WAITS = [2, 5, 10, 30];

/** Statuses after which the same answer may be taken later. @param {number} status */
const passing = (status) => status === 0 || status === 401 || status === 408 || status === 429 || status >= 500;

const GONE = {
  status: 410,
  title: t("This film was given to others while the server could not be reached."),
  detail: t("Your answer to it is no longer needed."),
};

/** A reader's answers on their way. */
export class Outbox {
  /** @param {string} reader @param {Hooks} hooks */
  constructor(reader, hooks) {
    this.reader = reader;
    this.hooks = hooks;
    /** @type {Answer[]} */
    this.waiting = [];
    /** The keys of those that this page has seen saved. @type {Set<string>} */
    this.saved = new Set();
    /** The keys of those that this page has given. @type {Set<string>} */
    this.own = new Set();
    /** Ballots that this page knows to be dealt. @type {Set<string>} */
    this.dealt = new Set();
    /** Whether this browser keeps what is given to it: a private window may not. */
    this.keeps = true;
    /** @type {Promise<void> | null} */
    this.sending = null;
    /** Whether something was added since the last attempt began. */
    this.more = false;
    this.attempts = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    window.addEventListener("online", () => this.send());
    window.addEventListener("focus", () => this.send());
  }

  /** Take up what an earlier page left, and send it. */
  async open() {
    await this.#takeUp();
    this.#tell();
    return this.send();
  }

  /**
   * Keep an answer, then send it. One that waits for the same ballot gives way to it.
   * @param {Answer} answer
   */
  async add(answer) {
    const older = this.waiting.filter(({ ballot }) => ballot === answer.ballot);
    this.waiting = [...this.waiting.filter(({ ballot }) => ballot !== answer.ballot), answer];
    this.more = true;
    this.own.add(answer.id);
    this.#tell();
    await keepAnswer(answer).then(
      () => this.kept(true),
      // Without a place to keep it, it is still sent, and the page says so.
      () => this.kept(false),
    );
    for (const { id } of older) await forgetAnswer(id).catch(() => {});
    return this.send();
  }

  /** Whether this browser kept what was last given to it. @param {boolean} keeps */
  kept(keeps) {
    if (this.keeps === keeps) return;
    this.keeps = keeps;
    this.#tell();
  }

  /** Forget an answer that the server will not take. @param {string} id */
  async discard(id) {
    await forgetAnswer(id).catch(() => {});
    this.waiting = this.waiting.filter((answer) => answer.id !== id);
    this.#tell();
  }

  /** Send all that waits; one attempt at a time, and again for what came meanwhile. */
  send() {
    this.sending ??= this.#sendAll().finally(() => {
      this.sending = null;
      this.#tell();
      if (this.more) this.send();
      else this.#later();
    });
    this.#tell();
    return this.sending;
  }

  /** Add what other pages of this browser left. */
  async #takeUp() {
    const kept = await answersOf(this.reader).catch(() => {
      this.keeps = false;
      return [];
    });
    const known = new Set(this.waiting.map(({ id }) => id));
    const left = kept.filter(({ id }) => !known.has(id) && !this.saved.has(id));
    this.waiting.push(...left.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)));
  }

  async #sendAll() {
    clearTimeout(this.timer);
    this.more = false;
    /** Answers to ballots that the server did not deal yet. @type {Answer[]} */
    let undealt = [];
    for (let sent = true; sent; ) {
      sent = false;
      undealt = [];
      for (const answer of this.waiting.filter(({ refused }) => !refused)) {
        const outcome = await this.#sendOne(answer);
        if (outcome === "stop") return;
        if (outcome === "saved") sent = true;
        if (outcome === "undealt") undealt.push(answer);
      }
    }
    for (const answer of undealt) await this.#trouble(answer, GONE);
  }

  /** @param {Answer} answer @returns {Promise<"saved" | "undealt" | "refused" | "stop">} */
  async #sendOne(answer) {
    try {
      if (!answer.dealt && !this.dealt.has(answer.ballot)) {
        if ((await this.hooks.deal(answer.study)) !== answer.ballot) return "undealt";
      }
      const receipt = await post(answer);
      await forgetAnswer(answer.id).catch(() => {});
      this.waiting = this.waiting.filter(({ id }) => id !== answer.id);
      this.saved.add(answer.id);
      this.attempts = 0;
      this.#tell();
      this.hooks.saved(answer, receipt);
      return "saved";
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      const trouble = await this.#explained(error);
      await this.#trouble(answer, trouble);
      return passing(trouble.status) ? "stop" : "refused";
    }
  }

  /** A ballot unknown to the server may be so because somebody else has signed in here. @param {Trouble} trouble */
  async #explained({ status, title, detail }) {
    if (status !== 403 && status !== 404) return { status, title, detail };
    const other = await who().catch(() => null);
    if (!other || other.reader === this.reader) return { status, title, detail };
    return { status: 401, title: t("{name} is signed in in this browser now.", { name: other.full_name }), detail: "", other: true };
  }

  /** @param {Answer} answer @param {import("./kept.js").Refusal} problem */
  async #trouble(answer, problem) {
    answer.problem = problem;
    answer.refused = !passing(problem.status);
    if (this.waiting.includes(answer)) await keepAnswer(answer).catch(() => {});
  }

  #later() {
    clearTimeout(this.timer);
    if (!this.waiting.some(({ refused }) => !refused)) return;
    const wait = WAITS[Math.min(this.attempts++, WAITS.length - 1)];
    this.timer = setTimeout(() => this.send(), wait * 1000);
  }

  #tell() {
    this.hooks.changed(this.waiting, this.sending !== null);
  }
}

/** Send one answer. Throws `Trouble`. @param {Answer} answer @returns {Promise<Receipt>} */
async function post(answer) {
  /** @type {Receipt} */
  const said = await ask("POST", answer.url, answer.body);
  if (said.saved !== true) throw new Trouble(502, t("The server answered with something unexpected."));
  if (answer.drawing && said.drawing_sha256 !== answer.drawing) {
    throw new Trouble(422, t("The server stored another drawing than yours."), t("Tell the admin of the study."));
  }
  return said;
}

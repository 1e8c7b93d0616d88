// Answers on their way: kept here first, sent, and let go only when the server says it has them.

import { foreign, lookAhead, passing, sendAnswer, somebodyElse, Trouble } from "./answers.js";
import { painted } from "./idle.js";
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

const GONE = { status: 410, title: t("This film was given to others while the server could not be reached."), detail: t("Your answer to it is no longer needed.") };
const WAITS_FOR_ANOTHER = { status: 0, title: t("Another film of yours has to be answered first."), detail: "" };

/** What pages of one browser tell each other: answers that must not be sent (again). @typedef {{ gone: string[], saved: boolean }} Word */

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
    /** Kept answers that one which could not be kept takes the place of. @type {Map<string, string[]>} */
    this.outlived = new Map();
    /** Other pages of this reader: an answer that gave way in one of them must not be sent by another. */
    this.pages = new BroadcastChannel(`maskballot answers ${reader}`);
    this.pages.onmessage = ({ data }) => this.#heard(data);
    /** @type {Promise<void> | null} */
    this.sending = null;
    /** Whether something was added since the last attempt began. */
    this.more = false;
    /** How often it was tried again by itself since something got through. */
    this.attempts = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    window.addEventListener("online", () => this.retry());
    window.addEventListener("focus", () => this.retry());
  }

  /** Take up what an earlier page left, and send it. */
  async open() {
    await this.#takeUp();
    this.#tell();
    return this.retry();
  }

  /** Keep an answer, then send it. One that waits for the same ballot gives way to it. @param {Answer} answer */
  async add(answer) {
    const older = this.waiting.filter(({ ballot }) => ballot === answer.ballot);
    this.waiting = [...this.waiting.filter(({ ballot }) => ballot !== answer.ballot), answer];
    this.more = true;
    this.own.add(answer.id);
    this.#tell();
    const seen = painted();
    // Without a place to keep it, it is still sent, and the page says so.
    const keeps = await keepAnswer(answer).then(() => true, () => false);
    this.kept(keeps);
    const gone = older.map(({ id }) => id);
    // What is kept gives way only to what is kept, or saved: the page may be closed before that.
    // And it is safe: the next ballot comes on before the line and the server take the processor.
    if (keeps) await Promise.all([this.#forget(gone, false), seen]);
    else this.outlived.set(answer.id, gone);
    return this.send();
  }

  /** Let go of kept answers, here and in other pages. @param {string[]} gone @param {boolean} saved */
  async #forget(gone, saved) {
    if (gone.length > 0) this.pages.postMessage({ gone, saved });
    for (const id of gone) await forgetAnswer(id).catch(() => {});
  }

  /** Another page says what has become of answers that this one may hold, too. @param {Word} word */
  #heard({ gone, saved }) {
    if (saved) for (const id of gone) this.saved.add(id);
    this.waiting = this.waiting.filter(({ id }) => !gone.includes(id));
    this.#tell();
  }

  /** Whether this browser kept what was last given to it. @param {boolean} keeps */
  kept(keeps) {
    if (this.keeps === keeps) return;
    this.keeps = keeps;
    this.#tell();
  }

  /** Forget an answer that the server will not take. @param {string} id */
  async discard(id) {
    await this.#forget([id], false);
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

  /** The line may be back: send now, also after an attempt under way that still fails, and wait little from here. */
  retry() {
    this.attempts = 0;
    this.more = true;
    // Refused as somebody else's, while somebody else was signed in.
    for (const answer of this.waiting) if (foreign(answer.problem?.status)) answer.refused = false;
    return this.send();
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
        if (!this.waiting.includes(answer)) continue;
        const outcome = await this.#sendOne(answer);
        if (outcome === "stop") return;
        if (outcome === "saved") sent = true;
        if (outcome === "undealt") undealt.push(answer);
      }
    }
    for (const answer of undealt) {
      const trouble = await this.#whyUndealt(answer);
      await this.#trouble(answer, trouble);
      if (trouble.status === 401) return;
    }
  }

  /** Why a ballot that was answered is not dealt to who is signed in. @param {Answer} answer */
  async #whyUndealt({ ballot, study }) {
    const explained = await this.#explained({ ...GONE, status: 404 });
    if (explained.status === 401) return explained;
    try {
      const coming = await lookAhead(study);
      return coming.some(({ key }) => key === ballot) ? WAITS_FOR_ANOTHER : GONE;
    } catch {
      return { status: 0, title: t("The server cannot be reached."), detail: "" };
    }
  }

  /** @param {Answer} answer @returns {Promise<"saved" | "undealt" | "refused" | "stop">} */
  async #sendOne(answer) {
    const believed = answer.dealt || this.dealt.has(answer.ballot);
    let dealt = true;
    try {
      if (!believed) {
        // Never is a ballot dealt to somebody else who has signed in here, perhaps of the same study.
        const other = await somebodyElse(this.reader);
        if (other) {
          await this.#trouble(answer, other);
          return "stop";
        }
        dealt = (await this.hooks.deal(answer.study)) === answer.ballot;
      }
      // Where another was dealt, this one may have been before, to another page of the reader's.
      const receipt = await sendAnswer(answer);
      await this.#forget([answer.id, ...(this.outlived.get(answer.id) ?? [])], true);
      this.outlived.delete(answer.id);
      this.waiting = this.waiting.filter(({ id }) => id !== answer.id);
      this.saved.add(answer.id);
      this.attempts = 0;
      this.#tell();
      this.hooks.saved(answer, receipt);
      return "saved";
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      if (!dealt && error.status === 404) return "undealt";
      if (believed && error.status === 404) {
        // The server may have lost that it was dealt, with its power: dealt again, it has the same key.
        answer.dealt = false;
        this.dealt.delete(answer.ballot);
        return this.#sendOne(answer);
      }
      const trouble = await this.#explained(error);
      await this.#trouble(answer, trouble);
      return answer.refused ? "refused" : "stop";
    }
  }

  /**
   * A ballot unknown to the server may be so because somebody else has signed in here.
   * @param {import("./kept.js").Refusal} trouble @returns {Promise<import("./kept.js").Refusal>}
   */
  async #explained({ status, title, detail }) {
    const other = foreign(status) ? await somebodyElse(this.reader).catch(() => null) : null;
    return other ?? { status, title, detail };
  }

  /** @param {Answer} answer @param {import("./kept.js").Refusal} problem */
  async #trouble(answer, problem) {
    answer.problem = problem;
    answer.refused = !passing(problem.status) && !(this.more && foreign(problem.status));
    if (this.waiting.includes(answer)) await keepAnswer(answer).catch(() => {});
  }

  #later() {
    clearTimeout(this.timer);
    if (!this.waiting.some(({ refused }) => !refused)) return;
    const wait = WAITS[Math.min(this.attempts, WAITS.length - 1)];
    this.timer = setTimeout(() => {
      this.attempts++;
      this.send();
    }, wait * 1000);
  }

  #tell() {
    this.hooks.changed(this.waiting, this.sending !== null);
  }
}

// Which ballot stands on the screen and which come after it. The next one is shown at once, from
// what was made ready, and dealt meanwhile; where the server deals another, that one takes its place.

import { dealNext, lookAhead } from "./answers.js";

/** @typedef {import("./answers.js").View} View */

/** How many answered ballots can be reopened without asking the server. */
const REMEMBERED = 20;
/** When the server is asked again after it could not be reached, in milliseconds. */
const RETRY = 5_000;

/**
 * @typedef {object} Stage what a flow moves
 * @property {(view: View, why: "next" | "back" | "other") => void} show
 * @property {() => void} wait nothing is known to come: say so until the server tells
 * @property {(address: string) => void} leave nothing is left here
 * @property {(views: View[]) => void} ready make these ready
 * @property {(view: View) => void} told something of the ballot on the screen is new: its lease, the progress
 * @property {(error: unknown) => void} trouble the next ballot could not be dealt
 */

export class Flow {
  /** @param {View} first the ballot that the page begins with @param {Stage} stage @param {import("./outbox.js").Outbox} outbox */
  constructor(first, stage, outbox) {
    this.study = first.study;
    this.stage = stage;
    this.outbox = outbox;
    /** The ballot on the screen; none while the next one is waited for. @type {View | null} */
    this.current = first;
    /** Dealt and not answered: it is the next one whenever another is on the screen. @type {View | null} */
    this.inHand = first.answered_before ? null : first;
    /** @type {View[]} */
    this.coming = [];
    /** Answered on this page, the last one last. @type {View[]} */
    this.past = [];
    /** Keys of ballots that were handed over on this page and not dealt again. @type {Set<string>} */
    this.handed = new Set();
    /** @type {Promise<unknown>} */
    this.line = Promise.resolve();
    this.settling = false;
    this.again = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    outbox.dealt.add(first.key);
  }

  /** The ballot on the screen was answered: go on. @param {View} answered as it stands now */
  handOver(answered) {
    this.handed.add(answered.key);
    if (this.inHand?.key === answered.key) this.inHand = null;
    this.past = [...this.past.filter(({ key }) => key !== answered.key), answered].slice(-REMEMBERED);
    this.next();
  }

  /** Show what comes next. */
  next() {
    const view = this.inHand ?? this.coming.shift() ?? null;
    this.current = view;
    if (!view) {
      this.stage.wait();
      this.settle();
      return;
    }
    this.coming = this.coming.filter(({ key }) => key !== view.key);
    this.stage.show(view, "next");
  }

  /** Reopen the ballot that was answered before this one. @returns {boolean} whether there is one */
  back() {
    // What was guessed about stands.
    const open = this.past.filter(({ key, guessed }) => !guessed || key === this.current?.key);
    const here = open.findIndex(({ key }) => key === this.current?.key);
    const view = here < 0 ? open.at(-1) : open[here - 1];
    if (view) this.open(view);
    return view !== undefined;
  }

  /** Show a ballot that this page has had before. @param {View} view */
  open(view) {
    const { current } = this;
    if (current && current !== this.inHand && !this.handed.has(current.key)) this.coming.unshift(current);
    this.current = view;
    this.stage.show(view, "back");
  }

  /** A ballot that this page knows. @param {(view: View) => boolean} is */
  known(is) {
    return [this.inHand, ...this.coming, ...this.past].find((view) => view && is(view)) ?? null;
  }

  /** The server has an answer. @param {string} key @param {import("./answers.js").Receipt} receipt */
  answered(key, { answered_at, answered, later, total }) {
    for (const view of [this.current, this.inHand, ...this.coming, ...this.past]) {
      if (!view) continue;
      view.progress = { answered, later, total };
      if (view.key === key && view.answered_before) view.answered_at = answered_at;
    }
  }

  /** Deal what stands on the screen, if it is not dealt, and look at what comes after it. */
  async settle() {
    this.again = true;
    if (this.settling) return;
    this.settling = true;
    clearTimeout(this.timer);
    while (this.again) {
      this.again = false;
      const settled = await this.#settleOnce().then(() => true, (error) => (this.stage.trouble(error), false));
      // The outbox comes back by itself as long as something waits in it.
      if (!settled) this.timer = setTimeout(() => this.settle(), RETRY);
    }
    this.settling = false;
  }

  async #settleOnce() {
    if (this.outbox.waiting.some(({ refused }) => !refused)) return;
    if (!this.current || !this.outbox.dealt.has(this.current.key)) await this.deal();
    await this.look();
  }

  /** Ask what comes, and make it ready. */
  async look() {
    const views = await lookAhead(this.study, [...this.handed, this.current?.key]);
    const shown = new Set([...this.handed, this.current?.key, this.inHand?.key]);
    this.coming = views.filter(({ key }) => !shown.has(key));
    const hand = this.inHand && this.inHand !== this.current ? [this.inHand] : [];
    this.stage.ready([...hand, ...this.coming]);
  }

  /** Deal the next ballot; one dealing after the other. @returns {Promise<string | null>} its key */
  deal() {
    const dealing = this.line.then(() => this.#deal());
    this.line = dealing.catch(() => {});
    return dealing;
  }

  async #deal() {
    const dealt = await dealNext(this.study, this.handed);
    if ("done" in dealt) {
      const unsent = this.outbox.waiting.some(({ refused }) => !refused);
      if (!unsent && (!this.current || !this.outbox.dealt.has(this.current.key))) this.stage.leave(dealt.study);
      return null;
    }
    this.outbox.dealt.add(dealt.key);
    // It was answered before it was dealt: its answer is next in the outbox.
    if (this.outbox.waiting.some(({ ballot, refused }) => ballot === dealt.key && !refused)) return dealt.key;
    this.handed.delete(dealt.key);
    this.#take(dealt);
    return dealt.key;
  }

  /** @param {View} dealt */
  #take(dealt) {
    const { current } = this;
    this.coming = this.coming.filter(({ key }) => key !== dealt.key);
    if (current?.key === dealt.key) {
      Object.assign(current, { lease_seconds: dealt.lease_seconds, progress: dealt.progress, number: dealt.number });
      this.inHand = current;
      this.stage.told(current);
      return;
    }
    this.inHand = dealt;
    if (current && this.outbox.dealt.has(current.key)) return;
    this.current = dealt;
    this.stage.show(dealt, current ? "other" : "next");
  }
}

// How long a ballot was looked at, and where in the sitting it stands. Hidden tabs do not count.

/** A sitting ends with a rest of this length, in milliseconds. */
const REST = 20 * 60_000;
const NAME = "maskballot-sitting";

/** @typedef {{ reader: string, count: number, began: number, last: number }} Kept */

export class Sitting {
  /** @param {string} reader @param {() => number} now in milliseconds */
  constructor(reader, now = () => performance.now()) {
    this.reader = reader;
    this.now = now;
    /** @type {string | null} */
    this.shownAt = null;
    this.reading = 0;
    this.paused = 0;
    this.since = now();
    this.hidden = document.hidden;
    document.addEventListener("visibilitychange", () => this.#count());
  }

  /** Add the time since the last change to what it was. */
  #count() {
    const now = this.now();
    if (this.hidden) this.paused += now - this.since;
    else this.reading += now - this.since;
    this.since = now;
    this.hidden = document.hidden;
  }

  /** A ballot stands on the screen. */
  begin() {
    this.shownAt = new Date().toISOString();
    this.reading = 0;
    this.paused = 0;
    this.since = this.now();
    this.hidden = document.hidden;
  }

  /** Nothing stands there. */
  end() {
    this.shownAt = null;
  }

  /** For how long the ballot was visible, in milliseconds. */
  visibleFor() {
    if (this.shownAt === null) return 0;
    this.#count();
    return this.reading;
  }

  /** What goes with an answer. */
  told() {
    const reading = Math.round(this.visibleFor());
    const count = this.#kept().count + 1;
    this.#keep({ count });
    return { shown_at: this.shownAt, reading_ms: reading, paused_ms: Math.round(this.paused), sitting: count };
  }

  /** For how long this sitting goes on, in minutes. */
  minutes() {
    return (Date.now() - this.#kept().began) / 60_000;
  }

  /** The break was taken, or is not wanted: count from here. */
  rested() {
    this.#keep({ began: Date.now() });
  }

  /** @returns {Kept} */
  #kept() {
    const now = Date.now();
    /** @type {Kept | null} */
    let kept = null;
    try {
      kept = JSON.parse(localStorage.getItem(NAME) ?? "null");
    } catch {
      // A browser that keeps nothing has sittings as long as its page.
    }
    kept ??= this.own ?? null;
    if (kept && kept.reader === this.reader && now - kept.last < REST) return kept;
    return { reader: this.reader, count: 0, began: now, last: now };
  }

  /** What is kept where the browser keeps nothing. @type {Kept | undefined} */
  own = undefined;

  /** @param {Partial<Kept>} change */
  #keep(change) {
    this.own = { ...this.#kept(), ...change, last: Date.now() };
    try {
      localStorage.setItem(NAME, JSON.stringify(this.own));
    } catch {
      // See above.
    }
  }
}

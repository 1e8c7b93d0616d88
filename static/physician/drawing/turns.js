// One thing after the other: while a tool works on the whole mask, what is asked of the drawing waits
// its turn, so that no stroke is lost and none overtakes the tool.

/** For how long nothing is said of a tool that works, in milliseconds. */
const SOON = 100;

export class Turns {
  constructor() {
    this.busy = false;
    /** Whether it takes long enough to be told. */
    this.slow = false;
    /** @type {(() => void)[]} */
    this.waiting = [];
    /** Called when `slow` changes. @type {() => void} */
    this.changed = () => {};
    this.count = 0;
  }

  /** Do something now, or in its turn. @param {() => void} act */
  take(act) {
    if (this.busy) this.waiting.push(act);
    else act();
  }

  /**
   * Let everything wait for a work, then do with it what is to be done, then what has waited.
   * @template T @param {Promise<T>} work @param {(made: T) => void} done @param {(error: unknown) => void} failed
   */
  async hold(work, done, failed) {
    const mine = ++this.count;
    this.busy = true;
    const timer = setTimeout(() => mine === this.count && this.#tell(true), SOON);
    try {
      const made = await work;
      if (mine === this.count) this.#free(() => done(made));
    } catch (error) {
      if (mine === this.count) this.#free(() => failed(error));
    } finally {
      clearTimeout(timer);
    }
    while (!this.busy && this.waiting.length > 0) /** @type {() => void} */ (this.waiting.shift())();
  }

  /** Leave off what works and what waits for it. @returns {boolean} whether there was something */
  drop() {
    const { busy } = this;
    this.count++;
    this.waiting = [];
    this.#free(() => {});
    return busy;
  }

  /** @param {() => void} then */
  #free(then) {
    this.busy = false;
    this.#tell(false);
    then();
  }

  /** @param {boolean} slow */
  #tell(slow) {
    if (this.slow === slow) return;
    this.slow = slow;
    this.changed();
  }
}

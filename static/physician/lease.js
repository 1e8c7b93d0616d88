// A dealt ballot is held for its reader for a while. While the reader is at it, the page asks for
// more; before the hold ends it says so, with a way to go on (WCAG 2.2.1).

import { ask } from "./answers.js";
import { t, tn } from "../words.js";

/** @typedef {import("./answers.js").View} View */

/** How often the page looks, and how long a reader who does nothing still counts as being there. */
const LOOK = 15_000;
const PRESENT = 4 * 60_000;
/** The warning comes this long before the end, in milliseconds; at least a fifth of the hold. */
const WARN = 2 * 60_000;

const GONE = () => t("This film is not held for you any more. You can still answer: your answer is kept, and counts if the film's place is still free.");

export class Lease {
  /** @param {(words: string, ended: boolean) => void} tell the notice, or "" for none */
  constructor(tell) {
    this.tell = tell;
    /** @type {View | null} */
    this.view = null;
    this.until = Infinity;
    this.whole = 0;
    this.active = Date.now();
    for (const event of ["keydown", "pointerdown", "pointermove", "wheel"]) {
      document.addEventListener(event, () => (this.active = Date.now()), { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => this.look());
    setInterval(() => this.look(), LOOK);
  }

  /** This ballot stands on the screen, or something new is known of its hold. @param {View | null} view */
  hold(view) {
    this.view = view;
    this.#until(view?.lease_seconds ?? null);
    this.tell("", false);
  }

  /** @param {number | null} seconds */
  #until(seconds) {
    this.until = seconds === null ? Infinity : Date.now() + seconds * 1000;
    this.whole = (seconds ?? 0) * 1000;
  }

  /** Hold on where the reader is there; warn where not. */
  look() {
    if (!this.view || this.until === Infinity) return;
    const now = Date.now();
    const left = this.until - now;
    const present = !document.hidden && now - this.active < PRESENT;
    if (present && left < this.whole * 0.8) return this.extend();
    if (left > Math.max(WARN, this.whole / 5)) return;
    const minutes = Math.ceil(left / 60_000);
    if (left > 0) this.tell(tn("This film is held for you for {count} more minute.", "This film is held for you for {count} more minutes.", minutes), false);
    else this.tell(GONE(), true);
  }

  /** Ask for another hold. */
  async extend() {
    const { view } = this;
    if (!view) return;
    const said = await ask("POST", view.lease).catch(() => null);
    if (!said || this.view !== view) return;
    if (said.lease_seconds === null) {
      this.until = Infinity;
      this.tell(GONE(), true);
      return;
    }
    this.#until(said.lease_seconds);
    view.lease_seconds = said.lease_seconds;
    this.tell("", false);
  }
}

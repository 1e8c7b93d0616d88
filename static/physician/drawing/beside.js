// Work on whole masks beside the page, so that the hand on it never waits.

import { make } from "./whole.js";
import { t } from "../../words.js";

/** @typedef {import("./whole.js").Asked} Asked */
/** @typedef {import("./whole.js").Made} Made */

/** Words to say of work that failed. @param {unknown} error */
export const failure = (error) => t("The tool failed: {error}. The drawing is as it was.", { error: String(error) });

/** A worker, kept for the next mask. One work at a time. */
export class Beside {
  constructor() {
    /** @type {Worker | null} */
    this.worker = null;
  }

  /** @param {Asked} asked @returns {Promise<Made>} */
  make(asked) {
    if (typeof Worker === "undefined") return Promise.resolve(make(asked));
    this.worker ??= new Worker(new URL("./wholeworker.js", import.meta.url), { type: "module" });
    const { worker } = this;
    return new Promise((done, failed) => {
      worker.onmessage = ({ data }) => (data.made ? done(data.made) : failed(new Error(data.problem)));
      // It did not start (there may be no network), or died: slower, but the same, on the page.
      worker.onerror = () => {
        this.stop();
        Promise.resolve(asked).then(make).then(done, failed);
      };
      worker.postMessage({ asked });
    });
  }

  /** Leave the work under way off. */
  stop() {
    this.worker?.terminate();
    this.worker = null;
  }
}

// Waiting for a moment in which nothing else is to do, or for the eye to have what it waits for.

/** @returns {Promise<unknown>} */
export function idle() {
  return new Promise((done) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(done, { timeout: 200 });
    else setTimeout(done, 8);
  });
}

/** A page in the background has no frames: nothing waits longer for one, in milliseconds. */
const UNSEEN = 200;

/** Wait until the next frame is painted. @returns {Promise<unknown>} */
export function painted() {
  return new Promise((done) => {
    setTimeout(done, UNSEEN);
    requestAnimationFrame(() => setTimeout(done));
  });
}

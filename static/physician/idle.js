// Waiting for a moment in which nothing else is to do.

/** @returns {Promise<unknown>} */
export function idle() {
  return new Promise((done) => {
    if ("requestIdleCallback" in globalThis) requestIdleCallback(done, { timeout: 200 });
    else setTimeout(done, 8);
  });
}

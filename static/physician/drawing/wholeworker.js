// Works on whole masks in a thread of its own.

import { make } from "./whole.js";

addEventListener("message", ({ data }) => {
  // A page may load this module too (a test does); what it hears then is not for it.
  if (!(data?.asked?.words instanceof Int32Array)) return;
  const scope = /** @type {{ postMessage: (message: unknown, transfer?: Transferable[]) => void }} */ (globalThis);
  try {
    const made = make(data.asked);
    scope.postMessage({ made }, [made.words.buffer]);
  } catch (error) {
    scope.postMessage({ problem: error instanceof Error ? error.message : String(error) });
  }
});

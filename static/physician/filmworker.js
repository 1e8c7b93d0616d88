// Decodes films in a thread of its own.

import { decodeFilm } from "./filmcode.js";

addEventListener("message", async ({ data }) => {
  // A page may load this module too (a test does); what it hears then is not for it.
  if (!(data?.bytes instanceof ArrayBuffer)) return;
  const scope = /** @type {{ postMessage: (message: unknown, transfer?: Transferable[]) => void }} */ (globalThis);
  try {
    const decoded = await decodeFilm(new Uint8Array(data.bytes));
    const buffers = [...decoded.levels.map(({ values }) => values.buffer), decoded.counts.buffer, decoded.sample.buffer];
    scope.postMessage({ id: data.id, decoded }, /** @type {ArrayBuffer[]} */ (buffers));
  } catch (error) {
    scope.postMessage({ id: data.id, problem: error instanceof Error ? error.message : String(error) });
  }
});

// Deflating and inflating. The bytes go in as they are, not as a Blob: what a Blob holds is not let go
// before the garbage is collected, and nothing tells the collector how large it is.

/** Bytes that go in at a time, so that what comes out is never all held twice. */
const PIECE = 65536;

/**
 * Bytes through a compressing or decompressing stream, part by part. Throws what the stream throws.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>>}
 */
export async function* through(bytes, stream) {
  const fed = feed(bytes, stream.writable.getWriter());
  // It fails as the reading below does, which is where it is heard.
  fed.catch(() => {});
  const reader = stream.readable.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    reader.cancel().catch(() => {});
  }
  await fed;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {WritableStreamDefaultWriter} writer */
async function feed(bytes, writer) {
  for (let at = 0; at < bytes.length; at += PIECE) await writer.write(bytes.subarray(at, at + PIECE));
  await writer.close();
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 */
async function all(bytes, stream) {
  const parts = [];
  for await (const part of through(bytes, stream)) parts.push(part);
  const found = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    found.set(part, at);
    at += part.length;
  }
  return found;
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
export const deflate = (bytes) => all(bytes, new CompressionStream("deflate"));

/** @param {Uint8Array<ArrayBuffer>} bytes */
export const inflate = (bytes) => all(bytes, new DecompressionStream("deflate"));

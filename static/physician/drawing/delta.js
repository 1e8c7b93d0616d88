// What a step turned over, as few bytes: runs of pixels, or the plain bits where runs would be longer.

import { eachRun } from "./runs.js";

/** @typedef {import("./extent.js").Rectangle} Rectangle */

const RUNS = 0;
const BITS = 1;

/** Numbers of seven bits a byte, the low ones first; the highest bit says that more follow. */
class Writer {
  /** @param {number} limit give up beyond this many bytes */
  constructor(limit) {
    this.bytes = new Uint8Array(Math.min(limit, 256) + 16);
    this.length = 0;
    this.limit = limit;
  }

  /** @param {number} value */
  put(value) {
    if (this.length + 5 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    for (; value >= 128; value = Math.floor(value / 128)) this.bytes[this.length++] = (value & 127) | 128;
    this.bytes[this.length++] = value;
  }

  get full() {
    return this.length > this.limit;
  }
}

/**
 * The bits set in `turned` within `area`, or nothing if there are none.
 * @param {Int32Array} turned @param {number} stride words to a row @param {Rectangle} area
 * @returns {Uint8Array<ArrayBuffer> | null}
 */
export function encode(turned, stride, area) {
  const { top, bottom } = area;
  const [first, last] = [area.left >>> 5, (area.right + 31) >>> 5];
  const rows = bottom - top;
  const span = (last - first) * 32;
  const plain = rows * (last - first) * 4;
  const writer = new Writer(plain + 32);
  for (const value of [RUNS, top, first, rows, last - first]) writer.put(value);
  let end = 0;
  let found = false;
  for (let row = top; row < bottom && !writer.full; row++) {
    const start = (row - top) * span - first * 32;
    eachRun(turned, row * stride, first * 32, last * 32, (from, to) => {
      writer.put(start + from - end);
      writer.put(to - from);
      end = start + to;
      found = true;
    });
  }
  if (!found) return null;
  return writer.full ? plainBits(turned, stride, top, first, rows, last - first) : writer.bytes.slice(0, writer.length);
}

/**
 * @param {Int32Array} turned @param {number} stride
 * @param {number} top @param {number} first @param {number} rows @param {number} words
 */
function plainBits(turned, stride, top, first, rows, words) {
  const writer = new Writer(64);
  for (const value of [BITS, top, first, rows, words]) writer.put(value);
  const bytes = new Uint8Array(writer.length + rows * words * 4);
  bytes.set(writer.bytes.subarray(0, writer.length));
  const view = new DataView(bytes.buffer, writer.length);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let word = 0; word < words; word++, at += 4) view.setInt32(at, turned[(top + row) * stride + first + word]);
  }
  return bytes;
}

/**
 * Turn over what `encode` has written.
 * @param {import("../raster.js").Raster} raster @param {Uint8Array} bytes
 */
export function turnOver(raster, bytes) {
  let at = 0;
  const take = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const [kind, top, first, rows, words] = [take(), take(), take(), take(), take()];
  if (kind === BITS) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    for (let i = 0; i < rows * words; i++) {
      raster.turn(top + Math.floor(i / words), first + (i % words), view.getInt32(i * 4));
    }
    return;
  }
  const span = words * 32;
  for (let end = 0; at < bytes.length; ) {
    const start = end + take();
    end = start + take();
    const row = Math.floor(start / span);
    turnRun(raster, top + row, first * 32 + start - row * span, first * 32 + end - row * span);
  }
}

/** @param {import("../raster.js").Raster} raster @param {number} row @param {number} start @param {number} end */
function turnRun(raster, row, start, end) {
  const last = (end - 1) >>> 5;
  for (let word = start >>> 5; word <= last; word++) {
    const high = start > word * 32 ? -1 >>> (start & 31) : -1;
    const low = end < word * 32 + 32 ? -1 << (32 - (end & 31)) : -1;
    raster.turn(row, word, high & low);
  }
}

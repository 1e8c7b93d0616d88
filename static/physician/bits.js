// Bits and bytes: packed rasters, base64, SHA-256, identifiers.

import { sha256 } from "./sha256.js";

/**
 * Pack a raster of zeros and ones into a bit string: row-major, the first pixel in the highest bit,
 * rows not padded.
 * @param {Uint8Array} pixels
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function packBits(pixels) {
  const packed = new Uint8Array(Math.ceil(pixels.length / 8));
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i]) packed[i >> 3] |= 0x80 >> (i & 7);
  }
  return packed;
}

/**
 * Undo `packBits`.
 * @param {Uint8Array} packed
 * @param {number} count how many pixels
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unpackBits(packed, count) {
  if (packed.length !== Math.ceil(count / 8)) throw new Error("a bit string of another length");
  const pixels = new Uint8Array(count);
  for (let i = 0; i < count; i++) pixels[i] = (packed[i >> 3] >> (7 - (i & 7))) & 1;
  return pixels;
}

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = "";
  // In pieces: a call with a million arguments overflows the stack.
  for (let i = 0; i < bytes.length; i += 32768) {
    text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  }
  return btoa(text);
}

/**
 * SHA-256 in hex. The browser's own is offered on https and localhost only; a reading room in a
 * closed network may have neither.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function digest(bytes) {
  const sum = globalThis.crypto.subtle
    ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))
    : sha256(bytes);
  return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A random UUID (version 4), also where `crypto.randomUUID` is not offered. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

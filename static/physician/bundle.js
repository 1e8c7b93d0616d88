// The bundle of a ballot: K masks of equal size on one grid, as one deflated stream.

import { fetchBytes } from "./answers.js";
import { unpackBits } from "./bits.js";
import { inflate } from "./flate.js";
import { t } from "../words.js";

/**
 * @typedef {object} Bundle
 * @property {number} gridHeight
 * @property {number} gridWidth
 * @property {number} nativeHeight the film's
 * @property {number} nativeWidth
 * @property {Uint8Array[]} masks K rasters of gridHeight × gridWidth zeros and ones, in slot order
 */

const HEADER = 22;

/**
 * Read an inflated bundle: `MBB1`, K (16 bit), grid height, grid width, native height, native width
 * (32 bit each, big-endian), then K bit strings.
 * @param {Uint8Array} bytes
 * @returns {Bundle}
 */
export function parseBundle(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER || String.fromCharCode(...bytes.subarray(0, 4)) !== "MBB1") {
    throw new Error(t("the masks came in a form that this page does not know"));
  }
  const count = view.getUint16(4);
  const [gridHeight, gridWidth, nativeHeight, nativeWidth] = [6, 10, 14, 18].map((at) =>
    view.getUint32(at),
  );
  const size = Math.ceil((gridHeight * gridWidth) / 8);
  if (bytes.length !== HEADER + count * size) throw new Error(t("the masks came incomplete"));
  const masks = Array.from({ length: count }, (_, slot) => {
    const start = HEADER + slot * size;
    return unpackBits(bytes.subarray(start, start + size), gridHeight * gridWidth);
  });
  return { gridHeight, gridWidth, nativeHeight, nativeWidth, masks };
}

/**
 * @param {string} url
 * @returns {Promise<Bundle>}
 */
export async function fetchBundle(url) {
  const bytes = await fetchBytes(url, (status) => t("the masks did not arrive ({status})", { status }));
  return parseBundle(await inflate(new Uint8Array(bytes)));
}

/**
 * A mask of the bundle at the film's native size, each pixel taking the grid pixel it lies in: the
 * start of a drawing.
 * @param {Bundle} bundle
 * @param {number} slot
 * @returns {Uint8Array} nativeHeight × nativeWidth zeros and ones
 */
export function atNativeSize(bundle, slot) {
  const { gridHeight, gridWidth, nativeHeight, nativeWidth } = bundle;
  const mask = bundle.masks[slot];
  const pixels = new Uint8Array(nativeHeight * nativeWidth);
  for (let row = 0; row < nativeHeight; row++) {
    const gridRow = Math.floor(((row + 0.5) * gridHeight) / nativeHeight) * gridWidth;
    for (let column = 0; column < nativeWidth; column++) {
      const gridColumn = Math.floor(((column + 0.5) * gridWidth) / nativeWidth);
      pixels[row * nativeWidth + column] = mask[gridRow + gridColumn];
    }
  }
  return pixels;
}

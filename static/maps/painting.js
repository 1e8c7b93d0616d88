// A map's pictures as numbers, and numbers as colours.

import { outlines, toPath } from "../physician/contours.js";

/** @typedef {{ rows: number, columns: number, values: Uint8Array }} Raster row by row */
/** @typedef {{ colours: Uint8Array, opacity: number[] }} Palette 256 times red, green, blue; 256 times 0…255 */

/** Decode a PNG without letting the browser adapt its levels. @param {string} base64 */
function toBitmap(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const png = new Blob([bytes], { type: "image/png" });
  return createImageBitmap(png, { colorSpaceConversion: "none" });
}

/** @param {string} hex */
export function toBytes(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {HTMLCanvasElement} canvas */
function drawer(canvas) {
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas to draw on");
  return context;
}

/** Paint a film. @param {HTMLCanvasElement} canvas @param {string} base64 a PNG */
export async function paintFilm(canvas, base64) {
  const bitmap = await toBitmap(base64);
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = drawer(canvas);
  context.drawImage(bitmap, 0, 0);
  return context;
}

/** Read the values of a grey PNG. @param {string} base64 @returns {Promise<Raster>} */
export async function greyValues(base64) {
  const context = await paintFilm(document.createElement("canvas"), base64);
  const bitmap = context.canvas;
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const values = new Uint8Array(bitmap.width * bitmap.height);
  for (let i = 0; i < values.length; i++) values[i] = data[4 * i];
  return { rows: bitmap.height, columns: bitmap.width, values };
}

/** @param {HTMLCanvasElement} canvas @param {Raster} raster */
function cleared(canvas, raster) {
  canvas.width = raster.columns;
  canvas.height = raster.rows;
  return drawer(canvas);
}

/** Paint levels in colour; level 0 stays clear. @param {HTMLCanvasElement} canvas @param {Raster} levels @param {Palette} palette */
export function paintColours(canvas, levels, palette) {
  const context = cleared(canvas, levels);
  const image = context.createImageData(levels.columns, levels.rows);
  const { colours, opacity } = palette;
  for (let i = 0; i < levels.values.length; i++) {
    const level = levels.values[i];
    if (level === 0) continue;
    image.data.set(colours.subarray(3 * level, 3 * level + 3), 4 * i);
    image.data[4 * i + 3] = opacity[level];
  }
  context.putImageData(image, 0, 0);
}

/** Draw the mask's outline, two screen pixels wide. @param {HTMLCanvasElement} canvas @param {Raster} mask */
export function paintContour(canvas, mask) {
  const context = cleared(canvas, mask);
  const inside = mask.values.map((value) => (value > 127 ? 1 : 0));
  const path = toPath(outlines(inside, mask.rows, mask.columns), 1, 1);
  const pixel = mask.columns / (canvas.clientWidth || mask.columns);
  context.lineJoin = "round";
  for (const [width, colour] of /** @type {[number, string][]} */ ([[4, "#000"], [2, "#ffd84d"]])) {
    context.lineWidth = width * pixel;
    context.strokeStyle = colour;
    context.stroke(path);
  }
}

/** Paint the legend's bar from the floor to 1, on the mid grey of a film. @param {HTMLCanvasElement} canvas @param {Palette} palette @param {number} floor */
export function paintBar(canvas, palette, floor) {
  const context = drawer(canvas);
  const image = context.createImageData(canvas.width, 1);
  for (let i = 0; i < canvas.width; i++) {
    const level = Math.round(255 * (floor + ((1 - floor) * i) / (canvas.width - 1)));
    const strength = palette.opacity[level] / 255;
    for (let part = 0; part < 3; part++) {
      image.data[4 * i + part] = strength * palette.colours[3 * level + part] + (1 - strength) * 128;
    }
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

// What finding, picking and smoothing the parts of a mask cost; run in a page by bench_parts.py.

import { standstill } from "./strokes.js";

/** Which pixels are drawn; "parts" are two round ones with ragged edges, 10 % of the film. @param {string} kind @param {number} side */
function drawn(kind, side) {
  let seed = 1;
  const chance = () => ((seed = (Math.imul(seed, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 24;
  const within = (x, y, radius) => {
    const angle = Math.atan2(y, x);
    return Math.hypot(x, y) < radius * (1 + Math.sin(7 * angle) / 6 + Math.sin(41 * angle) / 25);
  };
  return {
    blank: () => false,
    parts: (x, y) => within(x - side / 3, y - side / 2, side / 7) || within(x - side * 0.72, y - side / 2, side / 10),
    stripes: (x) => x % 2 === 0,
    dots: (x, y) => x % 2 === 0 && y % 2 === 0,
    specks: () => chance() < 0.02,
    noise: () => chance() < 0.5,
  }[kind];
}

/** @param {() => void} act @param {number} times @returns {number} the fastest, in milliseconds: the others tell what else the computer did */
function timed(act, times) {
  const took = Array.from({ length: times }, () => {
    const begun = performance.now();
    act();
    return performance.now() - begun;
  });
  return Math.round(10 * Math.min(...took)) / 10;
}

/** @param {{ side: number, kind: string }} asked */
export async function measure({ side, kind }) {
  const load = (name) => import(`/static/physician/${name}.js`);
  const rooms = ["drawing", "raster", "drawing/parts", "drawing/runlist", "drawing/smooth", "drawing/picking"];
  const [{ Drawing }, { Raster }, { parts }, { countRuns }, { reach, smooth }, { cycle, decide }] = await Promise.all(rooms.map(load));
  const drawing = new Drawing();
  drawing.show({ gridHeight: 1, gridWidth: 1, nativeHeight: side, nativeWidth: side, masks: [] });
  const { raster } = drawing;
  const [inside, words] = [drawn(kind, side), new Int32Array(raster.words.length)];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) if (inside(x, y)) words[y * raster.stride + (x >>> 5)] |= 0x80000000 >>> (x & 31);
  }
  raster.become(words);
  drawing.commit();
  const next = () => new Promise((done) => cycle(drawing, 1, done));
  await next(); // the worker starts, the code is made fast
  const found = { share: raster.area / side ** 2, runs: countRuns(raster), parts: parts(raster).areas.length };
  found["all parts"] = timed(() => parts(raster), kind === "parts" ? 9 : 4);
  found["pick one"] = await standstill(next);
  found["drop it"] = await standstill(async () => decide(drawing, "drop"));
  drawing.undo();
  const smoothed = () => {
    const copy = new Raster(side, side);
    copy.become(words);
    smooth(copy, reach(side, side));
  };
  if (kind === "parts" || kind === "specks") found.smooth = timed(smoothed, 4);
  return found;
}

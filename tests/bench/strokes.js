// What a stroke costs; run in a page by bench_drawing.py.

import { sample } from "./frames.js";

const q = (times, share) => Math.round(10 * [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * share)]) / 10;

/** A drawing desk over a film, as on the ballot's page. @param {number} side */
async function desk(side) {
  const load = (name) => import(`/static/physician/${name}.js`);
  const [{ Panels }, { Drawing }, { Desk }, { INITIAL, Store }] =
    await Promise.all([load("panels"), load("drawing"), load("drawing/desk"), load("state")]);
  document.head.innerHTML = `<link rel="stylesheet" href="/static/base.css">
    <link rel="stylesheet" href="/static/physician/ballot.css"><link rel="stylesheet" href="/static/physician/drawing.css">`;
  document.body.innerHTML = `<div class="stage" id="stage"><figure class="panel sheet">
    <canvas></canvas><figcaption><span class="note"></span></figcaption></figure></div>`;
  document.body.dataset.mode = "draw";
  const stage = document.getElementById("stage");
  stage.style.cssText = `position:fixed;left:150px;top:50px;width:${innerWidth - 320}px;height:${innerHeight - 115}px`;
  const { film, bundle } = await sample(side);
  const store = new Store({ ...INITIAL, mode: "draw", radius: side / 60 });
  const panels = new Panels(stage, film, bundle);
  const drawing = new Drawing();
  drawing.show(bundle);
  const made = new Desk(store, panels, drawing, () => {});
  store.watch((state) => {
    panels.paint(state);
    made.pad.paint();
  });
  await new Promise(requestAnimationFrame);
  return { desk: made, store, drawing, panels };
}

/** Draw for many frames, four points of the pen a frame. */
async function frames({ desk: one, panels }, count, speed) {
  const box = panels.sheet.box;
  const at = (i) => ({
    x: box.width * (0.5 + 0.2 * Math.sin((i * speed) / 37)),
    y: box.height * (0.5 + 0.3 * Math.cos((i * speed) / 53)),
  });
  const [work, gaps] = [[], []];
  let before = 0;
  one.draw([at(0)], "start", false);
  for (let i = 0; i < count; i++) {
    const now = await new Promise(requestAnimationFrame);
    if (before) gaps.push(now - before);
    before = now;
    const begun = performance.now();
    const points = [0.25, 0.5, 0.75, 1].map((part) => at(i + part));
    one.draw(points, "move", false);
    one.hover(points[3]);
    one.pad.paint();
    one.pad.context.getImageData(0, 0, 1, 1); // waits until the pixels are there
    work.push(performance.now() - begun);
  }
  one.draw([], "end", false);
  return { median: q(work, 0.5), p95: q(work, 0.95), gap_median: q(gaps, 0.5), gap_p95: q(gaps, 0.95) };
}

/** Thousands of strokes: what the first and the last ones cost, and what undoing them holds. */
function strokes({ drawing, desk: one, panels }, count) {
  const box = panels.sheet.box;
  const times = [];
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < count; i++) {
    const begun = performance.now();
    let at = { x: box.width * (0.35 + 0.3 * chance()), y: box.height * (0.2 + 0.6 * chance()) };
    one.draw([at], "start", i % 4 === 3);
    for (let k = 0; k < 30; k++) {
      at = { x: at.x + 8 * chance() - 4, y: at.y + 8 * chance() - 4 };
      one.draw([at], "move", false);
      if (k % 4 === 0) one.pad.paint();
    }
    one.draw([], "end", false);
    one.pad.paint();
    one.pad.context.getImageData(0, 0, 1, 1);
    times.push(performance.now() - begun);
  }
  return {
    "strokes 6 to 25, median": q(times.slice(5, 25), 0.5),
    "strokes 1981 to 2000, median": q(times.slice(-20), 0.5),
    steps: drawing.raster.done.length,
    "MB of undo": Math.round(drawing.raster.bytes / 1e4) / 100,
  };
}

/** @param {{ side: number, frames: number, strokes: number }} asked */
export async function measure(asked) {
  const made = await desk(asked.side);
  const { store, drawing } = made;
  const found = {};
  const set = async (state) => {
    store.set(state);
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
  };
  const all = { zoom: 1, x: 0.5, y: 0.5 };
  found["film fits, brush of 100 pixels"] = await frames(made, asked.frames, 1);
  found["film fits, a fast hand"] = await frames(made, asked.frames, 8);
  await set({ radius: 200 });
  found["film fits, brush of 400 pixels"] = await frames(made, asked.frames, 1);
  await set({ view: { ...all, zoom: 8 }, radius: 25 });
  found["enlarged 8 ×, brush of 50 pixels"] = await frames(made, asked.frames, 1);
  await set({ view: all, radius: 50, tool: "grey" });
  found["film fits, grey brush of 100 pixels"] = await frames(made, asked.frames, 1);
  await set({ tool: "brush" });
  drawing.clear("blank");
  found["one stroke after another"] = strokes(made, asked.strokes);
  found["on a candidate"] = await wholes(made);
  return found;
}

/** For how long the page did nothing else at the longest, while something went on; and how long that took. */
export async function standstill(act) {
  const { port1, port2 } = new MessageChannel();
  let [last, longest, goes] = [performance.now(), 0, true];
  port1.onmessage = () => {
    const now = performance.now();
    [longest, last] = [Math.max(longest, now - last), now];
    if (goes) port2.postMessage(0);
  };
  port2.postMessage(0);
  await new Promise((done) => setTimeout(done, 100));
  [last, longest] = [performance.now(), 0];
  const begun = performance.now();
  await act();
  const took = performance.now() - begun;
  await new Promise((done) => setTimeout(done, 100));
  goes = false;
  return { took: q([took], 1), standstill: q([longest], 1) };
}

/** The tools on the whole mask: on the page itself, as a browser without workers does them, and beside it. */
async function wholes({ drawing, desk: one, store }) {
  const load = (name) => import(`/static/physician/drawing/${name}.js`);
  const [{ make }, { startOf }] = await Promise.all([load("whole"), load("starting")]);
  const { wish: start } = startOf(drawing.bundle, 0);
  const wishes = { start, holes: { tool: "holes" }, specks: { tool: "specks", smallest: 1000 }, smooth: { tool: "smooth" } };
  const { height, width } = drawing.raster;
  const onPage = (wish) => () => {
    drawing.raster.become(make({ wish, height, width, words: drawing.raster.words }).words);
    drawing.commit();
    store.redraw();
    return new Promise(requestAnimationFrame);
  };
  const beside = (wish) => async () => {
    await new Promise((done) => one.work(() => wish, () => (done(), "")));
    return new Promise(requestAnimationFrame);
  };
  const found = {};
  for (const [way, through] of [["on the page", onPage], ["beside the page", beside]]) {
    drawing.clear();
    await through(start)();
    found["share of the film"] = Math.round((1000 * drawing.raster.area) / (height * width)) / 1000;
    found[way] = {};
    for (const [name, wish] of Object.entries(wishes)) found[way][name] = await standstill(through(wish));
  }
  found["to send"] = await standstill(() => drawing.packed());
  return found;
}

// What a frame of the reading room costs; run in a page by bench_screen.py.

/** A film of 16 bits with four masks. @param {number} side */
export async function sample(side) {
  const [{ Film }, filmcode] = await Promise.all([import("/static/physician/film.js"), import("/static/physician/filmcode.js")]);
  const values = new Uint16Array(side * side);
  for (let i = 0; i < values.length; i++) {
    const [x, y] = [i % side, (i / side) | 0];
    values[i] = 30000 + 20000 * Math.sin(x / 90) * Math.cos(y / 70) + ((i * 2654435761) >>> 20);
  }
  const levels = [{ height: side, width: side, values }];
  while (side >> levels.length >= 256) levels.push(filmcode.halved(levels[levels.length - 1]));
  const counts = new Uint32Array(65536);
  for (const value of values) counts[value]++;
  const header = { height: side, width: side, depth: 16, bits: 16, photometric: "MONOCHROME2", slope: 1, intercept: 0, voi: null, spacing_mm: [0.14, 0.14] };
  const film = new Film({ header, levels, counts, sample: values.slice(0, 8000).sort() });

  const grid = 768;
  const masks = [0, 1, 2, 3].map((slot) => {
    const mask = new Uint8Array(grid * grid);
    for (let i = 0; i < mask.length; i++) {
      const [x, y] = [(i % grid) - 250 - 20 * slot, ((i / grid) | 0) - 400];
      const far = 150 + 25 * Math.sin(7 * Math.atan2(y, x) + slot) + 6 * Math.sin(41 * Math.atan2(y, x));
      mask[i] = x * x + y * y < far * far || (x - 300) ** 2 + y * y < (far * 0.7) ** 2 ? 1 : 0;
    }
    return mask;
  });
  const bundle = { gridHeight: grid, gridWidth: grid, nativeHeight: side, nativeWidth: side, masks };
  return { film, bundle };
}

/** @param {{ painter: string, frames: number, side: number }} asked */
export async function measure({ painter, frames, side }) {
  localStorage.setItem("maskballot.painter", painter);
  const load = (name) => import(`/static/physician/${name}.js`);
  const [{ Panels }, { INITIAL }] = await Promise.all([load("panels"), load("state")]);
  document.body.innerHTML = `<div class="stage" id="stage"><figure class="panel sheet" hidden>
    <canvas></canvas><figcaption><span class="note"></span></figcaption></figure></div>`;
  const stage = document.getElementById("stage");
  stage.style.cssText = `position:fixed;left:150px;top:50px;width:${innerWidth - 160}px;height:${innerHeight - 115}px`;

  const { film, bundle } = await sample(side);
  let start = performance.now();
  const panels = new Panels(stage, film, bundle);
  const traced = performance.now() - start;
  start = performance.now();
  await panels.prepare(film, bundle);
  const uploaded = performance.now() - start;

  const last = () => panels.panels[3].context.getImageData(0, 0, 1, 1);
  let state = { ...INITIAL };
  start = performance.now();
  panels.paint(state, () => {});
  last();
  const first = performance.now() - start;
  const q = (times, share) => Math.round(10 * [...times].sort((a, b) => a - b)[Math.floor((times.length - 1) * share)]) / 10;
  const run = async (change) => {
    const [work, gaps] = [[], []];
    let before = 0;
    for (let i = 0; i < frames; i++) {
      const now = await new Promise(requestAnimationFrame);
      if (before) gaps.push(now - before);
      before = now;
      const begun = performance.now();
      state = { ...state, ...change(i) };
      panels.paint(state, () => {});
      last();
      work.push(performance.now() - begun);
    }
    return { median: q(work, 0.5), p95: q(work, 0.95), gap_median: q(gaps, 0.5), gap_p95: q(gaps, 0.95) };
  };
  const drag = (i) => ({ window: film.meaning.moved(state.window, 0.002 * Math.sin(i / 9), 0.003 * Math.cos(i / 7)) });
  const zoomed = { zoom: 6, x: 0.45, y: 0.5 };
  const found = { painter: panels.lightbox.card ? "card" : "processor", traced, uploaded, first };
  found["window, film fits"] = await run(drag);
  found["zoom from fit to 12 ×"] = await run((i) => ({ view: { zoom: 1 + (11 * i) / frames, x: 0.45, y: 0.5 } }));
  state = { ...state, view: zoomed };
  found["window, zoomed 6 ×"] = await run(drag);
  found["pan, zoomed 6 ×"] = await run((i) => ({ view: { ...zoomed, x: 0.4 + i / 1000 } }));
  state = { ...state, style: "both", strip: true, view: { zoom: 1, x: 0.5, y: 0.5 } };
  found["window, one large and a strip"] = await run(drag);
  return found;
}

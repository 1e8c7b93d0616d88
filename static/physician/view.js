// Where the eye is: zoom and place on the film, linked over all panels. Pure.

/**
 * @typedef {object} View
 * @property {number} zoom 1 fits the film into its panel
 * @property {number} x film pixel at the panel's centre, as a share of the film's width
 * @property {number} y as a share of its height
 */

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ left: number, top: number, width: number, height: number }} Box */
/** @typedef {{ x: number, y: number }} Point */

/** @type {View} */
export const FIT = Object.freeze({ zoom: 1, x: 0.5, y: 0.5 });

/** Pixels of the page to a pixel of the film, at most. */
const MOST = 32;

/** Screen pixels to a film pixel when the film fits. @param {Size} film @param {Size} panel */
export function fitScale(film, panel) {
  return Math.min(panel.width / film.width, panel.height / film.height);
}

/**
 * The transform from film pixels to the panel's pixels: screen = film · scale + offset.
 * @param {View} view @param {Size} film @param {Size} panel
 */
export function transform(view, film, panel) {
  const scale = fitScale(film, panel) * view.zoom;
  return {
    scale,
    x: panel.width / 2 - view.x * film.width * scale,
    y: panel.height / 2 - view.y * film.height * scale,
  };
}

/**
 * The same onto a canvas of `ratio` pixels to a pixel of the page. Where a film pixel is a whole number of
 * canvas pixels it begins with one, so that pixel for pixel nothing is blurred.
 * @param {View} view @param {Size} film @param {Size} panel @param {number} ratio
 */
export function onCanvas(view, film, panel, ratio) {
  const { scale, x, y } = transform(view, film, panel);
  const wanted = scale * ratio;
  const whole = Math.round(wanted);
  const crisp = whole >= 1 && Math.abs(wanted - whole) < 1e-6 * whole;
  if (!crisp) return { scale: wanted, x: x * ratio, y: y * ratio };
  return { scale: whole, x: Math.round(x * ratio), y: Math.round(y * ratio) };
}

/** The view that shows the film pixel for pixel. @param {View} view @param {Size} film @param {Size} panel @param {number} ratio */
export function pixelForPixel(view, film, panel, ratio) {
  const zoom = 1 / (fitScale(film, panel) * ratio);
  return zoom <= 1 ? { ...FIT, zoom } : { ...view, zoom };
}

/**
 * The film's point under a point of the panel.
 * @param {Point} point @param {View} view @param {Size} film @param {Size} panel
 * @returns {Point}
 */
export function toFilm(point, view, film, panel) {
  const { scale, x, y } = transform(view, film, panel);
  return { x: (point.x - x) / scale, y: (point.y - y) / scale };
}

/** The film never leaves the panel altogether. @param {View} view @returns {View} */
function kept({ zoom, x, y }) {
  const inside = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
  return { zoom, x: inside(x), y: inside(y) };
}

/**
 * Zoom by a factor; the film's point under `point` stays where it is.
 * @param {View} view @param {number} factor @param {Point} point @param {Size} film @param {Size} panel
 * @returns {View}
 */
export function zoomedAt(view, factor, point, film, panel) {
  const most = Math.max(8, MOST / fitScale(film, panel));
  // Smaller than its panel a film is shown pixel for pixel only; zooming out ends where it fits.
  const zoom = Math.min(most, Math.max(Math.min(1, view.zoom), view.zoom * factor));
  if (zoom <= 1) return { ...FIT, zoom };
  const held = toFilm(point, view, film, panel);
  const scale = fitScale(film, panel) * zoom;
  return kept({
    zoom,
    x: (held.x - (point.x - panel.width / 2) / scale) / film.width,
    y: (held.y - (point.y - panel.height / 2) / scale) / film.height,
  });
}

/**
 * Move the film by screen pixels.
 * @param {View} view @param {number} dx @param {number} dy @param {Size} film @param {Size} panel
 * @returns {View}
 */
export function panned(view, dx, dy, film, panel) {
  if (view.zoom <= 1) return view;
  const scale = fitScale(film, panel) * view.zoom;
  return kept({
    zoom: view.zoom,
    x: view.x - dx / scale / film.width,
    y: view.y - dy / scale / film.height,
  });
}

/**
 * Share a stage among `count` panels of equal size so that the film stands as large as it can;
 * whole pixels, row by row, a last short row in the middle.
 * @param {number} count @param {Size} film @param {Size} stage @param {number} gap
 * @param {Size} [usual] the stage's size while no notice takes of it: panels do not change places for one
 * @returns {Box[]}
 */
export function shared(count, film, stage, gap, usual = stage) {
  let best = { scale: 0, columns: 1 };
  for (let columns = 1; columns <= count; columns++) {
    const scale = fitScale(film, cell(count, columns, usual, gap));
    if (scale > best.scale) best = { scale, columns };
  }
  const { columns } = best;
  const { width, height } = cell(count, columns, stage, gap);
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / columns);
    const inRow = Math.min(columns, count - row * columns);
    const indent = ((columns - inRow) * (width + gap)) / 2;
    return {
      left: Math.floor(indent + (i % columns) * (width + gap)),
      top: row * (height + gap),
      width,
      height,
    };
  });
}

/** @param {number} count @param {number} columns @param {Size} stage @param {number} gap @returns {Size} */
function cell(count, columns, stage, gap) {
  const rows = Math.ceil(count / columns);
  return {
    width: Math.max(1, Math.floor((stage.width - gap * (columns - 1)) / columns)),
    height: Math.max(1, Math.floor((stage.height - gap * (rows - 1)) / rows)),
  };
}

/**
 * Share a stage between a large panel and a strip of `count` small ones, which lies along the stage's
 * longer side's end: on the right of a wide stage, at the foot of a tall one.
 * @param {number} count @param {Size} film @param {Size} stage @param {number} gap
 * @returns {{ large: Box, small: Box[] }}
 */
export function strip(count, film, stage, gap) {
  const wide = stage.width > stage.height;
  const long = Math.max(1, Math.floor(((wide ? stage.height : stage.width) - gap * (count - 1)) / count));
  const across = wide ? stage.width : stage.height;
  const asFilm = wide ? (long * film.width) / film.height : (long * film.height) / film.width;
  const thick = Math.max(1, Math.floor(Math.min(across * 0.3, Math.max(across * 0.12, asFilm))));
  const rest = Math.max(1, across - thick - gap);
  const small = Array.from({ length: count }, (_, i) =>
    wide
      ? { left: rest + gap, top: i * (long + gap), width: thick, height: long }
      : { left: i * (long + gap), top: rest + gap, width: long, height: thick },
  );
  return { large: { left: 0, top: 0, width: wide ? rest : stage.width, height: wide ? stage.height : rest }, small };
}

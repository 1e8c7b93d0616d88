// The page of infection maps: a film goes in by drop or choice, its map comes back and is shown.

import { greyValues, paintBar, paintColours, paintContour, paintFilm, toBytes } from "./painting.js";
import { decimal, number, t } from "/static/words.js";
import { extentWords, tellFacts, tellFigures, tellLungs, tellTicks } from "./telling.js";

/** @typedef {import("./painting.js").Raster} Raster */
/** @typedef {import("./telling.js").Numbers} Numbers */
/**
 * @typedef {object} Answer as `app.maps.screen.ScreenMap` says it
 * @property {Numbers} numbers
 * @property {number} rows
 * @property {number} columns
 * @property {number} aspect by how much a pixel is shown higher than wide
 * @property {string} film
 * @property {string} levels
 * @property {string} mask
 * @property {Record<string, string>} colours
 * @property {number[]} opacity
 */

/** @template {HTMLElement} T @param {string} id @param {new () => T} kind @returns {T} */
function part(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`no ${kind.name} #${id}`);
  return found;
}

/** What is shown; everything on the page is drawn from it. */
const state = {
  /** @type {File | null} */ file: null,
  /** @type {Answer | null} */ answer: null,
  /** @type {Raster | null} */ levels: null,
  /** @type {Raster | null} */ mask: null,
  hidden: false,
  contour: false,
};

/** @type {AbortController | null} */
let underway = null;

/** Send a film and show its map; a film sent later takes its place. @param {File} file */
async function ask(file) {
  underway?.abort();
  const mine = (underway = new AbortController());
  state.file = file;
  say(t("Mapping {name} …", { name: file.name }), "");
  part("result", HTMLElement).classList.add("working");
  try {
    const answer = await mapOf(file, mine.signal);
    const [levels, mask] = await Promise.all([greyValues(answer.levels), greyValues(answer.mask)]);
    if (mine !== underway) return;
    await paintFilm(part("shown", HTMLCanvasElement), answer.film);
    Object.assign(state, { answer, levels, mask });
    show(file.name, answer);
    say(t("The map of {name} is shown.", { name: file.name }), "");
  } catch (error) {
    if (mine === underway) say("", error instanceof Error ? error.message : String(error));
  }
  if (mine === underway) part("result", HTMLElement).classList.remove("working");
}

/** @param {File} file @param {AbortSignal} signal @returns {Promise<Answer>} */
async function mapOf(file, signal) {
  const networks = encodeURIComponent(part("networks", HTMLSelectElement).value);
  const form = new FormData();
  form.append("film", file);
  const response = await fetch(`/maps?networks=${networks}`, {
    method: "POST", body: form, signal, headers: { Accept: "application/json" },
  }).catch((error) => {
    if (signal.aborted) throw error;
    throw new Error(t("The server could not be reached. Try again."));
  });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({ title: t("The server did not answer as expected.") }));
  throw new Error([problem.title, problem.detail].filter(Boolean).join(" "));
}

/** @param {string} words @param {string} wrong */
function say(words, wrong) {
  part("status", HTMLElement).textContent = words;
  const notice = part("wrong", HTMLElement);
  notice.hidden = wrong === "";
  /** @type {HTMLElement} */ (notice.firstElementChild).textContent = wrong;
}

/** @param {string} name @param {Answer} answer */
function show(name, answer) {
  const { numbers } = answer;
  const lightbox = part("lightbox", HTMLElement);
  const height = answer.rows * answer.aspect;
  lightbox.style.aspectRatio = `${answer.columns} / ${height}`;
  lightbox.style.width = `min(100%, ${(75 * answer.columns) / height}vh)`;
  part("name", HTMLElement).textContent = name;
  part("painted", HTMLElement).textContent = paintedWords(numbers);
  part("extent-words", HTMLElement).textContent = extentWords(numbers);
  tellFigures(part("figures", HTMLElement), numbers);
  tellLungs(part("lungs", HTMLElement), numbers);
  tellFacts(part("facts", HTMLElement), numbers);
  tellTicks(part("ticks", HTMLElement), numbers.painted_from);
  part("result", HTMLElement).hidden = false;
  draw();
}

/** @param {Numbers} numbers */
function paintedWords({ painted_from: floor, lungs_network: lungs, threshold }) {
  const unpainted = lungs
    ? t("Nothing is painted below {floor} or outside the lungs.", { floor })
    : t("Nothing is painted below {floor}.", { floor });
  return `${unpainted} ${t("The mask begins at {threshold}.", { threshold: decimal(threshold, 2) })}`;
}

/** Draw the layer and the controls from the state. */
function draw() {
  const { answer, levels, mask } = state;
  if (!answer || !levels || !mask) return;
  const colours = toBytes(answer.colours[part("colours", HTMLSelectElement).value]);
  const palette = { colours, opacity: answer.opacity };
  const layer = part("layer", HTMLCanvasElement);
  if (state.contour) paintContour(layer, mask);
  else paintColours(layer, levels, palette);
  paintBar(part("bar", HTMLCanvasElement), palette, answer.numbers.painted_from);
  dress();
}

/** Set what needs no new drawing: hidden or not, how opaque, which buttons are pressed. */
function dress() {
  const opacity = part("opacity", HTMLInputElement).valueAsNumber;
  const layer = part("layer", HTMLCanvasElement);
  layer.style.visibility = state.hidden ? "hidden" : "visible";
  layer.style.opacity = String(opacity / 100);
  part("opacity-words", HTMLElement).textContent = `${number(opacity)} %`;
  part("hide", HTMLElement).setAttribute("aria-pressed", String(state.hidden));
  part("contour", HTMLElement).setAttribute("aria-pressed", String(state.contour));
}

function toggleHidden() {
  state.hidden = !state.hidden;
  dress();
}

function toggleContour() {
  state.contour = !state.contour;
  draw();
}

/** Say the probability under the pointer. @param {PointerEvent} event */
function point(event) {
  const { levels, answer } = state;
  if (!levels || !answer) return;
  const box = part("lightbox", HTMLElement).getBoundingClientRect();
  const column = Math.floor(((event.clientX - box.left) / box.width) * levels.columns);
  const row = Math.floor(((event.clientY - box.top) / box.height) * levels.rows);
  const level = levels.values[row * levels.columns + column];
  part("pointed", HTMLElement).textContent = level ? `p = ${decimal(level / 255, 2)}` : t("not painted here");
}

/** @param {KeyboardEvent} event */
function press(event) {
  const typing = event.target instanceof Element && event.target.closest("select, input:not([type=range]):not([type=file])");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.code === "KeyH") toggleHidden();
  if (event.code === "KeyC") toggleContour();
}

/** Let films be dropped anywhere. */
function listenForDrops() {
  const { classList } = document.documentElement;
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (file) ask(file);
  });
}

function start() {
  const chosen = part("film", HTMLInputElement);
  chosen.addEventListener("change", () => chosen.files?.[0] && ask(chosen.files[0]));
  part("networks", HTMLSelectElement).addEventListener("change", () => state.file && ask(state.file));
  part("asking", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());
  part("colours", HTMLSelectElement).addEventListener("change", draw);
  part("opacity", HTMLInputElement).addEventListener("input", dress);
  part("hide", HTMLButtonElement).addEventListener("click", toggleHidden);
  part("contour", HTMLButtonElement).addEventListener("click", toggleContour);
  part("lightbox", HTMLElement).addEventListener("pointermove", point);
  part("lightbox", HTMLElement).addEventListener("pointerleave", () => {
    part("pointed", HTMLElement).textContent = "";
  });
  document.addEventListener("keydown", press);
  listenForDrops();
}

// Without networks the page holds nothing to start.
if (document.getElementById("asking")) start();

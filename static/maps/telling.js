// A map's numbers in words. Every text goes in as text, never as markup.

import { decimal, number, t } from "/static/words.js";

/** @typedef {{ percent: number, grade: number, zones: Record<string, number> }} Lung */
/** @typedef {{ name: string, sha256: string }} Used */
/**
 * @typedef {object} Numbers as `app.maps.numbers.MapNumbers` says them
 * @property {string} version
 * @property {string} research_only
 * @property {{ sha256: string, rows: number, columns: number }} film
 * @property {Used[]} networks
 * @property {Used | null} lungs_network
 * @property {string[]} learnt_from_this_film
 * @property {number} threshold
 * @property {number} painted_from
 * @property {string} remark
 * @property {{ infected: boolean, score: number, threshold: number, any_pixel: boolean, sensitivity: number | null,
 *   specificity: number | null, measured_on: string, caution: string }} detection
 * @property {{ percent: number, smallest: number, largest: number, grades: number | null, right: Lung | null,
 *   left: Lung | null } | null} extent
 */

/** @param {number} percent */
const percents = (percent) => `${decimal(percent, 1)} %`;
/** @param {number} share */
const shares = (share) => percents(100 * share);

/** @param {string} tag @param {string} text @param {string} [kind] */
export function element(tag, text, kind = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

/** The three large numbers. @param {HTMLElement} list @param {Numbers} numbers */
export function tellFigures(list, numbers) {
  const { detection, extent } = numbers;
  /** @type {[string, string][]} */
  const pairs = [[t("Infection"), detection.infected ? t("found") : t("not found")]];
  if (extent) pairs.push([t("Of the lungs"), percents(extent.percent)]);
  if (extent && extent.grades !== null) pairs.push([t("Grades, 0 to 8"), String(extent.grades)]);
  list.replaceChildren(...pairs.map(([words, number]) => {
    const pair = document.createElement("div");
    pair.append(element("dt", words), element("dd", number));
    return pair;
  }));
}

/** One row a lung. @param {HTMLElement} body @param {Numbers} numbers */
export function tellLungs(body, { extent }) {
  const sides = /** @type {[string, Lung | null | undefined][]} */ ([[t("Right"), extent?.right], [t("Left"), extent?.left]]);
  body.replaceChildren(...sides.map(([side, lung]) => {
    const row = document.createElement("tr");
    const heading = element("th", side);
    heading.setAttribute("scope", "row");
    const cells = lung
      ? [percents(lung.percent), String(lung.grade), ...["upper", "middle", "lower"].map((zone) => percents(lung.zones[zone]))]
      : ["–", "–", "–", "–", "–"];
    row.append(heading, ...cells.map((cell) => element("td", cell, "number")));
    return row;
  }));
}

/** @param {Numbers} numbers */
export function extentWords({ extent, remark, networks }) {
  if (!extent) return remark;
  if (networks.length === 1) return "";
  const span = { least: percents(extent.smallest), most: percents(extent.largest) };
  return t("Single networks: from {least} to {most} of the lungs.", span);
}

/** @param {Numbers} numbers */
function detectionWords({ detection }) {
  const { score, threshold, sensitivity, specificity } = detection;
  const said = [t("The mask covers {score} of the film; infection counts as found from {threshold}.", {
    score: shares(score), threshold: shares(threshold),
  })];
  if (sensitivity !== null && specificity !== null) {
    said.push(t("There, sensitivity is {sensitivity} and specificity {specificity}, measured on {films}.", {
      sensitivity: shares(sensitivity), specificity: shares(specificity), films: detection.measured_on,
    }));
  }
  return [...said, detection.caution].join(" ");
}

/** @param {Numbers} numbers */
function maskWords(numbers) {
  const threshold = decimal(numbers.threshold, 2);
  return numbers.networks.length > 1
    ? t("from probability {threshold}, of the networks' mean", { threshold })
    : t("from probability {threshold}", { threshold });
}

/** @param {Numbers} numbers */
function filmWords({ film }) {
  const { rows, columns, sha256 } = film;
  return t("{columns} by {rows} pixels, sha256 {sha256}", { columns: `${columns}`, rows: `${rows}`, sha256 });
}

/** Where the map came from. @param {HTMLElement} list @param {Numbers} numbers */
export function tellFacts(list, numbers) {
  const used = [...numbers.networks, ...(numbers.lungs_network ? [numbers.lungs_network] : [])];
  /** @type {[string, string][]} */
  const facts = [
    [t("Detection"), detectionWords(numbers)],
    [t("Mask"), maskWords(numbers)],
    ...used.map(({ name, sha256 }) => /** @type {[string, string]} */ ([name, `sha256 ${sha256}`])),
    [t("Film"), filmWords(numbers)],
    [t("Version"), `maskballot ${numbers.version}, ${numbers.research_only}`],
  ];
  if (numbers.learnt_from_this_film.length > 0) {
    const networks = numbers.learnt_from_this_film.join(", ");
    facts.unshift([t("Beware"), t("{networks} learnt from this film, so its map flatters.", { networks })]);
  }
  list.replaceChildren(...facts.flatMap(([words, fact]) => [element("dt", words), element("dd", fact)]));
}

/** The legend's numbers, each at its place along the bar. @param {HTMLElement} list @param {number} floor */
export function tellTicks(list, floor) {
  list.replaceChildren(...[floor, 0.25, 0.5, 0.75, 1].map((probability) => {
    const tick = element("li", number(probability));
    tick.style.left = `${(100 * (probability - floor)) / (1 - floor)}%`;
    return tick;
  }));
}

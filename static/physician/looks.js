// What buttons and labels say about how the film and the masks are looked at.

import { t } from "../words.js";
import { press, write } from "./face.js";
import { letter } from "./panels.js";
import { PRESETS, same } from "./windows.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./panels.js").Panels} Panels */

/** @type {Record<State["style"], string>} */
const STYLES = { line: t("outline"), fill: t("fill"), both: t("both") };

/** @param {State} state @param {Panels} panels */
export function looks(state, panels) {
  const { meaning } = panels.film;
  for (const name of PRESETS) {
    press(`preset-${name}`, name === "stored" ? meaning.isStored(state.window) : same(state.window, meaning.preset(name)));
  }
  press("invert", state.inverted);
  press("hide", state.hidden);
  for (const mode of ["all", "blink", "difference"]) press(mode, state.mode === mode);
  press("strip", state.strip);
  press("values", state.values);
  write("#style", STYLES[state.style]);
  write("#opacity", `${Math.round(state.opacity * 100)} %`);
  const slot = panels.slotOf(panels.sheet, state);
  write(".sheet figcaption b", slot < 0 ? "" : letter(slot));
  write(".sheet .note", sheetNote(state, panels));
}

/** @param {State} state @param {Panels} panels */
function sheetNote(state, panels) {
  if (state.mode === "draw") return state.hidden ? t("drawing hidden") : t("your drawing");
  if (panels.panels.length === 0) return "";
  if (state.hidden) return t("masks hidden");
  const [last, before] = state.looked.map(letter);
  if (state.mode === "difference") return t("hatched: {one} only / and {other} only \\", { one: last, other: before });
  if (state.mode === "blink") return t("again: {letter}", { letter: before });
  if (state.mode !== "all") return "";
  const empty = panels.masks.flatMap((mask, slot) => (mask.empty ? letter(slot) : [])).join(", ");
  return empty ? t("all outlines; none in {letters}", { letters: empty }) : t("all outlines");
}

// Whose key does what: the acts' own keys, a preset upon them, and the reader's changes upon that.

import { t } from "../words.js";
import { ONE_HANDED_LEFT } from "./presets.js";

/** @typedef {import("./keys.js").Binding} Binding */
/** @typedef {Record<string, Binding>} Acts by name */

/**
 * @typedef {object} Settings as the account keeps them (`app/accounts/keys.py`)
 * @property {"two-handed" | "one-handed-left"} preset
 * @property {Record<string, string>} changes codes by the names of acts
 * @property {boolean} single_keys
 * @property {boolean} at_once
 */

export const ADDRESS = "/account/keys/settings";

/** @type {Settings} */
export const PLAIN = { preset: "two-handed", changes: {}, single_keys: true, at_once: false };

/** @type {Record<Settings["preset"], Record<string, string>>} */
export const PRESETS = { "two-handed": {}, "one-handed-left": ONE_HANDED_LEFT };

/** What the keys of the signs print where the browser does not tell. @type {Record<string, string>} */
const SIGNS = {
  Minus: "−", Equal: "+", BracketLeft: "[", BracketRight: "]", Semicolon: ";", Quote: "'", Backquote: "`",
  Backslash: "\\", Comma: ",", Period: ".", Slash: "/", IntlBackslash: "<",
};

/** Keys that print nothing. @type {Record<string, string>} */
const NAMED = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Escape: "Esc", Backspace: "⌫",
};

/** What the reader's board prints on its keys; empty where the browser does not tell. @returns {Promise<Map<string, string>>} */
export async function layout() {
  /** @type {{ getLayoutMap?: () => Promise<Iterable<[string, string]>> } | undefined} */
  const board = /** @type {any} */ (navigator).keyboard;
  try {
    return new Map((await board?.getLayoutMap?.()) ?? []);
  } catch {
    return new Map();
  }
}

/** What is printed on a key. @param {string} code @param {Map<string, string>} board */
export function capOf(code, board) {
  if (code.startsWith("Shift+")) return `⇧ ${capOf(code.slice(6), board)}`;
  if (NAMED[code]) return NAMED[code];
  if (code === "Equal" || code === "Minus") return SIGNS[code];
  const printed = board.get(code);
  if (printed?.trim()) return printed.toUpperCase();
  return SIGNS[code] ?? code.replace(/^(Key|Digit)/, "");
}

/** The key of an act. @param {string} name @param {string} own @param {Settings} settings */
export function codeFor(name, own, settings) {
  return own && (settings.changes[name] ?? PRESETS[settings.preset]?.[name] ?? own);
}

/** A letter, a digit or a sign (WCAG 2.1.4). @param {string} code */
export const single = (code) => !/^(Shift\+)?(Arrow\w+|Enter|Escape|Space|Delete|Backspace|Home|End|Page\w+|Insert|F\d+)$/.test(code);

/**
 * Acts with the reader's keys.
 * @param {Acts} acts @param {Settings} settings @param {Map<string, string>} board
 * @returns {Acts}
 */
export function applied(acts, settings, board) {
  return Object.fromEntries(
    Object.entries(acts).map(([name, act]) => {
      const code = codeFor(name, act.code, settings);
      const silent = !settings.single_keys && single(code);
      return [name, { ...act, home: act.code, code: silent ? "" : code, cap: silent ? "" : capOf(code, board) }];
    }),
  );
}

/**
 * Which other act a key has where `name` works too, if any. Acts of the same name are one act.
 * @param {Record<string, Acts>} groups `look` works together with each of the others
 * @param {string} name @param {string} code @param {Settings} settings
 * @returns {[string, Binding] | null}
 */
export function taken(groups, name, code, settings) {
  for (const [group, acts] of Object.entries(groups)) {
    const together = { ...groups.look, ...acts };
    if (!(name in together)) continue;
    if (group === "look" && Object.keys(groups).length > 1) continue;
    for (const [other, act] of Object.entries(together)) {
      if (other !== name && codeFor(other, act.code, settings) === code) return [other, act];
    }
  }
  return null;
}

/** Keys that are not ours to give. */
const OWNED = /^(Tab|Escape|F\d+|CapsLock|NumLock|ScrollLock|ContextMenu|Meta\w*|OS\w*|PrintScreen|Pause|Help|Browser\w+|Media\w+|Audio\w+|Launch\w+)$/;

/** A modifier by itself is the beginning of a key. @param {KeyboardEvent} event */
export const unfinished = (event) => ["Shift", "Control", "Alt", "Meta", "AltGraph"].includes(event.key);

/**
 * Why a pressed key cannot be given to an act; empty if it can.
 * @param {KeyboardEvent} event @param {string} code
 */
export function refusal(event, code) {
  if (event.ctrlKey || event.altKey || event.metaKey) {
    return t("Keys with Ctrl, Alt or ⌘ belong to the browser and to the system. Press a key alone, or with Shift.");
  }
  if (!event.code || OWNED.test(event.code)) return t("This key belongs to the browser or to the system. Press another one.");
  if (!/^(\?|(Shift\+)?[A-Z][A-Za-z0-9]{0,29})$/.test(code)) return t("This key cannot be told from others. Press another one.");
  return "";
}

/** The account's settings; the plain ones where they cannot be had. @returns {Promise<Settings>} */
export async function fetchSettings() {
  try {
    const answer = await fetch(ADDRESS, { headers: { Accept: "application/json" } });
    return answer.ok ? { ...PLAIN, ...(await answer.json()) } : PLAIN;
  } catch {
    return PLAIN;
  }
}

/**
 * Write on the buttons which keys do the same.
 * @param {Acts} acts with the reader's keys
 */
export function printCaps(acts) {
  for (const [name, { code, cap }] of Object.entries(acts)) {
    for (const button of document.querySelectorAll(`[data-do="${CSS.escape(name)}"]`)) {
      const kbd = button.querySelector("kbd");
      if (kbd) kbd.textContent = cap === "Enter" ? "↵" : cap.replace("⇧ ", "⇧");
      if (kbd) kbd.hidden = cap === "";
      if (code) button.setAttribute("aria-keyshortcuts", code.replace(/Key|Digit/, ""));
      else button.removeAttribute("aria-keyshortcuts");
    }
  }
}

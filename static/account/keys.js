// The editor of keys: every act there is, with its key. A new key is refused while it is typed if it
// does something else already; what is taken is kept with the account at once.

import { actions } from "../physician/actions.js";
import { ADDRESS, PLAIN, applied, capOf, fetchSettings, layout, refusal, taken, unfinished } from "../physician/keymap.js";
import { codeOf } from "../physician/keys.js";
import { t } from "../words.js";

/** @typedef {import("../physician/keymap.js").Acts} Acts */
/** @typedef {import("../physician/keymap.js").Settings} Settings */

/** As many letters as a ballot can have. */
const SLOTS = 5;

/** @param {string} id @returns {any} */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** Something that can be asked for anything, and does nothing: acts are listed here, not done. @type {any} */
const inert = new Proxy(function () {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => 0 : inert),
  apply: () => inert,
});

/** All acts by group, from the very modules that the ballot uses. @returns {Record<string, Acts>} */
export function groupsOfActs() {
  const room = new Proxy({ slots: SLOTS }, { get: (_, name) => (name === "slots" ? SLOTS : inert) });
  const all = actions(/** @type {any} */ (room));
  return /** @type {any} */ (Object.fromEntries(Object.entries(all).filter(([, value]) => typeof value !== "function")));
}

const TITLES = () => [
  ["compare", t("Comparing and answering")],
  ["look", t("Looking at the film")],
  ["draw", t("Drawing")],
];

class Editor {
  /** @param {Record<string, Acts>} groups @param {Settings} settings @param {Map<string, string>} board */
  constructor(groups, settings, board) {
    this.groups = groups;
    this.settings = settings;
    this.board = board;
    /** The act that is being given a key. @type {string | null} */
    this.asking = null;
  }

  start() {
    const form = part("settings");
    form.hidden = false;
    part("reset").hidden = false;
    form.addEventListener("change", () => this.#chosen(new FormData(form)));
    part("reset").addEventListener("click", () => this.#keep({ ...this.settings, changes: {} }, t("All keys have their places back.")));
    part("groups").addEventListener("click", (/** @type {MouseEvent} */ event) => this.#clicked(event));
    part("asking-key").addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#pressed(event));
    part("asking-key").addEventListener("input", () => (part("asking-key").value = ""));
    this.draw();
  }

  draw() {
    const form = part("settings");
    form.elements.preset.value = this.settings.preset;
    form.elements.single_keys.checked = this.settings.single_keys;
    form.elements.at_once.checked = this.settings.at_once;
    /** @type {Set<string>} */
    const seen = new Set();
    part("groups").replaceChildren(...TITLES().flatMap(([group, title]) => this.#table(group, title, seen)));
  }

  /** @param {string} group @param {string} title @param {Set<string>} seen acts that stand above already */
  #table(group, title, seen) {
    const shown = { ...this.settings, single_keys: true };
    const acts = Object.entries(applied(this.groups[group] ?? {}, shown, this.board)).filter(([name, act]) => act.home && !seen.has(name));
    acts.forEach(([name]) => seen.add(name));
    const heading = document.createElement("h2");
    heading.textContent = title;
    const table = document.createElement("table");
    table.className = "acts";
    table.innerHTML = "<thead><tr><th scope='col'></th><th scope='col'></th><th scope='col'></th></tr></thead><tbody></tbody>";
    [t("What it does"), t("Key"), t("Change")].forEach((words, i) => (table.querySelectorAll("th")[i].textContent = words));
    table.tBodies[0].append(...acts.map(([name, { cap }]) => this.#row(name, cap)));
    const frame = document.createElement("div");
    frame.className = "table";
    frame.append(table);
    return [heading, frame];
  }

  /** @param {string} name @param {string} cap */
  #row(name, cap) {
    const row = document.createElement("tr");
    row.dataset.act = name;
    row.classList.toggle("changed", name in this.settings.changes);
    const [what, key, change] = [0, 1, 2].map(() => row.insertCell());
    what.textContent = this.wordsOf(name);
    key.append(Object.assign(document.createElement("kbd"), { textContent: cap }));
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = t("Change");
    button.setAttribute("aria-label", t("Change the key of “{act}”, now {key}", { act: this.wordsOf(name), key: cap }));
    change.append(button);
    return row;
  }

  /** What an act is called; the same act may do different things in different modes. @param {string} name */
  wordsOf(name) {
    const words = Object.values(this.groups).map((acts) => acts[name]?.words).filter(Boolean);
    return [...new Set(words)].join(" · ") || name;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const row = event.target instanceof HTMLButtonElement && event.target.closest("tr");
    if (!row) return;
    this.asking = row.dataset.act ?? null;
    part("asking-title").textContent = t("New key for “{act}”", { act: this.wordsOf(this.asking ?? "") });
    part("asking-refused").textContent = "";
    part("asking-key").value = "";
    part("asking").showModal();
    part("asking-key").focus();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const leaving = event.key === "Escape" || (event.key === "Tab" && !event.ctrlKey && !event.altKey);
    if (leaving || unfinished(event) || !this.asking) return;
    event.preventDefault();
    const code = codeOf(event);
    const refused = refusal(event, code) || this.#conflict(this.asking, code);
    part("asking-key").value = capOf(code, this.board);
    part("asking-refused").textContent = refused;
    part("asking-key").setAttribute("aria-invalid", String(refused !== ""));
    if (refused) return;
    part("asking").close();
    this.#keep({ ...this.settings, changes: this.#changed(this.asking, code) }, t("“{act}” is now {key}.", { act: this.wordsOf(this.asking), key: capOf(code, this.board) }));
  }

  /** @param {string} name @param {string} code */
  #conflict(name, code) {
    const other = taken(this.groups, name, code, this.settings);
    const key = capOf(code, this.board);
    return other ? t("{key} does “{act}” already. Press another key, or give that one another key first.", { key, act: this.wordsOf(other[0]) }) : "";
  }

  /** The changes with one more; a key that the preset gives anyway is none. @param {string} name @param {string} code */
  #changed(name, code) {
    const { [name]: _, ...others } = this.settings.changes;
    const home = Object.values(this.groups).map((acts) => acts[name]?.code).find(Boolean) ?? "";
    const [plain] = Object.values(applied({ [name]: { ...PLACE, code: home } }, { ...this.settings, changes: {}, single_keys: true }, this.board));
    return plain.code === code ? others : { ...others, [name]: code };
  }

  /** @param {FormData} form */
  #chosen(form) {
    const preset = /** @type {Settings["preset"]} */ (form.get("preset"));
    // Changes were made upon one preset; upon another they could do two things with one key.
    const changes = preset === this.settings.preset ? this.settings.changes : {};
    const lost = Object.keys(this.settings.changes).length > Object.keys(changes).length;
    const words = lost ? t("Kept. Your changes upon the other keys are gone.") : t("Kept.");
    this.#keep({ preset, changes, single_keys: form.has("single_keys"), at_once: form.has("at_once") }, words);
  }

  /** @param {Settings} settings @param {string} words */
  async #keep(settings, words) {
    const before = this.settings;
    this.settings = settings;
    const focused = this.asking;
    this.asking = null;
    this.draw();
    if (focused) part("groups").querySelector(`[data-act="${CSS.escape(focused)}"] button`)?.focus();
    const answer = await fetch(ADDRESS, { method: "PUT", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(settings) }).catch(() => null);
    const kept = answer?.ok === true;
    part("state").textContent = kept ? words : "";
    part("trouble").hidden = kept;
    if (kept) return;
    part("trouble").querySelector("p").textContent = answer?.status === 401 ? t("You are signed out. Sign in and change the key again.") : t("The change could not be kept. Try again.");
    this.settings = before;
    this.draw();
  }
}

const PLACE = { cap: "", words: "", press: () => {} };

if (document.getElementById("settings")) {
  const [settings, board] = await Promise.all([fetchSettings(), layout()]);
  new Editor(groupsOfActs(), { ...PLAIN, ...settings }, board).start();
}

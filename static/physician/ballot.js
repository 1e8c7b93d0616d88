// The ballot: fetches film and masks, and puts the parts together.

import { actions } from "./actions.js";
import { inflate } from "./bits.js";
import { fetchBundle } from "./bundle.js";
import { Choosing } from "./choosing.js";
import { Drawing } from "./drawing.js";
import { reflect, say } from "./face.js";
import { loadFilm } from "./film.js";
import { handle } from "./gestures.js";
import { hands } from "./hands.js";
import { draftOf } from "./kept.js";
import { applied, fetchSettings, layout, printCaps } from "./keymap.js";
import { describe, listen } from "./keys.js";
import { Panels } from "./panels.js";
import { Saving } from "./saving.js";
import { INITIAL, Store } from "./state.js";

/** @typedef {import("./actions.js").Room} Room */

/** How often the lease is held on to while the reader is at it, in milliseconds. */
const LEASE = 5 * 60_000;

/** @param {string} id @returns {HTMLElement} */
function part(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

const stage = part("stage");

/** @param {string} name a data-* attribute of the stage */
const given = (name) => stage.dataset[name] ?? "";

const ballot = { key: given("key"), reader: given("reader"), answers: given("answers") };

/** An answered ballot is over in every tab that shows it. */
const tabs = new BroadcastChannel("maskballot");

const saving = new Saving((answer, next) => {
  tabs.postMessage({ reader: answer.reader, ballot: answer.ballot });
  if (answer.ballot === ballot.key) location.assign(next);
});

tabs.addEventListener("message", ({ data }) => {
  if (data.reader === ballot.reader && data.ballot === ballot.key) part("elsewhere").hidden = false;
});

/** Take up what was begun in this browser, or else answered before. @param {Room} room */
async function resume({ store, drawing }) {
  const draft = await draftOf(ballot.reader, ballot.key).catch(() => undefined);
  if (draft) {
    store.set({ choice: draft.choice, sure: draft.sure, comment: draft.comment });
    if (draft.drawing) drawing.restore(draft.drawing, draft.startedFrom);
    return;
  }
  const sure = given("sure") === "" ? null : given("sure") === "true";
  store.set({ choice: given("choice") || null, sure, comment: given("comment") });
  if (given("drawing")) {
    const answer = await fetch(given("drawing"));
    if (!answer.ok) throw new Error(`your drawing did not arrive (${answer.status})`);
    drawing.restore(await inflate(new Uint8Array(await answer.arrayBuffer())), "blank");
  }
}

/** Buttons do what their keys do. @param {Room} room @param {ReturnType<typeof actions>} acts */
function wireButtons({ store, choosing }, acts) {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
    if (!(button instanceof HTMLElement)) return;
    const name = button.dataset.do ?? "";
    const { mode, sure } = store.state;
    if (name === "sure-yes") choosing.setSure(sure === true ? null : true);
    if (name === "sure-no") choosing.setSure(sure === false ? null : false);
    const act = acts.of(mode)[name];
    // A held action ends with its key; a button has only clicks, so it turns the action on and off.
    if (act?.release && button.getAttribute("aria-pressed") === "true") act.release();
    else act?.press();
    // After the mouse the keys belong to the ballot again, not to the button.
    if (event.detail > 0) button.blur();
  });
}

/** @param {Room} room */
function wireDialogs({ store, choosing }) {
  const reason = /** @type {HTMLInputElement} */ (part("later-reason"));
  const comment = /** @type {HTMLTextAreaElement} */ (part("comment-text"));
  part("later").querySelector("form")?.addEventListener("submit", () => choosing.hand("later", false, reason.value.trim()));
  part("comment").addEventListener("close", () => {
    store.set({ comment: comment.value.trim() });
    choosing.keep();
  });
  comment.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    /** @type {HTMLDialogElement} */ (part("comment")).close();
  });
}

/** @param {string} id @param {Store} store */
function open(id, store) {
  if (id === "comment") /** @type {HTMLTextAreaElement} */ (part("comment-text")).value = store.state.comment;
  /** @type {HTMLDialogElement} */ (part(id)).showModal();
}

/** Hold on to the place while the reader looks at the ballot, and only then. */
function holdLease() {
  setInterval(() => {
    if (!document.hidden) fetch(given("lease"), { method: "POST" }).catch(() => {});
  }, LEASE);
}

async function start() {
  const [film, bundle, keys, board] = await Promise.all([loadFilm(given("film")), fetchBundle(given("bundle")), fetchSettings(), layout()]);
  const store = new Store({ ...INITIAL, radius: Math.max(4, Math.round(film.width / 60)) });
  const drawing = new Drawing(bundle);
  const panels = new Panels(stage, film, bundle);
  const choosing = new Choosing(store, drawing, saving, ballot, say);
  const room = { store, panels, drawing, choosing, open: (/** @type {string} */ id) => open(id, store), slots: bundle.masks.length };
  await resume(room);
  const acts = actions(room, (each) => applied(each, keys, board));
  [acts.draw, acts.compare, acts.look].forEach(printCaps);
  choosing.atOnce = keys.at_once;
  listen(() => Object.values(acts.of(store.state.mode)));
  handle(stage, hands(room));
  wireButtons(room, acts);
  wireDialogs(room);
  describe(part("keys-compare"), Object.values(acts.compare));
  describe(part("keys-draw"), Object.values(acts.draw));
  describe(part("keys-look"), Object.values(acts.look));
  store.watch((state) => {
    reflect(state, panels, drawing.raster);
    panels.paint(state, (context, scale) => drawing.paint(context, state, scale));
  });
  new ResizeObserver(() => store.redraw()).observe(stage);
  part("loading").remove();
  stage.setAttribute("aria-busy", "false");
  choosing.shown();
  holdLease();
}

start().catch((error) => {
  part("loading").textContent = `This ballot could not be shown: ${error.message}. Load the page again; nothing that you saved is lost.`;
});
saving.outbox.open();

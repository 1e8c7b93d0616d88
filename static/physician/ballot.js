// The ballot's page: puts the parts together.

import { actions } from "./actions.js";
import { Trouble, who } from "./answers.js";
import { Choosing, TOO_SOON } from "./choosing.js";
import { closeDialogs, openDialog, wireButtons, wireDialogs } from "./controls.js";
import { Drawing } from "./drawing.js";
import { Desk } from "./drawing/desk.js";
import { reflectDrawing } from "./drawing/face.js";
import { letGo, resume } from "./drawing/resuming.js";
import { COMING, introduce, reflect, say } from "./face.js";
import { Flow } from "./flow.js";
import { handle } from "./gestures.js";
import { hands } from "./hands.js";
import { forgetDraft } from "./kept.js";
import { applied, fetchSettings, layout, printCaps } from "./keymap.js";
import { describe, listen } from "./keys.js";
import { Lease } from "./lease.js";
import { notice, offerBreak, part } from "./notices.js";
import { Panels } from "./panels.js";
import { PRACTICE, Practice } from "./practice.js";
import { Saving } from "./saving.js";
import { Shelf } from "./shelf.js";
import { Sitting } from "./sitting.js";
import { FRESH, INITIAL, Store } from "./state.js";
import { t } from "../words.js";

/** @typedef {import("./actions.js").Room} Room */
/** @typedef {import("./answers.js").View} View */

const stage = part("stage");
/** @type {View} */
const first = JSON.parse(part("ballot").textContent ?? "");

const saving = new Saving({
  saved: (answer, receipt) => saved(answer, receipt),
  deal: (study) => (study === flow.study ? flow.deal() : Promise.resolve(null)),
  entered: () => (stage.getAttribute("aria-busy") === "true" && flow.current ? show(flow.current, "next") : flow.settle()),
});
const { outbox } = saving;
const { reader } = outbox;
const store = new Store({ ...INITIAL, busy: true });
const drawing = new Drawing();
const sitting = new Sitting(reader);
const choosing = new Choosing(store, drawing, outbox, sitting, reader, say);
const lease = new Lease((words) => notice("held", words));
const shelf = new Shelf(({ film, bundle }) => room?.panels.prepare(film, bundle));
const flow = new Flow(first, { show, wait, leave: (address) => location.assign(address), ready: (views) => shelf.want(views), told, trouble }, outbox);
const practice = first.study === PRACTICE ? new Practice(part("lesson"), store) : null;
/** There is none before the first film has come. @type {Room | null} */
let room = null;
/** @type {ReturnType<typeof actions>} */
let acts;

/** An answered ballot is over in every tab that shows it. */
const tabs = new BroadcastChannel("maskballot");
tabs.addEventListener("message", ({ data }) => {
  if (data.reader === reader && data.ballot === flow.current?.key) part("elsewhere").hidden = false;
});

/** @param {View} view */
const addressOf = (view) => view.answers.replace(/\/answers$/, "");

/** No ballot takes an answer now. */
function rest() {
  delete stage.dataset.open;
  choosing.end();
  lease.hold(null);
  sitting.end();
}

/** Put a ballot on the screen. @param {View} view @param {"first" | "next" | "back" | "other"} why */
async function show(view, why) {
  part("elsewhere").hidden = true;
  closeDialogs({ store, choosing });
  rest();
  shelf.shown = view.key;
  const ready = shelf.ready(view);
  if (!ready) loading(t("Film and masks are on their way…"));
  if (!ready) addressed(view);
  let loaded;
  try {
    loaded = ready ?? (await shelf.get(view));
  } catch (error) {
    return failed(view, /** @type {Error} */ (error));
  }
  if (flow.current !== view) return;
  shelf.get(view);
  present(view, loaded, why);
}

/** @param {View} view @param {import("./shelf.js").Loaded} loaded @param {"first" | "next" | "back" | "other"} why */
function present(view, { film, bundle }, why) {
  if (room) room.panels.show(film, bundle);
  room ??= enter(new Panels(stage, film, bundle));
  drawing.show(bundle);
  // Where nothing is proposed, there is nothing to compare.
  const mode = view.letters ? "compare" : "draw";
  store.set({ ...FRESH, mode, radius: why === "first" ? Math.max(4, Math.round(film.width / 60)) : store.state.radius });
  if (room.slots !== view.letters.length) {
    room.slots = view.letters.length;
    acts = actions(room, (each) => applied(each, keys, board));
    tellKeys();
  }
  practice?.show(view.number, { ...acts.look, ...acts.draw, ...acts.compare });
  introduce(view);
  loading("");
  lease.hold(view);
  const drafted = choosing.begin(view);
  store.frame(() => {
    sitting.begin();
    stage.setAttribute("aria-busy", "false");
    stage.dataset.painted = view.key;
    setTimeout(() => flow.current === view && (stage.dataset.open = view.key), TOO_SOON + 20);
    // What the eye does not wait for.
    setTimeout(() => flow.current === view && settled(view));
  });
  say(COMING[why](view), why === "other");
  resume(drawing, reader, view, drafted).then(() => store.redraw(), (error) => say(t("Your drawing did not arrive: {error}.", { error: error.message }), true));
  flow.settle();
  offerBreak(sitting, view);
}

/** A ballot has been painted. @param {View} view */
function settled(view) {
  addressed(view);
  if (view.lungs) drawing.fetchLungs(view.lungs).then(() => store.redraw());
}

/** Let the page's address be the ballot's. @param {View} view */
function addressed(view) {
  if (location.pathname !== addressOf(view)) history.pushState(null, "", addressOf(view));
}

/** The first film is here: give hands and keys something to act on. @param {Panels} panels */
function enter(panels) {
  const desk = new Desk(store, panels, drawing, say);
  const entered = { store, panels, drawing, desk, choosing, open, back, slots: -1 };
  listen(() => Object.values(acts.of(store.state)));
  wireButtons(entered, () => acts);
  wireDialogs(entered);
  handle(stage, hands(entered));
  store.watch((state) => {
    reflect(state, panels, drawing.raster);
    reflectDrawing(state, drawing, desk);
    panels.paint(state);
    desk.pad.paint();
  });
  new ResizeObserver(() => store.redraw()).observe(stage);
  return entered;
}

/** Something stands in the way of the films, or nothing does. @param {string} words */
function loading(words) {
  part("loading").hidden = words === "";
  part("loading-words").textContent = words;
  part("loading-again").hidden = true;
  if (!words) return;
  stage.setAttribute("aria-busy", "true");
  store.set({ busy: true });
}

/** @param {View} view @param {Error} error */
function failed(view, error) {
  if (flow.current !== view) return;
  loading(t("This ballot could not be shown: {error}. Nothing that you saved is lost.", { error: error.message }));
  part("loading-again").hidden = false;
  who().catch(trouble);
}

/** The next ballot is not known yet. */
function wait() {
  rest();
  loading(navigator.onLine ? t("The next ballot is on its way…") : t("There is no network. The next ballot comes as soon as there is one; what you answered is kept here until then."));
}

/** Something new is known of the ballot on the screen. @param {View} view */
function told(view) {
  introduce(view);
  lease.hold(view);
}

/** @param {import("./kept.js").Answer} answer @param {import("./answers.js").Receipt} receipt */
function saved(answer, receipt) {
  tabs.postMessage({ reader, ballot: answer.ballot });
  const { current } = flow;
  flow.answered(answer.ballot, receipt);
  if (receipt.practice) practice?.tell(receipt.practice);
  if (current) introduce(current);
  const here = current?.key === answer.ballot;
  if (!here) forgetDraft(reader, answer.ballot).catch(() => {});
  if (!here) letGo(answer);
  // An answer that an earlier page left: its ballot stands here for no purpose.
  if (here && !outbox.own.has(answer.id)) flow.handOver({ ...current, answered_before: true });
  // A reopened ballot: what is begun on it now is begun upon the answer that has just been saved.
  else if (here && !choosing.given) {
    choosing.keep();
    drawing.kept.rebase(current.answered_at ?? "");
  }
  flow.settle();
}

/** Nobody is signed in any more, or the line is broken. @param {unknown} error */
function trouble(error) {
  if (error instanceof Trouble && error.status === 401) saving.signedOut();
}

function back() {
  const reopened = choosing.given === null && flow.back();
  if (!reopened) say(t("There is no answer to take back on this page. Your older answers stand on the study's page."), true);
}

/** @param {string} id */
const open = (id) => openDialog(id, { store, choosing });

/** Write on the buttons, and in the list of keys, which key does what. */
function tellKeys() {
  const guesses = Object.entries(acts.guess).filter(([name]) => name.startsWith("choose-"));
  [acts.draw, acts.compare, acts.look, Object.fromEntries(guesses.map(([name, act]) => [name.replace("choose", "guess"), act]))].forEach(printCaps);
  describe(part("keys-compare"), Object.values(acts.compare));
  describe(part("keys-draw"), Object.values(acts.draw));
  describe(part("keys-look"), Object.values(acts.look));
}

choosing.onHanded = (answered) => flow.handOver(answered);
part("loading-again").addEventListener("click", () => flow.current && show(flow.current, "next"));
part("held-extend").addEventListener("click", () => lease.extend());
part("elsewhere-next").addEventListener("click", () => flow.handOver({ .../** @type {View} */ (flow.current), answered_before: true }));
window.addEventListener("beforeunload", (event) => {
  // Asked only where something would be lost; `Saving` asks for answers.
  if (choosing.view && drawing.unkept) event.preventDefault();
});
window.addEventListener("popstate", () => {
  const view = flow.known((each) => addressOf(each) === location.pathname);
  if (view) flow.open(view);
  else location.reload();
});
window.addEventListener("online", () => {
  // A film that did not arrive, too, is asked for without a press.
  if (!part("loading-again").hidden && flow.current) show(flow.current, "next");
  flow.settle();
});
const [keys, board] = await Promise.all([fetchSettings(), layout()]);
choosing.atOnce = keys.at_once;
show(first, "first");
// After one that is refused again, too, what comes next is looked up.
outbox.open().then(() => outbox.waiting.length > 0 && flow.settle());

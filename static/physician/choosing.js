// Choosing an answer and handing it over. A first press chooses, a second one confirms.

import { answerTo, named, said } from "./answer.js";
import { uuid } from "./bits.js";
import { draftOf, forgetDraft, keepDraft } from "./kept.js";
import { t } from "../words.js";

/** @typedef {import("./state.js").Store} Store */
/** @typedef {import("./drawing.js").Drawing} Drawing */
/** @typedef {import("./answers.js").View} View */

/** Right after a ballot came on, keys still belong to the one before: nobody reads a film in this time. */
export const TOO_SOON = 200;

export class Choosing {
  /**
   * @param {Store} store
   * @param {Drawing} drawing
   * @param {import("./outbox.js").Outbox} outbox
   * @param {import("./sitting.js").Sitting} sitting
   * @param {string} reader
   * @param {(words: string, shown?: boolean) => void} say
   */
  constructor(store, drawing, outbox, sitting, reader, say) {
    this.store = store;
    this.drawing = drawing;
    this.outbox = outbox;
    this.sitting = sitting;
    this.reader = reader;
    this.say = say;
    /** @type {View | null} */
    this.view = null;
    /** Called with the ballot as it stands once it is answered. @type {(answered: View) => void} */
    this.onHanded = () => {};
    /** Whether a choice needs no second press. */
    this.atOnce = false;
    /** The answer after which the guess is asked. @type {import("./kept.js").Answer | null} */
    this.given = null;
  }

  /** Begin a ballot: take up what was begun in this browser, or else answered before. @param {View} view */
  async begin(view) {
    this.view = view;
    this.given = null;
    const { choice, sure, comment, worst } = view;
    this.store.set({ choice, sure, comment, worst });
    const draft = await draftOf(this.reader, view.key).catch(() => undefined);
    if (this.view !== view || !draft) return null;
    if ((draft.base ?? null) !== view.answered_at) {
      // It was begun upon an older answer: the newer one outlives it.
      forgetDraft(this.reader, view.key).catch(() => {});
      return null;
    }
    this.store.set({ choice: draft.choice, sure: draft.sure, comment: draft.comment, worst: draft.worst ?? null });
    return draft;
  }

  /** No ballot stands here. */
  end() {
    this.view = null;
    this.given = null;
  }

  /** Whether a key may answer now. */
  #open() {
    if (this.view?.guessed) {
      this.say(t("You were asked which mask was drawn by hand: your choice on this film stands."), true);
      return false;
    }
    return this.view !== null && !this.store.state.busy && this.sitting.visibleFor() >= TOO_SOON;
  }

  /** Choose; the same choice again confirms it. @param {string} choice */
  choose(choice) {
    if (!this.#open()) return;
    const { asking, choice: before, worst } = this.store.state;
    if (asking === "guess" || (named(choice) && asking)) return this.#meant(asking, choice);
    if (before === choice) return this.store.state.mode === "draw" ? this.hand(choice, false) : this.confirm();
    this.store.set({ choice, asking: null, worst: worst === choice || !named(choice) ? null : worst });
    if (this.atOnce) return this.confirm();
    this.say(t("{answer} chosen. Press again, or Enter, to confirm.", { answer: said(choice) }));
    this.keep();
  }

  /** A letter that is no plain choice. @param {"tie" | "worst" | "guess"} asking @param {string} name */
  #meant(asking, name) {
    if (asking === "guess") return this.guess(name);
    if (asking === "worst") return this.#setWorst(name);
    const chosen = new Set(named(this.store.state.choice) ? this.store.state.choice : "");
    if (!chosen.delete(name)) chosen.add(name);
    const choice = [...chosen].sort().join("") || null;
    const worst = this.store.state.worst === name ? null : this.store.state.worst;
    this.store.set({ choice, worst, asking: null });
    if (choice) this.say(t("{answer} chosen. Enter confirms.", { answer: said(choice) }));
    this.keep();
  }

  /** @param {string} name */
  #setWorst(name) {
    const { worst, choice } = this.store.state;
    if (named(choice) && choice?.includes(name)) return this.say(t("{name} is chosen: it cannot be the worst too.", { name }), true);
    this.store.set({ worst: worst === name ? null : name, asking: null });
    this.say(worst === name ? t("No mask named the worst.") : t("{name} fits worst.", { name }));
    this.keep();
  }

  /** The next letter is as good as what is chosen, or the worst; the key again takes that back. @param {"tie" | "worst"} asking */
  ask(asking) {
    if (!this.#open() || !this.view?.letters || this.store.state.asking === "guess") return;
    if (asking === "worst" && !this.view.questions.worst) return;
    const next = this.store.state.asking === asking ? null : asking;
    this.store.set({ asking: next });
    const words = asking === "tie" ? t("Which one is as good? Press its digit.") : t("Which one fits worst? Press its digit.");
    this.say(next ? words : "", true);
  }

  /** Back to the panels; what was being asked or chosen is let go. */
  clear() {
    const { asking } = this.store.state;
    if (asking === "guess") return;
    this.store.set(asking ? { asking: null } : { mode: "compare", choice: null, worst: null });
    this.say("");
    this.keep();
  }

  /** Hand over what is chosen; in drawing mode, what is drawn, once a tool that works has ended. */
  confirm() {
    this.drawing.turns.take(() => this.#confirm());
  }

  #confirm() {
    if (!this.#open()) return;
    const { choice, mode, asking } = this.store.state;
    if (asking === "guess") return;
    if (mode === "draw") return this.saveDrawing();
    if (choice === "none" && this.drawing.raster.area > 0) return this.saveDrawing();
    if (choice) return this.hand(choice, false);
    this.say(t("Nothing is chosen yet: choose a mask, or none, or no infection."), true);
  }

  /** No candidate will do, and this one will. */
  saveDrawing() {
    if (!this.#open()) return;
    if (this.drawing.raster.area > 0) return this.hand("none", true);
    this.say(t("The drawing is empty. Draw the infection, or say that there is none."), true);
  }

  /** Sure, unsure, or left open. */
  turnSure() {
    const { sure } = this.store.state;
    this.setSure(sure === null ? true : sure ? false : null);
  }

  /** @param {boolean | null} sure */
  setSure(sure) {
    this.store.set({ sure });
    this.keep();
  }

  /** Keep what is not yet an answer, so that a reload finds it. */
  keep() {
    if (!this.view) return;
    const { choice, sure, comment, worst } = this.store.state;
    keepDraft({
      ballot: this.view.key,
      reader: this.reader,
      choice,
      sure,
      comment,
      worst,
      base: this.view.answered_at,
    }).then(() => this.outbox.kept(true), () => this.outbox.kept(false));
  }

  /**
   * Keep the answer in this browser, send it, and go on.
   * @param {string} choice
   * @param {boolean} drawn whether the drawing goes with it
   * @param {string} reason of a ballot put aside
   */
  async hand(choice, drawn, reason = "") {
    const { view } = this;
    if (!view || this.store.state.busy) return;
    this.store.set({ busy: true, asking: null });
    let sent = null;
    try {
      if (drawn) sent = await this.drawing.toSend();
    } catch (error) {
      this.store.set({ busy: false });
      this.say(t("The drawing could not be made ready: {error}. It is still here; try again.", { error: String(error) }), true);
      return;
    }
    const dealt = this.outbox.dealt.has(view.key);
    const answer = answerTo(view, choice, this.store.state, { reader: this.reader, dealt, drawing: sent, reason, told: this.sitting.told() });
    this.outbox.add(answer);
    if (view.asks_guess && !view.guessed && choice !== "later") return this.#askGuess(answer);
    this.#handed(view, choice, sent !== null);
  }

  /** @param {View} view @param {string} choice @param {boolean} drawn */
  #handed(view, choice, drawn) {
    const { sure, comment, worst } = this.store.state;
    const later = choice === "later";
    this.onHanded({
      ...view,
      choice: later ? null : choice,
      sure,
      comment: later ? "" : comment,
      worst,
      answered_before: !later || view.answered_before,
      drawing: drawn ? view.answers.replace(/answers$/, "drawing") : null,
    });
  }

  /** The choice stands and cannot be taken back: which one was drawn by hand? @param {import("./kept.js").Answer} answer */
  #askGuess(answer) {
    this.given = answer;
    this.store.set({ busy: false, asking: "guess", mode: "compare" });
    this.say(t("Which one was drawn by hand? Press its digit, or say that you do not know. Your choice stands."));
  }

  /** @param {string} name a letter, or "unknown" */
  guess(name) {
    const { given, view } = this;
    if (!given || !view) return;
    this.given = null;
    this.store.set({ busy: true, asking: null });
    const id = uuid();
    this.outbox.add({ ...given, id, body: { ...given.body, idempotency_key: id, guess: name }, refused: false, problem: null });
    this.#handed({ ...view, guessed: true }, this.store.state.choice ?? "none", given.drawing !== null);
  }
}

// Choosing an answer and handing it over. A first press chooses, a second one confirms.

import { uuid } from "./bits.js";
import { keepDraft } from "./kept.js";

/** @typedef {import("./state.js").Store} Store */
/** @typedef {import("./drawing.js").Drawing} Drawing */

/** What the answers are called where they are said aloud. @type {Record<string, string>} */
export const WORDS = {
  none: "None acceptable",
  no_infection: "No infection",
  unreadable: "Unreadable",
  later: "Later",
};

export class Choosing {
  /**
   * @param {Store} store
   * @param {Drawing} drawing
   * @param {import("./saving.js").Saving} saving
   * @param {{ key: string, reader: string, answers: string }} ballot
   * @param {(words: string, shown?: boolean) => void} say
   */
  constructor(store, drawing, saving, ballot, say) {
    this.store = store;
    this.drawing = drawing;
    this.saving = saving;
    this.ballot = ballot;
    this.say = say;
    /** @type {string | null} */
    this.shownAt = null;
    /** Whether a choice needs no second press. */
    this.atOnce = false;
  }

  /** The film stands on the screen. */
  shown() {
    this.shownAt ??= new Date().toISOString();
  }

  /** Choose; the same choice again confirms it. @param {string} choice */
  choose(choice) {
    if (this.store.state.busy) return;
    if (this.store.state.choice === choice) return this.confirm();
    this.store.set({ choice });
    if (this.atOnce) return this.confirm();
    this.say(`${WORDS[choice] ?? choice} chosen. Press again, or Enter, to confirm.`);
    this.keep();
  }

  /** Hand over what is chosen; in drawing mode, what is drawn. */
  confirm() {
    const { choice, mode } = this.store.state;
    if (mode === "draw") return this.saveDrawing();
    if (choice) return this.hand(choice, false);
    this.say("Nothing is chosen yet: press 1, 2, 3…, N for no infection, or 0 to draw.", true);
  }

  /** No candidate will do, and this one will. */
  saveDrawing() {
    if (this.drawing.raster.area > 0) return this.hand("none", true);
    this.say("The drawing is empty. Draw the infection, or go back (Esc) and press N if there is none.", true);
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
    const { choice, sure, comment } = this.store.state;
    const { area } = this.drawing.raster;
    keepDraft({
      ballot: this.ballot.key,
      reader: this.ballot.reader,
      choice,
      sure,
      comment,
      drawing: area > 0 ? this.drawing.packed() : null,
      startedFrom: this.drawing.startedFrom,
    }).catch(() => {});
  }

  /**
   * Keep the answer in this browser, then send it.
   * @param {string} choice
   * @param {boolean} drawn whether the drawing goes with it
   * @param {string} reason of a ballot put aside
   */
  async hand(choice, drawn, reason = "") {
    const { sure, comment, busy } = this.store.state;
    if (busy) return;
    this.store.set({ busy: true });
    const id = uuid();
    try {
      const sent = drawn ? await this.drawing.toSend() : null;
      const kind = choice in WORDS ? choice : "slot";
      await this.saving.outbox.add({
        id,
        reader: this.ballot.reader,
        ballot: this.ballot.key,
        url: this.ballot.answers,
        body: {
          idempotency_key: id,
          answer: kind === "slot" ? { kind, slots: [choice] } : { kind },
          sure,
          comment: reason || comment,
          shown_at: this.shownAt,
          drawing: sent,
        },
        drawing: sent?.sha256 ?? null,
        refused: false,
        problem: null,
      });
    } finally {
      // Saved, the page is on its way to the next ballot: a key pressed now must not answer again.
      if (!this.saving.outbox.saved.has(id)) this.store.set({ busy: false });
    }
  }
}

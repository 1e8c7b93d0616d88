// One answer: what it is called, and what is kept and sent of it. Pure but for its new identifier.

import { uuid } from "./bits.js";
import { t } from "../words.js";

/** What the answers are called where they are said aloud. @type {Record<string, string>} */
export const WORDS = {
  none: t("None acceptable"),
  no_infection: t("No infection"),
  unreadable: t("Unreadable"),
  later: t("Later"),
};

/** Whether a choice names slots. @param {string | null} choice */
export const named = (choice) => choice !== null && !(choice in WORDS);

/** Whether a choice names this slot. @param {string | null} choice @param {string} letter */
export const names = (choice, letter) => named(choice) && Boolean(choice?.includes(letter));

/** A choice in words. @param {string} choice */
export const said = (choice) => WORDS[choice] ?? [...choice].join(" = ");

/**
 * An answer as it is kept and sent.
 * @param {import("./answers.js").View} view
 * @param {string} choice
 * @param {import("./state.js").State} state
 * @param {{ reader: string, dealt: boolean, drawing: import("./drawing.js").Sent | null, reason: string, told: object }} more
 *   `reason` is that of a ballot put aside; `told` is how long it was looked at
 * @returns {import("./kept.js").Answer}
 */
export function answerTo(view, choice, { sure, comment, worst }, { reader, dealt, drawing, reason, told }) {
  const id = uuid();
  const kind = !named(choice) ? choice : choice.length > 1 ? "tie" : "slot";
  return {
    id,
    reader,
    ballot: view.key,
    study: view.study,
    dealt,
    url: view.answers,
    at: Date.now(),
    body: {
      idempotency_key: id,
      answer: named(choice) ? { kind, slots: [...choice] } : { kind },
      sure,
      comment: reason || comment,
      worst: named(choice) ? worst : null,
      drawing,
      ...told,
    },
    drawing: drawing?.sha256 ?? null,
    refused: false,
    problem: null,
  };
}

// The practice round upon a ballot's page: says what to try, ticks it off, and tells what was planted.

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./keymap.js").Acts} Acts */

/** What a practice ballot names as its study. */
export const PRACTICE = "~practice";

/**
 * Where the next ballots of a study are asked for. Practice is no study: the server keeps nothing
 * of it, so it is told which films were answered.
 * @param {string} study @param {"next" | "ahead"} what @param {Iterable<string | undefined>} answered keys
 */
export function placeOf(study, what, answered) {
  if (study !== PRACTICE) return `/studies/${study}/${what}`;
  const numbers = [...answered].flatMap((key) => key?.match(/^practice-(\d+)$/)?.[1] ?? []);
  return `/practice/${what}?${numbers.map((number) => `answered=${number}`).join("&")}`;
}

/** What shows that a step was taken. @type {Record<string, (now: State, first: State) => boolean>} */
const TAKEN = {
  narrow: ({ window, inverted }, first) => inverted || JSON.stringify(window) !== JSON.stringify(first.window),
  hide: ({ hidden }) => hidden,
  "large-B": ({ large }) => large !== null,
  "choose-B": ({ choice }) => choice !== null,
  draw: ({ mode }) => mode === "draw",
  no_infection: ({ choice }) => choice === "no_infection",
};

export class Practice {
  /** @param {HTMLElement} lesson @param {import("./state.js").Store} store */
  constructor(lesson, store) {
    this.lesson = lesson;
    this.store = store;
    /** @type {State | null} */
    this.first = null;
    store.watch((state) => this.#look(state));
  }

  /** A film of the round stands on the screen. @param {number} number @param {Acts} acts with the reader's keys */
  show(number, acts) {
    this.first = this.store.state;
    for (const list of this.lesson.querySelectorAll("ol")) list.hidden = list.dataset.film !== String(number);
    for (const kbd of this.lesson.querySelectorAll("kbd")) {
      const cap = acts[kbd.dataset.key ?? ""]?.cap ?? "";
      kbd.textContent = cap;
      kbd.hidden = cap === "";
    }
  }

  /** What was planted on the film before. @param {string} words */
  tell(words) {
    /** @type {HTMLElement} */ (this.lesson.querySelector("#lesson-told")).textContent = words;
  }

  /** @param {State} state */
  #look(state) {
    if (!this.first || state.busy) return;
    for (const step of this.lesson.querySelectorAll("li")) {
      const list = /** @type {HTMLElement} */ (step.parentElement);
      if (!list.hidden && TAKEN[step.dataset.step ?? ""]?.(state, this.first)) step.classList.add("taken");
    }
  }
}

// Ballots made ready before they are asked for: fetched, decoded, traced, and held for a while.

import { fetchBundle } from "./bundle.js";
import { loadFilm } from "./film.js";

/** @typedef {import("./answers.js").View} View */
/** @typedef {{ film: import("./film.js").Film, bundle: import("./bundle.js").Bundle }} Loaded */

/** How many films are held at most: the one shown, three to come, and the one before. */
export const MOST = 5;

/** When what did not arrive is fetched again, in milliseconds. */
const RETRY = 5_000;

/** @typedef {{ promise: Promise<Loaded>, loaded: Loaded | null }} Place */

export class Shelf {
  /**
   * @param {(loaded: Loaded) => unknown} prepare what can be done before a ballot is shown
   */
  constructor(prepare) {
    this.prepare = prepare;
    /** By the ballot's key, the one longest unused first. @type {Map<string, Place>} */
    this.places = new Map();
    /** @type {View[]} */
    this.wanted = [];
    this.fetching = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** What is ready now, if it is. @param {View} view @returns {Loaded | null} */
  ready(view) {
    return this.places.get(view.key)?.loaded ?? null;
  }

  /** Film and masks of a ballot; fetched now if they are not here. @param {View} view */
  get(view) {
    const place = this.places.get(view.key) ?? this.#fetch(view);
    this.places.delete(view.key);
    this.places.set(view.key, place);
    this.#tidy();
    return place.promise;
  }

  /** Make these ready, one after the other, and keep them. @param {View[]} views the soonest first */
  async want(views) {
    this.wanted = views.slice(0, MOST - 2);
    if (this.fetching) return;
    this.fetching = true;
    clearTimeout(this.timer);
    /** One that did not arrive keeps no other away. @type {Set<string>} */
    const missed = new Set();
    for (let next; (next = this.wanted.find(({ key }) => !this.places.has(key) && !missed.has(key))); ) {
      await this.#fetch(next).promise.then(() => this.#tidy(), () => missed.add(/** @type {View} */ (next).key));
    }
    if (missed.size > 0) this.timer = setTimeout(() => this.want(this.wanted), RETRY);
    this.fetching = false;
  }

  /** @param {View} view @returns {Place} */
  #fetch(view) {
    /** @type {Place} */
    const place = { promise: Promise.all([loadFilm(view.film), fetchBundle(view.bundle)]).then(([film, bundle]) => ({ film, bundle })), loaded: null };
    this.places.set(view.key, place);
    place.promise.then(
      (loaded) => {
        place.loaded = loaded;
        if (this.places.get(view.key) === place) this.prepare(loaded);
      },
      () => {
        if (this.places.get(view.key) === place) this.places.delete(view.key);
      },
    );
    return place;
  }

  /** Let go of what was longest unused and is not wanted. */
  #tidy() {
    const wanted = new Set(this.wanted.map(({ key }) => key));
    for (const key of [...this.places.keys()]) {
      if (this.places.size <= MOST) return;
      if (wanted.has(key) || key === this.shown) continue;
      this.places.delete(key);
    }
  }

  /** The ballot that is on the screen: it is never let go. @type {string} */
  shown = "";
}

// One act: its key, its words and its deed.

/** @typedef {import("../keys.js").Binding} Binding */

/**
 * @param {string} code @param {string} cap @param {string} words
 * @param {() => void} press @param {() => void} [release]
 * @returns {Binding}
 */
export const key = (code, cap, words, press, release) => ({ code, cap, words, press, release });

// What this browser keeps (IndexedDB): answers until the server has them, drafts until they are answers
// (but for the strokes of a drawing: kept_strokes.js).

import { database } from "./database.js";

/**
 * @typedef {object} Refusal why an answer is not saved yet
 * @property {number} status of the answer; 0 if there was none
 * @property {string} title
 * @property {string} detail
 * @property {boolean} [other] somebody else is signed in
 */

/**
 * @typedef {object} Answer
 * @property {string} id its idempotency key: sent twice, it counts once
 * @property {string} reader whose answer it is; a shared computer keeps several people's
 * @property {string} ballot the ballot's key
 * @property {string} study the study's key
 * @property {boolean} dealt whether the ballot was dealt when it was answered; the page shows the next one before it is
 * @property {string} url where it is sent
 * @property {object} body
 * @property {string | null} drawing SHA-256 of the packed bits that were drawn
 * @property {boolean} refused the server will not take it as it is
 * @property {Refusal | null} problem
 * @property {number} at when it was given, in milliseconds since 1970
 */

/**
 * @typedef {object} Draft
 * @property {string} ballot
 * @property {string} reader
 * @property {string | null} choice
 * @property {boolean | null} sure
 * @property {string} comment
 * @property {string | null} worst
 * @property {string | null} base when the answer was given that this draft was begun upon: a newer answer outlives it
 */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const opened = database("maskballot", (made) => {
  made.createObjectStore("answers", { keyPath: "id" });
  made.createObjectStore("drafts", { keyPath: ["reader", "ballot"] });
});

/**
 * Write and wait until it is on the disk.
 * @param {"answers" | "drafts"} store @param {(store: IDBObjectStore) => void} change
 * @returns {Promise<void>}
 */
async function write(store, change) {
  const transaction = (await opened()).transaction(store, "readwrite", { durability: "strict" });
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    change(transaction.objectStore(store));
  });
}

/** @param {Answer} answer */
export const keepAnswer = (answer) => write("answers", (store) => store.put(answer));

/** @param {string} id */
export const forgetAnswer = (id) => write("answers", (store) => store.delete(id));

/** A reader's answers that the server does not have. @param {string} reader @returns {Promise<Answer[]>} */
export async function answersOf(reader) {
  const store = (await opened()).transaction("answers").objectStore("answers");
  /** @type {Answer[]} */
  const answers = await asked(store.getAll());
  return answers.filter((answer) => answer.reader === reader);
}

/** @param {Draft} draft */
export const keepDraft = (draft) => write("drafts", (store) => store.put(draft));

/** @param {string} reader @param {string} ballot */
export const forgetDraft = (reader, ballot) =>
  write("drafts", (store) => store.delete([reader, ballot]));

/** @param {string} reader @param {string} ballot @returns {Promise<Draft | undefined>} */
export async function draftOf(reader, ballot) {
  const store = (await opened()).transaction("drafts").objectStore("drafts");
  return asked(store.get([reader, ballot]));
}

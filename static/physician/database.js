// A database of this browser (IndexedDB), opened when it is first asked for and again when it was closed.

// After a browser crashed, what is left of it may hold its files for a moment: waits in milliseconds.
const PATIENCE = [50, 100, 200, 400, 800, 1600];

/** @param {number} ms @returns {Promise<void>} */
const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/**
 * Say how a database is opened.
 * @param {string} name
 * @param {(database: IDBDatabase) => void} make fills a new one with its stores
 * @returns {() => Promise<IDBDatabase>} one connection, for whoever asks; a failure is not kept
 */
export function database(name, make) {
  /** @type {Promise<IDBDatabase> | null} */
  let opened = null;
  const forget = () => { opened = null; };
  /** @returns {Promise<IDBDatabase>} */
  const once = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => make(request.result);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        // The browser closes it where its store fails, or is emptied by hand.
        request.result.onclose = forget;
        resolve(request.result);
      };
    });
  const patiently = async () => {
    for (const ms of PATIENCE) {
      try {
        return await once();
      } catch (error) {
        // Anything else (a private window, a full disk) does not pass by waiting.
        if (/** @type {Error} */ (error).name !== "UnknownError") throw error;
        await wait(ms);
      }
    }
    return once();
  };
  return () => {
    opened ??= patiently().catch((error) => {
      forget();
      throw error;
    });
    return opened;
  };
}

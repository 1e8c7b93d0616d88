// Sends a chosen zip as the body of a request, and says how far it is.
//   form[data-upload="address"] with an input[type=file]; parts: data-upload-progress,
//   data-upload-words, data-upload-wrong. The answer's `next` is where to go.

import { decimal, t } from "/static/words.js";

/** @param {number} bytes */
export function mebibytes(bytes) {
  return `${decimal(bytes / 1024 / 1024, 1)} MiB`;
}

/** @param {string} text */
export function reason(text) {
  try {
    const problem = JSON.parse(text);
    return [problem.title, problem.detail].filter(Boolean).join(" ");
  } catch {
    return t("The server could not be reached, or did not answer. Try again.");
  }
}

/** @param {HTMLFormElement} form @param {File} file */
function send(form, file) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (form.querySelector(`[data-upload-${name}]`));
  const bar = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const request = new XMLHttpRequest();

  /** @param {string} words */
  function fail(words) {
    part("progress").hidden = true;
    part("wrong").textContent = words;
    part("wrong").hidden = false;
    button.disabled = false;
  }

  button.disabled = true;
  part("wrong").hidden = true;
  part("progress").hidden = false;
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.loaded / (event.total || 1);
    part("words").textContent = t("{done} of {total}", { done: mebibytes(event.loaded), total: mebibytes(event.total) });
  });
  request.upload.addEventListener("load", () => {
    part("words").textContent = t("Received; unpacking on the server");
  });
  request.addEventListener("load", () => {
    if (request.status === 201) location.assign(JSON.parse(request.responseText).next);
    else fail(reason(request.responseText));
  });
  request.addEventListener("error", () => fail(reason("")));
  request.open("PUT", form.dataset.upload ?? "");
  request.setRequestHeader("Content-Type", "application/zip");
  request.setRequestHeader("Accept", "application/json");
  request.send(file);
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = form.querySelector("input[type=file]");
    const file = chosen instanceof HTMLInputElement ? chosen.files?.[0] : undefined;
    if (file && form instanceof HTMLFormElement) send(form, file);
  });
}

// Small behaviours of every page, wired by data-* attributes.
//   data-opens="id"    a button that opens the dialog #id
//   data-closes="id"   a button that closes it

/** @param {string} id @returns {HTMLDialogElement} */
function dialog(id) {
  const found = document.getElementById(id);
  if (!(found instanceof HTMLDialogElement)) throw new Error(`no dialog #${id}`);
  return found;
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-opens]");
  if (opener instanceof HTMLElement) dialog(opener.dataset.opens ?? "").showModal();
  const closer = target?.closest("[data-closes]");
  if (closer instanceof HTMLElement) dialog(closer.dataset.closes ?? "").close();
});

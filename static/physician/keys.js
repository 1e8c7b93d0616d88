// Keys: which key does what, by the place of the key on the board, and their list under "?".

/**
 * @typedef {object} Binding
 * @property {string} code `event.code`, with "Shift+" in front if shift is held
 * @property {string} cap what is printed on the key
 * @property {string} words what it does, for the list of keys
 * @property {() => void} press
 * @property {() => void} [release] for keys that act while they are held
 * @property {string} [home] the code that the act had before the reader changed it
 */

/** Where a key is someone's text. */
const TYPING = "input:not([type=button],[type=checkbox],[type=radio]), textarea, select, [contenteditable]";

/** @param {EventTarget | null} target */
function typing(target) {
  return target instanceof Element && target.closest(TYPING) !== null;
}

/** A button reached by Tab keeps its own keys. @param {EventTarget | null} target @param {string} code */
function operates(target, code) {
  const control = target instanceof Element && target.closest("button, a, summary, [role=button]");
  return Boolean(control) && (code === "Enter" || code === "Space");
}

/** The number pad does the same as the keys above the letters. @type {Record<string, string>} */
const NUMPAD = { NumpadEnter: "Enter", NumpadAdd: "Equal", NumpadSubtract: "Minus" };

/** Which key it is, as bindings call it. @param {KeyboardEvent} event */
export function codeOf(event) {
  // "?" stands elsewhere on each board, so it alone goes by what is printed.
  if (event.key === "?") return "?";
  const plain = NUMPAD[event.code] ?? event.code.replace(/^Numpad(?=\d$)/, "Digit");
  return event.shiftKey ? `Shift+${plain}` : plain;
}

/**
 * Listen for the keys of `bindings()`, which may differ from mode to mode.
 * @param {() => Binding[]} bindings
 */
export function listen(bindings) {
  /** Keys held down, and what ends them. @type {Map<string, (() => void) | undefined>} */
  const held = new Map();
  const releaseAll = () => {
    for (const release of held.values()) release?.();
    held.clear();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const code = codeOf(event);
    if (operates(event.target, code)) return;
    const binding = code && bindings().find((each) => each.code === code);
    if (!binding) return;
    event.preventDefault();
    // A key that is held, or still held from the ballot before, acts once.
    if (event.repeat && !REPEATING.has(binding.home ?? code)) return;
    if (binding.release) held.set(event.code, binding.release);
    binding.press();
  });
  document.addEventListener("keyup", (event) => {
    held.get(event.code)?.();
    held.delete(event.code);
  });
  // A key let go in another window never reports it.
  window.addEventListener("blur", releaseAll);
  document.addEventListener("visibilitychange", releaseAll);
}

/** Keys that may repeat while they are held: they move things, and never answer. */
const REPEATING = new Set([
  "Equal", "Minus", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Comma", "Period",
  "BracketLeft", "BracketRight", "Shift+BracketLeft", "Shift+BracketRight",
  "KeyZ", "Shift+KeyZ",
]);

/**
 * Write the list of keys into a definition list.
 * @param {HTMLElement} list a <dl>
 * @param {Binding[]} bindings
 */
export function describe(list, bindings) {
  list.replaceChildren(
    ...bindings.filter((each) => each.words && each.cap).flatMap(({ cap, words }) => {
      const [term, meaning] = [document.createElement("dt"), document.createElement("dd")];
      const key = document.createElement("kbd");
      key.textContent = cap;
      term.append(key);
      meaning.textContent = words;
      return [term, meaning];
    }),
  );
}

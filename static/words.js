// Words in the reader's language. English is the key and what is said where nothing else is known;
// another language's words come from one file, whose address the page names in <html data-words>.

/** @typedef {Record<string, string | number>} Values */

/** Workers have no page: they say nothing to people. */
const page = typeof document === "undefined" ? null : document.documentElement;

/** The language of the page. */
export const language = page?.lang || "en";

/** @type {Record<string, string | Record<string, string>>} */
const words = await fetched(page?.dataset.words);

const plural = new Intl.PluralRules(language);
const english = new Intl.PluralRules("en");
const numbers = new Intl.NumberFormat(language === "en" ? "en-GB" : language);

/** @param {string | undefined} address */
async function fetched(address) {
  if (!address) return {};
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {}; // English is better than no page.
  }
}

/** @param {number} value a number as the language writes it */
export const number = (value) => numbers.format(value);

/** @param {number} value @param {number} digits a number with so many digits after the point */
export const decimal = (value, digits) => value.toLocaleString(language === "en" ? "en-GB" : language, {
  minimumFractionDigits: digits, maximumFractionDigits: digits,
});

/** @param {string} text @param {Values} values */
function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

/**
 * Say `text`, with {names} filled in. The text itself must stand in the call: it is looked for there.
 * @param {string} text @param {Values} [values]
 */
export function t(text, values = {}) {
  const said = words[text];
  return filled(typeof said === "string" ? said : text, values);
}

/**
 * Say what fits a number, which fills {count}.
 * @param {string} one @param {string} many @param {number} count @param {Values} [values]
 */
export function tn(one, many, count, values = {}) {
  const said = words[one];
  const own = typeof said === "object" ? said[plural.select(count)] ?? said.other : undefined;
  return filled(own ?? (english.select(count) === "one" ? one : many), { count, ...values });
}

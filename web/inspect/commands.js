/** Typed commands, as harness.typed_commands reads them: one line each, whatever stands in a field. */

const QUOTES = [['"', '"'], ["'", "'"], ["“", "”"]];

/** @param {string} text */
const oneLine = (text) => text.replace(/\s+/g, " ").trim();

/** @param {string} text What is spoken. */
export const say = (text) => `say "${oneLine(text)}"`;

/** @param {string} path Of a recording, or the name of a fixture; each sign stands for itself. */
export const sayFile = (path) => `say ${path.trim().replace(/[^\p{L}\p{N}_./:@%+,~-]/gu, "\\$&")}`;

/** @param {string} selector */
export const click = (selector) => `click "${oneLine(selector)}"`;

/** @param {string} key */
export const press = (key) => `press "${oneLine(key)}"`;

/**
 * @param {string} selector Its quotes are not those around it, or it would end at the first of them.
 * @param {string} text
 */
export function fill(selector, text) {
  const field = oneLine(selector);
  const [begin, end] = QUOTES.find((pair) => pair.every((quote) => !field.includes(quote))) ?? ['"', '"'];
  return `fill ${begin}${field}${end} "${text.replace(/[\r\n]+/g, " ")}"`;
}

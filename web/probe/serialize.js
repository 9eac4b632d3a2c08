/**
 * JSON of an envelope, whatever a page did to the language.
 *
 * `JSON.stringify` asks every object for a `toJSON`, and old libraries put one on the prototypes of
 * arrays, objects and strings, which writes an array as a string. So objects and arrays are walked
 * here, and only texts are left to the native, which asks them nothing.
 */

/** @type {(text: string) => string} */
const quote = JSON.stringify;
const { isArray } = Array;
const { keys } = Object;

/**
 * @param {unknown} value Plain data: what JSON has no word for is left out of objects, and null in
 *   arrays, as with `JSON.stringify`.
 * @returns {string}
 */
export function serialize(value) {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return value - value === 0 ? `${value}` : "null";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value !== "object" || value === null) return "null";
  return isArray(value) ? serializeArray(value) : serializeObject(/** @type {any} */ (value));
}

/** @param {unknown[]} values */
function serializeArray(values) {
  let text = "";
  for (let i = 0; i < values.length; i++) text += `${i ? "," : ""}${serialize(values[i])}`;
  return `[${text}]`;
}

/** @param {Record<string, unknown>} fields */
function serializeObject(fields) {
  const names = keys(fields);
  let text = "";
  for (let i = 0; i < names.length; i++) {
    const value = fields[names[i]];
    if (value === undefined || typeof value === "function" || typeof value === "symbol") continue;
    text += `${text ? "," : ""}${quote(names[i])}:${serialize(value)}`;
  }
  return `{${text}}`;
}

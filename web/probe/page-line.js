import { redactUrl } from "./redact.js";

/**
 * Where in the page's own scripts something was asked for.
 *
 * The probe's own frames have no address, so the first that has one is the page's.
 */

const NativeError = Error;
const FRAME = /(https?:\/\/[^\s)]+):(\d+):(\d+)/;

/**
 * @param {unknown} [error] One that was thrown; where absent, it is asked from here.
 * @returns {string} As in "http://127.0.0.1/call.js:12:5"; "" where nobody knows.
 */
export function pageLine(error = new NativeError()) {
  const stack = /** @type {any} */ (error)?.stack;
  const found = typeof stack === "string" ? FRAME.exec(stack) : null;
  return found ? `${redactUrl(found[1].split(/[?#]/, 1)[0])}:${found[2]}:${found[3]}` : "";
}

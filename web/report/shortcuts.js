/** Keys of the report and what they do. Pure. */

/**
 * @typedef {"play" | "back" | "on" | "start" | "end" | "next_event" | "previous_event" | "next_word"
 *   | "previous_word" | "zoom_in" | "zoom_out" | "zoom_fit" | "search" | "help" | "previous_call"
 *   | "next_call"} Command
 */

/** The same list stands in the report, for people. @type {Record<string, Command>} */
const COMMANDS = {
  " ": "play",
  ArrowLeft: "back",
  ArrowRight: "on",
  Home: "start",
  End: "end",
  j: "next_event",
  k: "previous_event",
  n: "next_word",
  p: "previous_word",
  "+": "zoom_in",
  "=": "zoom_in", // the same key as + without Shift on many keyboards
  "-": "zoom_out",
  0: "zoom_fit",
  "/": "search",
  "?": "help",
  "[": "previous_call",
  "]": "next_call",
};

/**
 * What a key pressed anywhere in the report means.
 *
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">} event
 * @param {Pick<Element, "closest">} target What has the focus.
 * @returns {Command | null} Null for keys that are not ours, or that what has the focus needs.
 */
export function commandOf({ key, ctrlKey, metaKey, altKey }, target) {
  if (ctrlKey || metaKey || altKey || isNeeded(key, target)) return null;
  return Object.hasOwn(COMMANDS, key) ? COMMANDS[key] : null;
}

/** @param {string} key @param {Pick<Element, "closest">} target */
function isNeeded(key, target) {
  if (target.closest("input[type=search], select")) return true;
  if (key === " " || key === "Enter") return target.closest("button, a, summary, input[type=checkbox]") !== null;
  return key.startsWith("Arrow") && target.closest("input[type=range]") !== null;
}

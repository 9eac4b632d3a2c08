/** Keys and what they do. Pure, but for one listener. */

/**
 * @typedef {"start" | "hang_up" | "mute" | "interrupt" | "send_turn" | "louder" | "quieter" | "help"
 *   | "dismiss"} Command
 */

/** The same list stands on the page, for people. @type {Record<string, Command>} */
const COMMANDS = {
  s: "start",
  h: "hang_up",
  m: "mute",
  i: "interrupt",
  t: "send_turn",
  "+": "louder",
  "=": "louder", // the same key as + without Shift on many keyboards
  "-": "quieter",
  "?": "help",
  Escape: "dismiss",
};

/**
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "repeat">} event
 * @returns {Command | null} Null for keys that are not ours, and for those of the browser.
 */
export function commandOf({ key, ctrlKey, altKey, metaKey, repeat }) {
  if (ctrlKey || altKey || metaKey) return null;
  const command = COMMANDS[key.length === 1 ? key.toLowerCase() : key] ?? null;
  const mayRepeat = command === "louder" || command === "quieter";
  return repeat && !mayRepeat ? null : command;
}

/**
 * @param {Pick<Window, "addEventListener">} target
 * @param {(command: Command) => void} run
 */
export function listenForShortcuts(target, run) {
  target.addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLElement
      && event.target.matches("input:not([type=range], [type=checkbox]), textarea, [contenteditable]");
    const command = commandOf(event);
    if (isTyping || !command || event.defaultPrevented) return;
    run(command);
  });
}

/** A button of the stand-in. */
import { element } from "../client/toasts.js";

/**
 * @param {string} label
 * @param {string} kind Its class.
 * @param {() => void} [act] What pressing it does.
 * @returns {HTMLElement}
 */
export function button(label, kind, act) {
  const made = element("button", kind, label);
  made.setAttribute("type", "button");
  if (act) made.addEventListener("click", act);
  return made;
}

/** A button of the stand-in. */
import { element } from "../client/toasts.js";
import { iconsOf } from "./icons.js";

/**
 * @param {string} label
 * @param {string} kind Its class.
 * @param {() => void} [act] What pressing it does.
 * @param {string} [icon] Before its words.
 * @returns {HTMLElement}
 */
export function button(label, kind, act, icon) {
  const made = element("button", kind);
  made.append(...iconsOf(icon), label);
  made.setAttribute("type", "button");
  if (act) made.addEventListener("click", act);
  return made;
}

/** The stand-in's script begins here: a page loads it in place of ChatKit's own. */
import { WARNING, chatKitElement } from "./element.js";

/**
 * Make the element known, and say loudly that it is a stand-in.
 *
 * @param {Window & typeof globalThis} target The page's window.
 */
export function standIn(target) {
  if (target.customElements.get("openai-chatkit")) return;
  target.console.warn(WARNING);
  target.customElements.define("openai-chatkit", chatKitElement(target.HTMLElement, target));
}

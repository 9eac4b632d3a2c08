/** The menu above the composer: what "@" and "/" find, chosen with keys or by a click. */
import { element } from "../client/toasts.js";
import { iconsOf } from "./icons.js";

/**
 * @typedef {object} Suggestion
 * @property {string} label
 * @property {string} [description]
 * @property {string} [group]
 * @property {string} [icon]
 * @property {() => void} choose
 */

export class SuggestionMenu {
  /** The list itself. */
  list = element("ul", "menu");
  /** @type {Suggestion[]} */
  #shown = [];
  #at = 0;

  constructor() {
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** @param {Suggestion[]} suggestions None closes it. */
  show(suggestions) {
    this.#shown = suggestions;
    this.#at = 0;
    this.list.hidden = suggestions.length === 0;
    this.#draw();
  }

  close() {
    this.show([]);
  }

  /**
   * @param {string} key Of a keydown in the composer.
   * @returns {boolean} Whether it was for the menu.
   */
  press(key) {
    if (!this.isOpen) return false;
    switch (key) {
      case "ArrowDown":
      case "ArrowUp": {
        const step = key === "ArrowDown" ? 1 : -1;
        this.#at = (this.#at + step + this.#shown.length) % this.#shown.length;
        this.#draw();
        return true;
      }
      case "Enter":
      case "Tab":
        this.#shown[this.#at].choose();
        return true;
      case "Escape":
        this.close();
        return true;
    }
    return false;
  }

  #draw() {
    let group = "";
    const lines = this.#shown.flatMap((one, index) => {
      const line = element("li", "menu-option");
      const label = element("span", "menu-label");
      label.append(...iconsOf(one.icon), one.label);
      line.append(label);
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", String(index === this.#at));
      if (one.description) line.append(element("span", "menu-description", one.description));
      line.addEventListener("click", () => one.choose());
      if (!one.group || one.group === group) return [line];
      group = one.group;
      const head = element("li", "menu-group", group);
      head.setAttribute("role", "presentation");
      return [head, line];
    });
    this.list.replaceChildren(...lines);
  }
}

/** Earlier threads in the stand-in: each can be opened, and where the page says so renamed, deleted. */
import { element } from "../client/toasts.js";
import { button } from "./button.js";

export class HistoryList {
  list = element("ul", "history");
  #acts;

  /**
   * @param {object} acts
   * @param {(threadId: string) => void} acts.choose
   * @param {(threadId: string, title: string) => void} acts.rename
   * @param {(threadId: string) => void} acts.remove
   */
  constructor(acts) {
    this.#acts = acts;
    this.list.hidden = true;
  }

  /**
   * @param {Record<string, any>[]} threads
   * @param {{showDelete?: boolean, showRename?: boolean} | undefined} options
   * @param {import("./texts.js").Texts} texts
   */
  show(threads, options, texts) {
    this.list.hidden = false;
    const entries = threads.map(({ id, title, created_at: created }) => {
      const name = String(title ?? id);
      const entry = element("li", "");
      entry.append(button(name, "choose", () => this.#acts.choose(id)));
      const day = texts.day(created);
      if (day) entry.append(element("span", "history-day", day));
      const ask = () => this.#askTitle(entry, id, name, texts);
      if (options?.showRename === true) entry.append(button(texts.say("Rename"), "rename", ask));
      if (options?.showDelete === true) {
        entry.append(button(texts.say("Delete"), "delete", () => {
          entry.remove();
          this.#acts.remove(id);
        }));
      }
      return entry;
    });
    this.list.replaceChildren(...entries);
  }

  hide() {
    this.list.hidden = true;
  }

  /**
   * @param {HTMLElement} entry
   * @param {string} threadId
   * @param {string} name
   * @param {import("./texts.js").Texts} texts
   */
  #askTitle(entry, threadId, name, texts) {
    const form = element("form", "rename-form");
    const title = /** @type {HTMLInputElement} */ (element("input", ""));
    title.value = name;
    title.setAttribute("aria-label", texts.say("Title"));
    const save = element("button", "", texts.say("Save"));
    save.setAttribute("type", "submit");
    form.append(title, save);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const wanted = title.value.trim();
      if (!wanted) return;
      const choose = entry.querySelector(".choose");
      if (choose) choose.textContent = wanted;
      form.remove();
      this.#acts.rename(threadId, wanted);
    });
    entry.append(form);
    title.focus();
  }
}

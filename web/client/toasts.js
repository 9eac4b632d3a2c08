/** Short messages at the edge of the page. Errors stay until dismissed. */

const NOTICE_MS = 8_000;
const MOST_TOASTS = 3;

export class Toasts {
  #region;

  /** @param {HTMLElement} region Where toasts appear; a live region. */
  constructor(region) {
    this.#region = region;
  }

  /** @param {{message: string, hint?: string}} error */
  error({ message, hint = "" }) {
    this.#show("error", message, hint);
  }

  /**
   * @param {string} message
   * @param {{stays?: boolean}} [more] stays: until dismissed or cleared.
   * @returns {() => void} Takes the notice away.
   */
  notice(message, { stays = false } = {}) {
    const toast = this.#show("notice", message, "");
    if (!stays) setTimeout(() => toast.remove(), NOTICE_MS);
    return () => toast.remove();
  }

  clear() {
    this.#region.replaceChildren();
  }

  /** Take away the newest one. */
  dismiss() {
    this.#region.lastElementChild?.remove();
  }

  /**
   * @param {"error" | "notice"} kind
   * @param {string} message
   * @param {string} hint
   */
  #show(kind, message, hint) {
    for (const old of this.#region.querySelectorAll(".toast")) {
      if (old.querySelector(".toast-message")?.textContent === message) old.remove();
    }
    const toast = element("div", `toast toast-${kind}`);
    toast.setAttribute("role", kind === "error" ? "alert" : "status");
    const words = element("div", "toast-words");
    words.append(element("p", "toast-message", message));
    if (hint) words.append(element("p", "toast-hint", hint));
    const dismiss = element("button", "toast-dismiss", "×");
    dismiss.setAttribute("type", "button");
    dismiss.setAttribute("aria-label", "Dismiss message");
    dismiss.addEventListener("click", () => toast.remove());
    toast.append(words, dismiss);
    this.#region.append(toast);
    while (this.#region.childElementCount > MOST_TOASTS) this.#region.firstElementChild?.remove();
    return toast;
  }
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} [text] Always set as text: it may come from the server.
 * @returns {HTMLElement}
 */
export function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

/**
 * What a turn of the stand-in has to press: entities, links to the page, good or bad, retry.
 *
 * @typedef {import("../client/turns.js").Turn} Turn
 * @typedef {import("./composed.js").Entity} Entity
 */
import { element } from "../client/toasts.js";
import { button } from "./button.js";
import { Texts } from "./texts.js";

const LINK = /\[([^\]]+)\]\((chatkit-link:\/\/[^\s)]+)\)/g;
const THUMBS = /** @type {const} */ ([["positive", "Good", "thumbs-up"], ["negative", "Bad", "thumbs-down"]]);

export class TurnActions {
  /** @type {Record<string, any>} As `setOptions` took them. */
  options = {};
  texts = new Texts("en");
  #widgets;
  #acts;

  /**
   * @param {import("../client/chat/widget-view.js").WidgetView} widgets
   * @param {object} acts
   * @param {(itemId: string, kind: "positive" | "negative") => void} acts.judge
   * @param {(itemId: string) => void} acts.retry
   * @param {(name: string, data: Record<string, string>) => void} acts.follow
   * @param {(error: unknown) => void} acts.failed
   */
  constructor(widgets, acts) {
    this.#widgets = widgets;
    this.#acts = acts;
  }

  /**
   * @param {Turn} turn
   * @returns {HTMLElement[]}
   */
  draw(turn) {
    const entities = (turn.entities ?? []).map((one) => this.#entity(/** @type {Entity} */ (one)));
    const links = linksIn(turn.text).map(({ label, name, data }) => button(label, "link", () => this.#acts.follow(name, data)));
    const isAnswer = turn.role === "assistant" && turn.phase === "done";
    const { feedback, retry } = isAnswer ? this.options.threadItemActions ?? {} : {};
    const thumbs = feedback === true ? THUMBS.map(([kind, label, sign]) => this.#thumb(turn.id, kind, label, sign)) : [];
    const again = retry === true ? [button(this.texts.say("Retry"), "retry", () => this.#acts.retry(turn.id), "reload")] : [];
    return [rowOf("entities", [...entities, ...links]), rowOf("actions", [...thumbs, ...again])].flat();
  }

  /**
   * @param {string} itemId
   * @param {"positive" | "negative"} kind
   * @param {"Good" | "Bad"} label
   * @param {string} sign
   */
  #thumb(itemId, kind, label, sign) {
    const thumb = button(this.texts.say(label), "thumb", () => {
      for (const other of thumb.parentElement?.querySelectorAll(".thumb") ?? []) other.setAttribute("aria-pressed", "false");
      thumb.setAttribute("aria-pressed", "true");
      this.#acts.judge(itemId, kind);
    }, sign);
    thumb.setAttribute("aria-pressed", "false");
    return thumb;
  }

  /** @param {Entity} entity */
  #entity(entity) {
    const shown = element("span", "entity");
    const name = button(entity.title, "entity-name", () => this.options.entities?.onClick?.(entity), entity.icon);
    if (entity.interactive !== true) name.setAttribute("disabled", "");
    const look = () => void this.#preview(entity, shown);
    name.addEventListener("focus", look);
    shown.addEventListener("mouseenter", look);
    shown.addEventListener("mouseleave", () => shown.querySelector(".preview")?.remove());
    name.addEventListener("blur", () => shown.querySelector(".preview")?.remove());
    shown.append(name);
    return shown;
  }

  /**
   * @param {Entity} entity
   * @param {HTMLElement} place
   */
  async #preview(entity, place) {
    const ask = this.options.entities?.onRequestPreview;
    if (!ask || entity.interactive !== true || place.querySelector(".preview")) return;
    const box = element("span", "preview");
    place.append(box);
    try {
      const { preview } = await ask(entity) ?? {};
      if (preview) box.append(this.#widgets.draw(preview));
      else box.remove();
    } catch (error) {
      box.remove();
      this.#acts.failed(error);
    }
  }
}

/**
 * Links of an answer's Markdown that are for the page: `[Label](chatkit-link://name?key=value)`.
 *
 * @param {string} text
 */
export function linksIn(text) {
  return [...text.matchAll(LINK)].map(([, label, address]) => {
    const [name, query = ""] = address.slice("chatkit-link://".length).split("?");
    return { label, name: decoded(name.replace(/\/+$/, "")), data: Object.fromEntries(new URLSearchParams(query)) };
  });
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * @param {string} kind
 * @param {HTMLElement[]} inside
 */
function rowOf(kind, inside) {
  if (!inside.length) return [];
  const row = element("div", kind);
  row.append(...inside);
  return [row];
}

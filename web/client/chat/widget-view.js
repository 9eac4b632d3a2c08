/**
 * Widgets of the ChatKit protocol, drawn on the page.
 *
 * All that is in one comes from a server: words are set as text, Markdown too, and a picture is
 * shown only where it is a part of the widget or on this page's own server. Nothing is loaded from
 * elsewhere. A component that is not known is shown as its words and what is in it.
 *
 * @typedef {Record<string, any>} Component
 * @typedef {{type: string, payload?: any, handler?: string, streaming?: boolean}} Action
 * @typedef {(action: Action, button: HTMLElement) => void} Act Told what a person sets off.
 */
import { element } from "../toasts.js";
import { boxOf, fieldOf, valuesOf } from "./widget-form.js";

const MOST_DEPTH = 64;
/** Pictures that a browser draws and nothing else: an SVG could hold a script. */
const PICTURE_DATA = /^data:image\/(png|jpeg|gif|webp);base64,/;

/** A widget on the page. */
export class WidgetView {
  #act;
  #base;
  #isPageThere;

  /**
   * @param {Act} act
   * @param {string} base The page's own address.
   * @param {{isPageThere?: boolean}} [more] isPageThere: the page's own code handles its actions
   *   (`handler: client`); else they cannot be pressed.
   */
  constructor(act, base, { isPageThere = false } = {}) {
    this.#act = act;
    this.#base = base;
    this.#isPageThere = isPageThere;
  }

  /**
   * @param {Component} widget
   * @returns {HTMLElement}
   */
  draw(widget) {
    const drawn = element("div", "widget");
    drawn.append(this.#component(widget, 0));
    return drawn;
  }

  /**
   * @param {Component} one
   * @param {number} depth
   * @returns {HTMLElement}
   */
  #component(one, depth) {
    const field = fieldOf(one);
    if (field) return field;
    switch (one.type) {
      case "Card":
        return this.#card(one, depth);
      case "ListView":
        return this.#list(one, depth);
      case "ListViewItem":
        return this.#item(one, depth);
      case "Title":
        return element("p", "widget-title", textOf(one.value));
      case "Caption":
      case "Label":
        return element("p", "widget-caption", textOf(one.value));
      case "Badge":
        return element("span", `widget-badge widget-${toneOf(one.color)}`, textOf(one.label));
      case "Divider":
        return element("hr", "widget-divider");
      case "Image":
        return this.#image(one);
      case "Button":
        return this.#button(one, textOf(one.label) || textOf(one.key) || "Button", one.onClickAction, one.style);
      case "Text":
      case "Markdown":
        return this.#text(one);
      default:
        return this.#box(one, depth);
    }
  }

  /** @param {Component} one */
  #text(one) {
    const drawn = element("p", "widget-text", textOf(one.value));
    if (["semibold", "bold"].includes(one.weight)) drawn.classList.add("widget-strong");
    if (["secondary", "tertiary"].includes(one.color)) drawn.classList.add("widget-caption");
    return drawn;
  }

  /**
   * @param {Component} one
   * @param {number} depth
   */
  #box(one, depth) {
    const drawn = boxOf(one);
    const own = textOf(one.value) || textOf(one.label) || textOf(one.title);
    if (own) drawn.append(element("p", "widget-text", own));
    this.#fill(drawn, one, depth);
    this.#sendsForm(drawn, one);
    return drawn;
  }

  /**
   * @param {Component} one
   * @param {number} depth
   */
  #card(one, depth) {
    const drawn = element(one.asForm ? "form" : "div", "widget-card");
    this.#status(drawn, one);
    this.#fill(drawn, one, depth);
    const foot = element("div", "widget-row widget-foot");
    for (const [given, style] of [[one.cancel, "secondary"], [one.confirm, "primary"]]) {
      if (given?.action) foot.append(this.#button(given, textOf(given.label), given.action, style));
    }
    if (foot.childElementCount) drawn.append(foot);
    if (one.asForm) this.#sendsForm(drawn, { onSubmitAction: one.confirm?.action });
    return drawn;
  }

  /**
   * @param {Component} one
   * @param {number} depth
   */
  #list(one, depth) {
    const drawn = element("div", "widget-card widget-list");
    this.#status(drawn, one);
    const items = element("div", "widget-items");
    items.setAttribute("role", "list");
    this.#fill(items, one, depth);
    drawn.append(items);
    const limit = Number.isInteger(one.limit) ? one.limit : items.childElementCount;
    const rest = /** @type {HTMLElement[]} */ ([...items.children].slice(limit));
    if (rest.length) drawn.append(moreOf(rest));
    return drawn;
  }

  /**
   * @param {Component} one
   * @param {number} depth
   */
  #item(one, depth) {
    const drawn = element("div", "widget-item");
    drawn.setAttribute("role", "listitem");
    if (!isAction(one.onClickAction)) {
      this.#fill(drawn, one, depth);
      return drawn;
    }
    const pressed = button("", "whole");
    this.#fill(pressed, one, depth);
    this.#sets(pressed, one.onClickAction);
    drawn.append(pressed);
    return drawn;
  }

  /** @param {Component} one */
  #image(one) {
    return this.picture(one.src, textOf(one.alt));
  }

  /**
   * @param {unknown} src
   * @param {string} alt
   * @returns {HTMLElement} The picture, or the words for one that is elsewhere.
   */
  picture(src, alt) {
    const source = this.#safeSource(src);
    if (source === null) {
      const place = element("p", "widget-no-image", alt || "Picture");
      place.setAttribute("title", "A picture from elsewhere: this page does not load it.");
      return place;
    }
    const drawn = element("img", "widget-image");
    drawn.setAttribute("src", source);
    drawn.setAttribute("alt", alt);
    return drawn;
  }

  /**
   * @param {unknown} given
   * @returns {string | null} Null for what would be loaded from elsewhere.
   */
  #safeSource(given) {
    if (typeof given !== "string") return null;
    if (PICTURE_DATA.test(given)) return given;
    if (!URL.canParse(given, this.#base)) return null;
    const url = new URL(given, this.#base);
    const isOwn = url.origin === new URL(this.#base).origin;
    return isOwn && url.pathname.startsWith("/chatkit/attachments/") ? url.href : null;
  }

  /**
   * @param {Component} one
   * @param {string} label
   * @param {unknown} action
   * @param {string} [style]
   */
  #button(one, label, action, style) {
    const drawn = button(label, style === "primary" || one.color === "primary" ? "primary" : "secondary");
    if (one.color === "danger") drawn.classList.add("widget-danger");
    const submits = one.submit === true && !isAction(action);
    if (submits) drawn.setAttribute("type", "submit");
    if (isAction(action)) this.#sets(drawn, action);
    else if (!submits) drawn.setAttribute("disabled", "");
    if (one.disabled === true) drawn.setAttribute("disabled", "");
    return drawn;
  }

  /**
   * @param {HTMLElement} drawn
   * @param {Action} action
   */
  #sets(drawn, action) {
    if (action.handler === "client" && !this.#isPageThere) {
      drawn.setAttribute("disabled", "");
      drawn.setAttribute("title", "The page that this is made for handles it by itself.");
      return;
    }
    drawn.addEventListener("click", () => {
      this.#act(withValues(action, valuesOf(drawn.closest("form"))), drawn);
    });
  }

  /**
   * @param {HTMLElement} drawn
   * @param {Component} one
   */
  #sendsForm(drawn, one) {
    if (drawn.tagName.toLowerCase() !== "form") return;
    drawn.addEventListener("submit", (event) => {
      event.preventDefault();
      const action = one.onSubmitAction;
      if (isAction(action) && (this.#isPageThere || action.handler !== "client")) this.#act(withValues(action, valuesOf(drawn)), drawn);
    });
  }

  /**
   * @param {HTMLElement} drawn
   * @param {Component} one
   */
  #status(drawn, one) {
    if (one.status?.text) drawn.append(element("p", "widget-caption", textOf(one.status.text)));
  }

  /**
   * @param {HTMLElement} drawn
   * @param {Component} one
   * @param {number} depth
   */
  #fill(drawn, one, depth) {
    const children = Array.isArray(one.children) ? one.children : [one.children];
    if (depth > MOST_DEPTH) return;
    for (const child of children) {
      if (typeof child === "object" && child !== null) drawn.append(this.#component(child, depth + 1));
    }
  }
}

/** @param {unknown} value */
function textOf(value) {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** @param {unknown} color */
function toneOf(color) {
  return ["success", "warning", "danger", "info", "discovery"].includes(/** @type {string} */ (color)) ? color : "plain";
}

/**
 * @param {unknown} action
 * @returns {action is Action}
 */
function isAction(action) {
  return typeof (/** @type {Action | null} */ (action)?.type) === "string";
}

/**
 * @param {Action} action
 * @param {Record<string, any>} values
 * @returns {Action}
 */
function withValues(action, values) {
  const { payload } = action;
  const isObject = payload === undefined || (typeof payload === "object" && payload !== null && !Array.isArray(payload));
  if (!isObject || Object.keys(values).length === 0) return action;
  return { ...action, payload: { ...payload, ...values } };
}

/**
 * @param {string} label
 * @param {string} kind
 */
function button(label, kind) {
  const made = element("button", `widget-button widget-${kind}`, label);
  made.setAttribute("type", "button");
  return made;
}

/**
 * @param {HTMLElement[]} rest What a list shows on demand.
 * @returns {HTMLElement} What shows it.
 */
function moreOf(rest) {
  for (const item of rest) item.hidden = true;
  const more = button("Show more", "secondary");
  more.addEventListener("click", () => {
    for (const item of rest) item.hidden = false;
    more.remove();
  });
  return more;
}

/** What the stand-in shows in its shadow root: that it is one, the conversation, and a composer. */
import { extrasOf } from "../client/chat/turn-extras.js";
import { WidgetView } from "../client/chat/widget-view.js";
import { ConversationView } from "../client/conversation-view.js";
import { element } from "../client/toasts.js";
import { button } from "./button.js";
import { Composer } from "./composer.js";
import { HistoryList } from "./history-list.js";
import { STYLE } from "./style.js";
import { themeProperties } from "./theme.js";
import { TurnActions } from "./turn-actions.js";

export const STAND_IN = "Stand-in for ChatKit: not the real element";

/**
 * @typedef {object} Acts What a person does, beside what the composer's own are.
 * @property {(action: import("../client/chat/widget-view.js").Action, itemId: string) => void} press
 * @property {(threadId: string) => void} choose
 * @property {(threadId: string, title: string) => void} rename
 * @property {(threadId: string) => void} remove
 * @property {() => void} toggleHistory
 * @property {(itemId: string, kind: "positive" | "negative") => void} judge
 * @property {(itemId: string) => void} retry
 * @property {(name: string, data: Record<string, string>) => void} follow
 */

export class ChatKitView {
  composer;
  history;
  #root;
  #acts;
  #frame = element("div", "frame");
  #header = element("div", "header");
  #title = element("p", "title");
  #list = element("ol", "turns");
  #start = element("div", "start");
  #greeting = element("p", "greeting");
  #prompts = element("div", "prompts");
  #progress = element("p", "progress");
  #actions;
  #turns;
  /** @type {Record<string, any>} */
  #options = {};

  /**
   * @param {ShadowRoot} root
   * @param {Pick<Window & typeof globalThis, "document" | "navigator" | "setTimeout" | "clearTimeout">} target The page's window.
   * @param {Acts & import("./composer.js").Acts} acts
   */
  constructor(root, target, acts) {
    this.#root = root;
    this.#acts = acts;
    this.composer = new Composer(acts, target);
    this.history = new HistoryList(acts);
    const widgets = new WidgetView((action, pressed) => {
      acts.press(action, pressed.closest("[data-item]")?.getAttribute("data-item") ?? "");
    }, target.document.baseURI, { isPageThere: true });
    const actions = this.#actions = new TurnActions(widgets, acts);
    const scroller = element("div", "scroller");
    scroller.setAttribute("role", "log");
    this.#start.append(this.#greeting, this.#prompts);
    scroller.append(this.#start, this.#list, this.history.list);
    this.#turns = new ConversationView(
      { list: this.#list, scroller, empty: this.#start }, (turn) => [...extrasOf(turn, widgets), ...actions.draw(turn)],
    );
    const head = element("div", "head");
    head.append(element("p", "stand-in", STAND_IN), this.#header);
    this.#frame.setAttribute("role", "region");
    this.#frame.append(head, scroller, this.#progress, this.composer.form);
    this.#root.append(this.#frame);
    this.#style();
  }

  /**
   * @param {import("./conversation.js").ChatKitConversation} conversation
   */
  render({ thread, options, isResponding, canStop, progress }) {
    if (options !== this.#options) this.#configure(options);
    const { header, disclaimer } = options;
    say(this.#title, header?.title?.enabled === false ? "" : header?.title?.text || thread.title);
    say(this.#progress, thread.closed || progress || (isResponding ? "…" : disclaimer?.text ?? ""));
    this.#progress.classList.toggle("strong", disclaimer?.highContrast === true);
    this.composer.render(options, { isResponding, isClosed: thread.closed !== "", canStop });
    const { turns } = thread;
    // What the person has just written is scrolled to in any case, and so is a thread that is opened.
    this.#turns.follows = options.thread?.autoScroll === true || !isResponding || turns.at(-1)?.role === "user";
    this.#turns.render(turns);
  }

  /** @param {Record<string, any>[] | null} threads Null: the thread is shown again. */
  showHistory(threads) {
    this.#list.hidden = threads !== null;
    if (threads) this.history.show(threads, this.#options.history);
    else this.history.hide();
  }

  /** @param {Record<string, any>} options Nothing of those before stays. */
  #configure(options) {
    this.#options = this.#actions.options = options;
    for (const [name, value] of Object.entries(themeProperties(options.theme))) {
      this.#frame.style.setProperty(name, value);
    }
    this.#frame.setAttribute("aria-label", options.frameTitle ?? "Chat");
    if (options.locale) this.#frame.setAttribute("lang", options.locale);
    this.#showHeader(options);
    say(this.#greeting, options.startScreen?.greeting ?? "What can I help with today?");
    const prompts = (options.startScreen?.prompts ?? []).map((/** @type {any} */ { label, prompt }) => {
      const message = typeof prompt === "string" ? { text: prompt } : { content: prompt };
      return button(label, "prompt", () => this.#acts.send(message));
    });
    this.#prompts.replaceChildren(...prompts);
    this.#turns.forget();
  }

  /** @param {Record<string, any>} options */
  #showHeader({ header, history }) {
    const side = (/** @type {any} */ action) => (action ? [button(String(action.icon), "header-action", () => action.onClick())] : []);
    const past = history?.enabled !== false ? [button("History", "history-button", () => this.#acts.toggleHistory())] : [];
    this.#header.replaceChildren(...side(header?.leftAction), this.#title, ...past, ...side(header?.rightAction));
    this.#header.hidden = header?.enabled === false;
  }

  /** By a sheet made in script: a page's policy may forbid styles in markup. */
  #style() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
  }
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === "";
}

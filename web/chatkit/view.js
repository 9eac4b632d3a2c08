/** What the stand-in shows in its shadow root: that it is one, the conversation, and a composer. */
import { extrasOf } from "../client/chat/turn-extras.js";
import { WidgetView } from "../client/chat/widget-view.js";
import { ConversationView } from "../client/conversation-view.js";
import { element } from "../client/toasts.js";
import { button } from "./button.js";
import { Composer } from "./composer.js";
import { Fonts } from "./fonts.js";
import { HistoryList } from "./history-list.js";
import { iconsOf } from "./icons.js";
import { STYLE } from "./style.js";
import { Texts } from "./texts.js";
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
 * @property {(name: string, data: Record<string, string>) => void} log
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
  #texts = new Texts("en");
  #fonts;
  #target;

  /**
   * @param {ShadowRoot} root
   * @param {Pick<Window & typeof globalThis, "document" | "navigator" | "setTimeout" | "clearTimeout" | "FontFace">} target The page's window.
   * @param {Acts & import("./composer.js").Acts} acts
   */
  constructor(root, target, acts) {
    this.#root = root;
    this.#acts = acts;
    this.#target = target;
    this.#fonts = new Fonts(target, (family, status) => acts.log("stand_in.font", { family, status }));
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
      { list: this.#list, scroller, empty: this.#start },
      (turn) => [...extrasOf(turn, widgets, { locale: this.#texts.locale, icons: iconsOf }), ...actions.draw(turn)],
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
  render({ thread, options, isResponding, canStop, progress, progressIcon }) {
    if (options !== this.#options) this.#configure(options);
    const { header, disclaimer } = options;
    say(this.#title, header?.title?.enabled === false ? "" : header?.title?.text || thread.title);
    say(this.#progress, thread.closed || progress || (isResponding ? "…" : disclaimer?.text ?? ""));
    if (progress && progressIcon && !thread.closed) this.#progress.replaceChildren(...iconsOf(progressIcon), progress);
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
    if (threads) this.history.show(threads, this.#options.history, this.#texts);
    else this.history.hide();
  }

  /** @param {Record<string, any>} options Nothing of those before stays. */
  #configure(options) {
    this.#options = this.#actions.options = options;
    const texts = this.#texts = new Texts(options.locale ?? this.#target.navigator?.language);
    this.composer.texts = this.#actions.texts = texts;
    this.#turns.names = { user: texts.say("You"), assistant: texts.say("Assistant"), tool: texts.say("Tool") };
    this.#fonts.use(options.theme?.typography?.fontSources);
    for (const [name, value] of Object.entries(themeProperties(options.theme))) {
      this.#frame.style.setProperty(name, value);
    }
    this.#frame.setAttribute("aria-label", options.frameTitle ?? texts.say("Chat"));
    this.#frame.setAttribute("lang", texts.locale);
    this.#frame.setAttribute("dir", texts.direction);
    this.#showHeader(options);
    say(this.#greeting, options.startScreen?.greeting ?? texts.say("What can I help with today?"));
    const prompts = (options.startScreen?.prompts ?? []).map((/** @type {any} */ { label, prompt, icon }) => {
      const message = typeof prompt === "string" ? { text: prompt } : { content: prompt };
      return button(label, "prompt", () => this.#acts.send(message), icon);
    });
    this.#prompts.replaceChildren(...prompts);
    this.#turns.forget();
  }

  /** @param {Record<string, any>} options */
  #showHeader({ header, history }) {
    const side = (/** @type {any} */ action) => (action ? [signOf(String(action.icon), () => action.onClick())] : []);
    const past = history?.enabled !== false ? [button(this.#texts.say("History"), "history-button", () => this.#acts.toggleHistory())] : [];
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
 * A button that is an icon alone; its name is the icon's.
 *
 * @param {string} name
 * @param {() => void} act
 */
function signOf(name, act) {
  const made = button("", "header-action", act, name);
  made.setAttribute("aria-label", name);
  made.setAttribute("title", name);
  return made;
}

/**
 * @param {HTMLElement} place
 * @param {string} text
 */
function say(place, text) {
  if (place.textContent !== text) place.textContent = text;
  place.hidden = text === "";
}

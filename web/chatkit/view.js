/** What the stand-in shows in its shadow root: that it is one, the conversation, and a composer. */
import { extrasOf } from "../client/chat/turn-extras.js";
import { WidgetView } from "../client/chat/widget-view.js";
import { ConversationView } from "../client/conversation-view.js";
import { element } from "../client/toasts.js";

export const STAND_IN = "Stand-in for ChatKit: not the real element";

const STYLE = `
  :host { display: grid; min-height: 16rem; font: 15px/1.45 system-ui, sans-serif; color-scheme: light dark; color: CanvasText; background: Canvas; }
  :host([hidden]) { display: none; }
  [hidden] { display: none !important; }
  .frame { display: grid; grid-template-rows: auto minmax(0, 1fr) auto auto; gap: 0.5rem; height: 100%; max-height: 100%; padding: 0.75rem; box-sizing: border-box; }
  .stand-in { margin: 0; padding: 0.25rem 0.6rem; border: 1px dashed; border-radius: 0.5rem; font-size: 0.8rem; }
  .title { margin-top: 0.5rem; font-weight: 600; }
  .scroller { overflow-y: auto; }
  ol, ul { display: grid; gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
  p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
  .turn-who, .widget-caption, .progress { font-size: 0.8rem; opacity: 0.75; }
  .turn-user { justify-self: end; text-align: end; }
  .widget-card, .widget-col, .widget { display: grid; gap: 0.5rem; }
  .widget-card { padding: 0.6rem; border: 1px solid; border-radius: 0.6rem; }
  .widget-row { display: flex; flex-wrap: wrap; gap: 0.5rem; }
  .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  form { display: flex; gap: 0.5rem; }
  textarea { flex: 1; font: inherit; resize: none; }
  button { padding: 0.25rem 0.75rem; font: inherit; }
  img { max-width: 100%; }
`;

export class ChatKitView {
  #root;
  #title = element("p", "title");
  #list = element("ol", "turns");
  #history = element("ul", "history");
  #greeting = element("p", "greeting");
  #progress = element("p", "progress");
  #message = /** @type {HTMLTextAreaElement} */ (element("textarea", ""));
  #send = element("button", "", "Send");
  #turns;

  /**
   * @param {ShadowRoot} root
   * @param {string} base The page's own address.
   * @param {object} acts What a person does.
   * @param {(text: string) => void} acts.send
   * @param {(action: import("../client/chat/widget-view.js").Action, itemId: string) => void} acts.press
   * @param {(threadId: string) => void} acts.choose
   */
  constructor(root, base, { send, press, choose }) {
    this.#root = root;
    this.#choose = choose;
    const scroller = element("div", "scroller");
    scroller.setAttribute("role", "log");
    scroller.append(this.#greeting, this.#list, this.#history);
    const widgets = new WidgetView((action, pressed) => {
      press(action, pressed.closest("[data-item]")?.getAttribute("data-item") ?? "");
    }, base, { isPageThere: true });
    this.#turns = new ConversationView(
      { list: this.#list, scroller, empty: this.#greeting }, (turn) => extrasOf(turn, widgets),
    );
    const form = element("form", "");
    this.#message.setAttribute("rows", "2");
    this.#message.setAttribute("aria-label", "Message");
    this.#send.setAttribute("type", "submit");
    form.append(this.#message, this.#send);
    const submit = () => {
      const text = this.#message.value.trim();
      if (text) send(text);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    this.#message.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    const frame = element("div", "frame");
    const head = element("div", "head");
    head.append(element("p", "stand-in", STAND_IN), this.#title);
    frame.append(head, scroller, this.#progress, form);
    this.#root.append(frame);
    this.#style();
  }

  /** @type {(threadId: string) => void} */
  #choose;

  /**
   * @param {import("./conversation.js").ChatKitConversation} conversation
   */
  render({ thread, options, isResponding, progress }) {
    const { header, startScreen, composer, disclaimer } = options;
    say(this.#title, header?.title?.text || thread.title);
    say(this.#greeting, startScreen?.greeting ?? "What can I help with today?");
    say(this.#progress, thread.closed || progress || (isResponding ? "…" : disclaimer?.text ?? ""));
    this.#message.setAttribute("placeholder", composer?.placeholder ?? "Message the AI");
    this.#message.disabled = thread.closed !== "";
    /** @type {HTMLButtonElement} */ (this.#send).disabled = isResponding || thread.closed !== "";
    this.#turns.render(thread.turns);
  }

  /** @returns {string} What stands in the composer. */
  get text() {
    return this.#message.value;
  }

  set text(text) {
    this.#message.value = text;
  }

  focus() {
    this.#message.focus();
  }

  /** @param {Record<string, any>[] | null} threads Null: the thread is shown again. */
  showHistory(threads) {
    this.#list.hidden = threads !== null;
    this.#history.hidden = threads === null;
    const entries = (threads ?? []).map(({ id, title }) => {
      const entry = element("li", "");
      const choose = element("button", "", String(title ?? id));
      choose.setAttribute("type", "button");
      choose.addEventListener("click", () => this.#choose(id));
      entry.append(choose);
      return entry;
    });
    this.#history.replaceChildren(...entries);
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

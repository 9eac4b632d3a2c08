/** The chat page put together: the thread, the composer, and a call that has the thread. */
import { AudioGraph } from "../audio-graph.js";
import { RealtimeClient } from "../client.js";
import { activityWords, finder } from "../controls.js";
import { ConversationView } from "../conversation-view.js";
import { Conversation } from "../conversation.js";
import { asCallError } from "../errors.js";
import { DEFAULT_SETTINGS } from "../settings.js";
import { Toasts } from "../toasts.js";
import { Attachments } from "./attachments.js";
import { Dictation } from "./dictation.js";
import { answersOf } from "./questions.js";
import { ChatServer } from "./server.js";
import { Thread } from "./thread.js";
import { extrasOf } from "./turn-extras.js";
import { WidgetView } from "./widget-view.js";

/** Messages that are shown at first, and with each "earlier". */
const PAGE = 50;
const TITLE = "New conversation";
const STATUS_WORDS = {
  idle: "No call",
  connecting: "Calling…",
  connected: "In a call",
  interrupted: "Connection interrupted",
  ended: "No call",
};

const DICTATION_WORDS = { off: "", listening: "Listening: speak, and press again", writing: "Writing it down…" };

export class ChatPage {
  #find = finder(document);
  #toasts = new Toasts(this.#find("toasts", HTMLElement));
  #server = new ChatServer(window.fetch.bind(globalThis), document.baseURI);
  #sound = new AudioGraph(window, this.#find("remote-audio", HTMLAudioElement));
  #widgets = new WidgetView((action, pressed) => void this.#press(action, pressed), document.baseURI);
  #view = new ConversationView({
    list: this.#find("thread", HTMLElement),
    scroller: this.#find("thread-scroller", HTMLElement),
    empty: this.#find("thread-empty", HTMLElement),
  }, (turn) => extrasOf(turn, this.#widgets));
  #client = new RealtimeClient(window, this.#clientListeners());
  #conversation = new Conversation();
  #thread = new Thread();
  #hasEarlier = false;
  /** @type {AbortController | null} The answer that is being written. */
  #answer = null;
  /** @type {AbortController | null} What comes of the call. */
  #following = null;
  /** Settled when it is known which thread this is. @type {Promise<unknown>} */
  #loaded = Promise.resolve();
  #message = this.#find("message", HTMLTextAreaElement);
  #attachments = new Attachments(this.#find("attached", HTMLElement), this.#server, {
    onChange: () => this.#render(),
    onProblem: (error) => this.#toasts.error(error),
  });
  #dictation = new Dictation(window, {
    onChange: () => this.#render(),
    onSound: (sound) => this.#writeDown(sound),
  });

  constructor() {
    /** @param {string} id @param {() => unknown} act */
    const on = (id, act) => this.#find(id, HTMLButtonElement).addEventListener("click", () => void act());
    on("start", () => this.#start());
    on("hang-up", () => this.#client.close());
    on("mute", () => this.#toggleMute());
    on("stop", () => this.#answer?.abort());
    on("earlier", () => this.#attempt(() => this.#loadEarlier()));
    on("new-thread", () => this.#begin());
    const chosen = this.#find("files", HTMLInputElement);
    on("attach", () => chosen.click());
    chosen.addEventListener("change", () => {
      void this.#attachments.add([...chosen.files ?? []]);
      chosen.value = ""; // the same file may be chosen again
    });
    on("dictate", () => this.#attempt(() => this.#dictation.toggle()));
    this.#find("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#write();
    });
    this.#message.addEventListener("keydown", (event) => {
      // While letters are put together (IME), Enter belongs to them.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#write();
    });
    this.#message.addEventListener("input", () => this.#render());
    addEventListener("keydown", ({ key }) => { if (key === "Escape") this.#toasts.dismiss(); });
    addEventListener("pagehide", () => {
      this.#dictation.cancel();
      void this.#client.close();
    });
    this.#render();
  }

  /** Show the newest thread there is. */
  async load() {
    this.#loaded = this.#attempt(async () => {
      const { data } = await this.#server.ask("threads.list", { limit: 1, order: "desc" });
      if (!data[0]) return;
      this.#thread.receive({ type: "thread.updated", thread: data[0] });
      await this.#loadEarlier();
      const scroller = this.#find("thread-scroller", HTMLElement);
      scroller.scrollTop = scroller.scrollHeight;
    });
    await this.#loaded;
  }

  async #loadEarlier() {
    const thread = this.#thread;
    const after = thread.oldestId ? { after: thread.oldestId } : {};
    const page = await this.#server.ask("items.list", {
      thread_id: thread.id, limit: PAGE, order: "desc", ...after,
    });
    thread.putBefore(page.data.reverse());
    this.#hasEarlier = page.has_more;
    this.#render();
  }

  async #begin() {
    await this.#loaded;
    this.#thread = new Thread();
    this.#hasEarlier = false;
    this.#toasts.clear();
    this.#attachments.clear();
    this.#render();
    this.#message.focus();
  }

  async #write() {
    await this.#loaded;
    const text = this.#message.value.trim();
    if (!this.#hasWords || !this.#mayWrite) return;
    const thread = this.#thread;
    const content = text ? [{ type: "input_text", text }] : [];
    const input = { content, attachments: this.#attachments.take(), inference_options: {} };
    const [type, params] = thread.id
      ? ["threads.add_user_message", { thread_id: thread.id, input }]
      : ["threads.create", { input }];
    this.#message.value = "";
    const isKept = await this.#follows(thread, type, params);
    if (!isKept && !this.#message.value) this.#message.value = text;
    this.#render();
  }

  /**
   * Ask for an answer, and show it as it comes.
   *
   * @param {Thread} thread
   * @param {string} type
   * @param {Record<string, any>} params
   * @returns {Promise<boolean>} Whether the thread has got something.
   */
  async #follows(thread, type, params) {
    const { signal } = this.#answer = new AbortController();
    this.#render();
    let isKept = false;
    await this.#attempt(async () => {
      for await (const event of this.#server.stream(type, params, signal)) {
        isKept ||= event.type === "thread.item.done";
        this.#receive(thread, event);
      }
    });
    this.#answer = null;
    thread.stop();
    this.#render();
    return isKept;
  }

  /**
   * A person sets off the action of a widget.
   *
   * @param {import("./widget-view.js").Action} action
   * @param {HTMLElement} pressed
   */
  async #press({ type, payload, streaming }, pressed) {
    const thread = this.#thread;
    if (!thread.id || !this.#mayWrite) {
      this.#toasts.notice(thread.closed || "The answer before is still coming.");
      return;
    }
    const itemId = pressed.closest("[data-item]")?.getAttribute("data-item");
    const params = { thread_id: thread.id, item_id: itemId, action: { type, payload: payload ?? null } };
    const asks = thread.questions(itemId);
    pressed.setAttribute("aria-busy", "true");
    if (asks) {
      const input = answersOf(asks, { type, payload });
      await this.#follows(thread, "threads.add_structured_input", { thread_id: thread.id, item_id: itemId, input });
    } else if (streaming === false) await this.#attempt(() => this.#actsAtOnce(thread, params));
    else await this.#follows(thread, "threads.custom_action", params);
    pressed.setAttribute("aria-busy", "false");
  }

  /**
   * An action whose answer comes whole: it may change its widget, and words become items.
   *
   * @param {Thread} thread
   * @param {Record<string, any>} params
   */
  async #actsAtOnce(thread, params) {
    const { updated_item: item } = await this.#server.ask("threads.sync_custom_action", params);
    if (item) this.#receive(thread, { type: "thread.item.replaced", item });
    const page = await this.#server.ask("items.list", { thread_id: thread.id, limit: PAGE, order: "desc" });
    for (const one of page.data.reverse()) this.#receive(thread, { type: "thread.item.done", item: one });
  }

  /** @param {Blob} sound */
  async #writeDown(sound) {
    const words = await this.#server.transcribe(sound);
    if (!words) this.#toasts.notice("No words were understood.");
    const before = this.#message.value.trimEnd();
    this.#message.value = before && words ? `${before} ${words}` : before + words;
    this.#message.focus();
  }

  async #start() {
    await this.#loaded;
    if (this.#client.isBusy) return;
    this.#dictation.cancel(); // the call has the microphone
    await this.#attempt(async () => {
      const ticket = await this.#server.ticket(this.#thread.id);
      this.#client.settings = { ...DEFAULT_SETTINGS, ...ticket };
    }) && await this.#client.connect().catch(() => {});
  }

  #toggleMute() {
    this.#client.setMuted(!this.#client.isMuted);
    this.#render();
  }

  /** @returns {import("../client.js").Listeners} */
  #clientListeners() {
    return {
      onStatus: (status, error) => {
        if (status === "connecting") {
          this.#conversation = new Conversation();
          this.#sound.start();
        }
        if (status === "connected" && !this.#following) void this.#follow();
        if (status === "ended") this.#end(error);
        this.#render();
      },
      onEvent: (event, direction) => {
        if (direction === "sent") return;
        this.#conversation.receive(event, performance.now());
        this.#render();
      },
      onRemoteStream: (stream) => {
        this.#sound.playRemote(stream);
        void this.#sound.unlock(); // a call begins with a person's touch
      },
      onMicrophone: () => {},
      onProblem: (error) => this.#toasts.error(error),
    };
  }

  /** Show what is said, as it becomes final. */
  async #follow() {
    const thread = this.#thread;
    this.#following = new AbortController();
    const { signal } = this.#following;
    await this.#attempt(async () => {
      for await (const event of this.#server.callEvents(this.#client.callId, signal)) {
        this.#receive(thread, event);
      }
    });
  }

  /** @param {import("../errors.js").CallError | null} error */
  #end(error) {
    this.#conversation.end();
    this.#sound.stop();
    // Its events go on until the server has kept the last words; then they end by themselves.
    this.#following = null;
    if (error) this.#toasts.error(error);
  }

  /**
   * @param {Thread} thread
   * @param {import("./server.js").ChatEvent} event
   */
  #receive(thread, event) {
    thread.receive(event);
    if (event.type === "error") {
      this.#toasts.error({ message: event.message ?? "The answer failed.", hint: event.allow_retry ? "Try again." : "" });
    }
    if (event.type === "notice") this.#toasts.notice(event.message);
    this.#render();
  }

  /** @param {() => Promise<void>} action */
  async #attempt(action) {
    try {
      await action();
      return true;
    } catch (error) {
      this.#toasts.error(asCallError(error));
      return false;
    }
  }

  /** While a call begins a thread of its own, nobody knows yet which one that is. */
  get #mayWrite() {
    return !this.#answer && !this.#thread.closed && (this.#thread.id !== "" || !this.#client.isBusy);
  }

  get #hasWords() {
    return !this.#attachments.isComing && (this.#message.value.trim() !== "" || this.#attachments.isReady);
  }

  #render() {
    const { status, isBusy, isMuted } = this.#client;
    const thread = this.#thread;
    this.#view.render(thread.turns);
    document.documentElement.dataset.status = status;
    const show = (/** @type {string} */ id, /** @type {boolean} */ isShown) => {
      this.#find(id, HTMLButtonElement).hidden = !isShown;
    };
    const able = (/** @type {string} */ id, /** @type {boolean} */ isAble) => {
      this.#find(id, HTMLButtonElement).disabled = !isAble;
    };
    const say = (/** @type {string} */ id, /** @type {string} */ text) => {
      const place = this.#find(id, HTMLElement);
      if (place.textContent !== text) place.textContent = text;
    };
    say("title", thread.title || (thread.turns.length ? "Conversation" : TITLE));
    say("status", STATUS_WORDS[status]);
    say("activity", thread.closed || DICTATION_WORDS[this.#dictation.state] || activityWords({ status, isMuted, activity: this.#conversation.activity }));
    show("earlier", this.#hasEarlier);
    show("stop", this.#answer !== null);
    show("send", this.#answer === null);
    able("send", this.#mayWrite && this.#hasWords);
    able("new-thread", !isBusy && !this.#answer);
    able("start", !thread.closed);
    able("attach", !thread.closed);
    this.#renderDictation(isBusy);
    this.#message.disabled = thread.closed !== "";
    this.#renderCall(isBusy, isMuted);
  }

  /** @param {boolean} isBusy */
  #renderDictation(isBusy) {
    const dictate = this.#find("dictate", HTMLButtonElement);
    const { state, isPossible } = this.#dictation;
    dictate.hidden = isBusy || !isPossible;
    dictate.disabled = state === "writing" || this.#thread.closed !== "";
    const label = state === "listening" ? "End dictation" : "Dictate";
    dictate.setAttribute("aria-label", label);
    dictate.setAttribute("title", label);
    dictate.setAttribute("aria-pressed", String(state === "listening"));
  }

  /**
   * @param {boolean} isBusy
   * @param {boolean} isMuted
   */
  #renderCall(isBusy, isMuted) {
    const [start, hangUp] = ["start", "hang-up"].map((id) => this.#find(id, HTMLButtonElement));
    const [shown, hidden] = isBusy ? [hangUp, start] : [start, hangUp];
    const hadFocus = document.activeElement === hidden;
    shown.hidden = false;
    hidden.hidden = true;
    // The button under the person's finger was exchanged: the focus goes along.
    if (hadFocus) shown.focus();
    const mute = this.#find("mute", HTMLButtonElement);
    mute.hidden = !isBusy;
    mute.setAttribute("aria-pressed", String(isMuted));
  }
}

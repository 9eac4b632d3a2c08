/**
 * The conversation of the stand-in: its thread, what is asked of the backend, and the events that
 * the page is told. Knows no document.
 */
import { answersOf } from "../client/chat/questions.js";
import { Thread } from "../client/chat/thread.js";
import { ChatKitApi } from "./api.js";

/** @typedef {Record<string, any>} Options As `setOptions` takes them. */

/** Items of a thread that are fetched at once. */
const PAGE = 50;

export class ChatKitConversation {
  thread = new Thread();
  /** @type {Options} */
  options = {};
  isResponding = false;
  /** Whether the backend lets the response be ended by the person. */
  canStop = false;
  /** A line of what goes on, or "". */
  progress = "";
  /** @type {string | undefined} */
  progressIcon;
  /** What goes on, until an item is there. */
  #step = "";
  #emit;
  #onChange;
  #fetch;
  /** @type {ChatKitApi | null} */
  #api = null;
  /** @type {AbortController | null} Of the stream that comes now. */
  #coming = null;

  /**
   * @param {typeof fetch} fetch The page's own.
   * @param {(name: string, detail?: Record<string, any>) => void} emit Tells the page an event.
   * @param {() => void} onChange Something is to be shown anew.
   */
  constructor(fetch, emit, onChange) {
    this.#fetch = fetch;
    this.#emit = emit;
    this.#onChange = onChange;
  }

  /** @param {Options} options Nothing of those before stays. */
  configure(options) {
    this.#api = new ChatKitApi(options?.api, this.#fetch);
    this.options = options;
  }

  /** @param {string | null} threadId Null for a new one. */
  async open(threadId) {
    this.thread = new Thread();
    this.#emit("chatkit.thread.change", { threadId });
    this.#onChange();
    if (threadId !== null) await this.#load(threadId);
  }

  /** See what is new in the thread. */
  async refresh() {
    if (this.thread.id) await this.#load(this.thread.id);
  }

  /** The newest threads there are. */
  async list() {
    const page = await this.#asked("threads.list", { limit: 20, order: "desc" });
    return /** @type {Record<string, any>[]} */ (page?.data ?? []);
  }

  /**
   * @param {Record<string, any>} message As `sendUserMessage` takes it.
   * @returns {Promise<void>} Settled when the backend has taken it.
   */
  send({ text, content, reply, attachments = [], newThread = false, toolChoice, model }) {
    if (newThread) {
      this.thread = new Thread();
      this.#emit("chatkit.thread.change", { threadId: null });
    }
    const parts = content ?? (text ? [{ type: "input_text", text }] : []);
    const input = {
      content: parts,
      attachments: attachments.map((/** @type {{id: string}} */ { id }) => id),
      ...(reply ? { quoted_text: reply } : {}),
      inference_options: { ...(toolChoice ? { tool_choice: toolChoice } : {}), ...(model ? { model } : {}) },
    };
    return this.thread.id
      ? this.#respond("threads.add_user_message", { thread_id: this.thread.id, input })
      : this.#respond("threads.create", { input });
  }

  /**
   * @param {{type: string, payload?: any, streaming?: boolean}} action
   * @param {string} [itemId] Of the widget.
   */
  async act({ type, payload, streaming }, itemId) {
    if (!this.thread.id) throw new Error("There is no thread yet for an action.");
    const item = itemId ? { item_id: itemId } : {};
    const asks = this.thread.questions(itemId);
    if (asks) {
      const input = answersOf(asks, { type, payload });
      return this.#respond("threads.add_structured_input", { thread_id: this.thread.id, ...item, input });
    }
    const params = { thread_id: this.thread.id, ...item, action: { type, payload: payload ?? null } };
    if (streaming !== false) return this.#respond("threads.custom_action", params);
    const { updated_item: updated } = await this.#asked("threads.sync_custom_action", params) ?? {};
    if (updated) this.#receive({ type: "thread.item.replaced", item: updated });
    return this.refresh();
  }

  /** @param {File[]} files */
  async upload(files) {
    return Promise.all(files.map((file) => this.#required().upload(file)));
  }

  /** End the response that comes: what is there by now stays. */
  stop() {
    this.#coming?.abort();
  }

  /**
   * @param {string} itemId
   * @param {"positive" | "negative"} kind
   */
  async judge(itemId, kind) {
    await this.#asked("items.feedback", { thread_id: this.thread.id, item_ids: [itemId], kind });
  }

  /** @param {string} itemId An answer: the question before it is asked again. */
  async retry(itemId) {
    const question = this.thread.questionBefore(itemId);
    if (!question || this.isResponding) return;
    for (const id of this.thread.idsAfter(question)) this.#receive({ type: "thread.item.removed", item_id: id });
    await this.#respond("threads.retry_after_item", { thread_id: this.thread.id, item_id: question });
  }

  /**
   * @param {string} threadId
   * @param {string} title
   */
  async rename(threadId, title) {
    const thread = await this.#asked("threads.update", { thread_id: threadId, title });
    if (thread && threadId === this.thread.id) this.#receive({ type: "thread.updated", thread });
  }

  /** @param {string} threadId */
  async remove(threadId) {
    const gone = await this.#asked("threads.delete", { thread_id: threadId });
    if (gone && threadId === this.thread.id) await this.open(null);
  }

  /**
   * @param {Blob} sound
   * @returns {Promise<string>} The words in it.
   */
  async transcribe(sound) {
    const bytes = new Uint8Array(await sound.arrayBuffer());
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    const params = { audio_base64: btoa(text), mime_type: sound.type || "audio/webm" };
    return String((await this.#asked("input.transcribe", params))?.text ?? "");
  }

  /** @param {string} threadId */
  async #load(threadId) {
    this.#emit("chatkit.thread.load.start", { threadId });
    const found = await this.#asked("threads.get_by_id", { thread_id: threadId });
    if (found) {
      const items = await this.#asked("items.list", { thread_id: threadId, limit: PAGE, order: "desc" });
      this.#receive({ type: "thread.updated", thread: found });
      for (const item of (items?.data ?? []).reverse()) this.#receive({ type: "thread.item.done", item });
    }
    this.#emit("chatkit.thread.load.end", { threadId });
  }

  /**
   * A request that is answered at once; what fails is told to the page, and gives null.
   *
   * @param {string} type
   * @param {Record<string, any>} params
   */
  async #asked(type, params) {
    this.#log(type);
    try {
      return await this.#required().ask(type, params);
    } catch (error) {
      this.tell(error);
      return null;
    }
  }

  /**
   * Ask for an answer, and show it as it comes.
   *
   * @param {string} type
   * @param {Record<string, any>} params
   * @returns {Promise<void>} Settled when the backend has taken the request, or refused it.
   */
  #respond(type, params) {
    if (this.isResponding) return Promise.reject(new Error("A response is being sent already."));
    this.isResponding = true;
    this.#onChange();
    return new Promise((resolve) => {
      this.#follow(type, params, resolve).finally(() => {
        this.isResponding = false;
        this.progress = "";
        this.thread.stop();
        this.#onChange();
        resolve();
      });
    });
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} params
   * @param {() => void} onTaken
   */
  async #follow(type, params, onTaken) {
    /** @type {{type: string, params: Record<string, any>} | null} */
    let next = { type, params };
    while (next) {
      const call = await this.#turn(next.type, next.params, onTaken);
      next = call && await this.#toolResult(call);
    }
  }

  /**
   * One stream of the backend.
   *
   * @param {string} type
   * @param {Record<string, any>} params
   * @param {() => void} onTaken
   * @returns {Promise<Record<string, any> | null>} The page's tool that it ends with, if it does.
   */
  async #turn(type, params, onTaken) {
    let hasStarted = false;
    let call = null;
    const coming = this.#coming = new AbortController();
    this.canStop = true;
    this.#log(type);
    try {
      for await (const event of this.#required().stream(type, params, coming.signal)) {
        const isOwn = event.type === "thread.created" || event.item?.type === "user_message";
        if (!isOwn && !hasStarted) {
          hasStarted = true;
          onTaken();
          this.#emit("chatkit.response.start");
        }
        if (event.type === "thread.created") this.#emit("chatkit.thread.change", { threadId: event.thread.id });
        this.#receive(event);
        const { item } = event;
        if (item?.type === "client_tool_call" && item.status === "pending") call = item;
      }
    } catch (error) {
      call = null;
      if (!coming.signal.aborted) this.tell(error);
    }
    this.#coming = null;
    if (hasStarted) this.#emit("chatkit.response.end");
    return call;
  }

  /** @param {Record<string, any>} call */
  async #toolResult({ name, arguments: params }) {
    try {
      const run = this.options.onClientTool;
      if (!run) throw new Error(`There is no onClientTool for “${name}”.`);
      const result = await run({ name, params }) ?? {};
      return { type: "threads.add_client_tool_output", params: { thread_id: this.thread.id, result } };
    } catch (error) {
      this.tell(error);
      return null;
    }
  }

  /** @param {Record<string, any>} event */
  #receive(event) {
    this.thread.receive(event);
    if (event.type === "client_effect") this.#emit("chatkit.effect", { name: event.name, data: event.data });
    if (event.type === "error") this.tell(new Error(event.message ?? `The backend failed: ${event.code}`));
    if (event.type === "progress_update") {
      this.progress = this.#step = event.text;
      this.progressIcon = event.icon;
    }
    if (event.type === "thread.item.done" && this.progress === this.#step) this.progress = this.#step = "";
    if (event.type === "notice") this.progressIcon = undefined;
    if (event.type === "notice") this.progress = [event.title, event.message].filter(Boolean).join(": ");
    if (event.type === "stream_options") this.canStop = event.stream_options?.allow_cancel !== false;
    this.#onChange();
  }

  /** @param {string} type */
  #log(type) {
    this.#emit("chatkit.log", { name: "stand_in.request", data: { type } });
  }

  /** @param {unknown} error What went wrong, also in code of the page's. */
  tell(error) {
    this.#emit("chatkit.error", { error: error instanceof Error ? error : new Error(String(error)) });
  }

  #required() {
    if (!this.#api) throw new Error("Call setOptions({api: …}) first.");
    return this.#api;
  }
}

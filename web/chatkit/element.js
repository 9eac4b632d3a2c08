/**
 * The stand-in for ChatKit's element: the methods and events that `@openai/chatkit` 1.9.0 declares.
 *
 * Which event follows which is not declared there; the order here is told in the documentation.
 */
import { ChatKitConversation } from "./conversation.js";
import { ChatKitView } from "./view.js";

export const WARNING = "realtime-harness: <openai-chatkit> is a stand-in here. It speaks the ChatKit " +
  "protocol and tells ChatKit's events, and looks and behaves otherwise as no real one does.";

/**
 * @param {typeof HTMLElement} Base The page's own.
 * @param {Pick<Window & typeof globalThis, "fetch" | "document" | "navigator" | "setTimeout" | "clearTimeout" | "FontFace">} target
 */
export function chatKitElement(Base, target) {
  return class OpenAIChatKit extends Base {
    /** @type {ChatKitConversation | null} */
    #conversation = null;
    /** @type {ChatKitView | null} */
    #view = null;
    #isReady = false;
    #isConfigured = false;
    #isHistoryOpen = false;

    connectedCallback() {
      this.#begin();
    }

    /** @param {Record<string, any>} options */
    setOptions(options) {
      const { conversation, view } = this.#made();
      conversation.configure(options);
      this.#isConfigured = true;
      view.render(conversation);
      this.#begin();
    }

    async focusComposer() {
      this.#made().view.composer.focus();
    }

    /** @param {string | null} threadId */
    async setThreadId(threadId) {
      await this.#made().conversation.open(threadId);
    }

    /**
     * @param {{type: string, payload?: Record<string, unknown>}} action
     * @param {string} [itemId]
     */
    async sendCustomAction(action, itemId) {
      await this.#made().conversation.act(action, itemId);
    }

    /** @param {Record<string, any>} message */
    async sendUserMessage(message) {
      await this.#made().conversation.send(message);
    }

    /** @param {Record<string, any>} value */
    async setComposerValue({ files, ...value }) {
      const { composer } = this.#made().view;
      composer.set(value);
      if (files) await composer.add(files);
    }

    async showHistory() {
      const { conversation, view } = this.#made();
      view.showHistory(await conversation.list());
      this.#isHistoryOpen = true;
      this.#emit("chatkit.history.open");
    }

    async hideHistory() {
      this.#made().view.showHistory(null);
      this.#isHistoryOpen = false;
      this.#emit("chatkit.history.close");
    }

    async fetchUpdates() {
      await this.#made().conversation.refresh();
    }

    /** Ready is who is in the page and has options; once. */
    #begin() {
      if (this.#isReady || !this.#isConfigured || !this.isConnected) return;
      this.#isReady = true;
      const { conversation } = this.#made();
      this.#emit("chatkit.ready");
      const { initialThread } = conversation.options;
      if (typeof initialThread === "string") void conversation.open(initialThread);
    }

    /** @returns {{conversation: ChatKitConversation, view: ChatKitView}} */
    #made() {
      if (this.#conversation && this.#view) return { conversation: this.#conversation, view: this.#view };
      const conversation = this.#conversation = new ChatKitConversation(
        (...request) => target.fetch(...request),
        (name, detail) => this.#emit(name, detail),
        () => this.#view?.render(conversation),
      );
      const view = this.#view = new ChatKitView(this.attachShadow({ mode: "open" }), target, {
        send: (message) => this.#write(message),
        stop: () => conversation.stop(),
        upload: (files) => conversation.upload(files),
        transcribe: (sound) => conversation.transcribe(sound),
        toolChanged: (toolId) => this.#emit("chatkit.tool.change", { toolId }),
        failed: (error) => conversation.tell(error),
        press: (action, itemId) => this.#press(action, itemId),
        choose: (threadId) => void this.hideHistory().then(() => conversation.open(threadId)),
        rename: (threadId, title) => void conversation.rename(threadId, title),
        remove: (threadId) => void conversation.remove(threadId),
        toggleHistory: () => void (this.#isHistoryOpen ? this.hideHistory() : this.showHistory()),
        judge: (itemId, kind) => void conversation.judge(itemId, kind),
        retry: (itemId) => void conversation.retry(itemId),
        follow: (name, data) => this.#emit("chatkit.deeplink", { name, data }),
        log: (name, data) => this.#emit("chatkit.log", { name, data }),
      });
      return { conversation, view };
    }

    /** @param {Record<string, any>} message */
    #write(message) {
      const { conversation } = this.#made();
      if (!conversation.isResponding) void conversation.send(message);
    }

    /**
     * @param {import("../client/chat/widget-view.js").Action} action
     * @param {string} itemId
     */
    #press(action, itemId) {
      const { conversation } = this.#made();
      if (action.handler === "client") {
        const { widget } = conversation.thread.turns.find(({ id }) => id === itemId) ?? {};
        void conversation.options.widgets?.onAction?.({ type: action.type, payload: action.payload }, { id: itemId, widget });
      } else if (!conversation.isResponding) {
        void conversation.act(action, itemId);
      }
    }

    /**
     * @param {string} name
     * @param {Record<string, any>} [detail]
     */
    #emit(name, detail) {
      this.dispatchEvent(new CustomEvent(name, detail === undefined ? {} : { detail }));
    }
  };
}

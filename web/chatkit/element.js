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
 * @param {Pick<Window & typeof globalThis, "fetch" | "document">} target
 */
export function chatKitElement(Base, target) {
  return class OpenAIChatKit extends Base {
    /** @type {ChatKitConversation | null} */
    #conversation = null;
    /** @type {ChatKitView | null} */
    #view = null;
    #isReady = false;
    #isConfigured = false;
    /** @type {Record<string, any>[]} Attached to what is in the composer. */
    #attached = [];
    /** @type {Record<string, any>} */
    #chosen = {};

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
      this.#made().view.focus();
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
    async setComposerValue({ text, content, attachments, files, selectedToolId, selectedModelId }) {
      const { view, conversation } = this.#made();
      const words = text ?? content?.map((/** @type {{text: string}} */ part) => part.text).join("");
      if (words !== undefined) view.text = words;
      if (attachments) this.#attached = [...attachments];
      if (files) this.#attached.push(...await conversation.upload(files));
      if (selectedModelId !== undefined) this.#chosen.model = selectedModelId;
      if (selectedToolId !== undefined) {
        this.#chosen.toolChoice = selectedToolId === null ? undefined : { id: selectedToolId };
        this.#emit("chatkit.tool.change", { toolId: selectedToolId });
      }
    }

    async showHistory() {
      const { conversation, view } = this.#made();
      view.showHistory(await conversation.list());
      this.#emit("chatkit.history.open");
    }

    async hideHistory() {
      this.#made().view.showHistory(null);
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
      const view = this.#view = new ChatKitView(this.attachShadow({ mode: "open" }), target.document.baseURI, {
        send: (text) => this.#write(text),
        press: (action, itemId) => this.#press(action, itemId),
        choose: (threadId) => void this.hideHistory().then(() => conversation.open(threadId)),
      });
      return { conversation, view };
    }

    /** @param {string} text */
    #write(text) {
      const { conversation, view } = this.#made();
      if (conversation.isResponding) return;
      const attachments = this.#attached;
      this.#attached = [];
      view.text = "";
      void conversation.send({ text, attachments, ...this.#chosen });
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

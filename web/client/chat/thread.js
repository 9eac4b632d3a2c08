/** A thread of the ChatKit protocol as its events make it, and as the page shows it. Pure. */

import { answersText, formOf } from "./questions.js";

/**
 * @typedef {import("../turns.js").Turn} Turn
 * @typedef {Record<string, any>} Item An item of the protocol: it has `id` and `type`.
 */

export class Thread {
  id = "";
  title = "";
  /** Why nothing can be added, or "". */
  closed = "";
  /** @type {Item[]} */
  #items = [];
  /** @type {Set<string>} Ids of items that still grow. */
  #growing = new Set();

  /** @returns {Turn[]} */
  get turns() {
    return this.#items.flatMap((item) => turnOf(item, this.#growing.has(item.id)) ?? []);
  }

  /** The id of the oldest item that is here, or "". */
  get oldestId() {
    return this.#items[0]?.id ?? "";
  }

  /**
   * @param {string} itemId
   * @returns {string} The id of the newest message of the user's before it, or "".
   */
  questionBefore(itemId) {
    const at = this.#items.findIndex(({ id }) => id === itemId);
    return this.#items.slice(0, Math.max(at, 0)).findLast(({ type }) => type === "user_message")?.id ?? "";
  }

  /**
   * @param {string} itemId
   * @returns {string[]} Ids of the items behind it.
   */
  idsAfter(itemId) {
    const at = this.#items.findIndex(({ id }) => id === itemId);
    return at < 0 ? [] : this.#items.slice(at + 1).map(({ id }) => id);
  }

  /**
   * @param {string | null | undefined} itemId
   * @returns {Item | null} The questions that wait for an answer, if it is such an item.
   */
  questions(itemId) {
    const item = this.#items.find(({ id }) => id === itemId);
    return item?.type === "structured_input" && item.status === "pending" ? item : null;
  }

  /** @param {Item[]} items Older ones than all that are here, the oldest first. */
  putBefore(items) {
    const known = new Set(this.#items.map(({ id }) => id));
    this.#items.unshift(...items.filter(({ id }) => !known.has(id)));
  }

  /** @param {Record<string, any>} event One of the protocol; what it does not know is let pass. */
  receive(event) {
    switch (event.type) {
      case "thread.created":
      case "thread.updated":
        return this.#is(event.thread);
      case "thread.item.added":
        this.#growing.add(event.item.id);
        return this.#put(event.item);
      case "thread.item.done":
      case "thread.item.replaced":
        this.#growing.delete(event.item.id);
        return this.#put(event.item);
      case "thread.item.removed":
        this.#items = this.#items.filter(({ id }) => id !== event.item_id);
        return;
      case "thread.item.updated":
        this.#grow(this.#items.find(({ id }) => id === event.item_id), event.update);
    }
  }

  /** What still grows does so no more: its stream is over. */
  stop() {
    this.#growing.clear();
  }

  /** @param {Record<string, any>} thread */
  #is({ id, title, status }) {
    this.id = id;
    this.title = title ?? "";
    const isActive = (status?.type ?? "active") === "active";
    this.closed = isActive ? "" : `This thread is ${status.type}${status.reason ? `: ${status.reason}` : ""}.`;
  }

  /** @param {Item} item */
  #put(item) {
    const index = this.#items.findIndex(({ id }) => id === item.id);
    if (index < 0) this.#items.push(item);
    else this.#items[index] = item;
  }

  /**
   * @param {Item | undefined} item
   * @param {Record<string, any>} update
   */
  #grow(item, update) {
    if (!item) return;
    if (update.type === "widget.root.updated") item.widget = update.widget;
    if (update.type === "generated_image.updated") item.image = update.image;
    if (update.type.startsWith("workflow.task.")) {
      item.workflow ??= {};
      (item.workflow.tasks ??= [])[update.task_index] = update.task;
    }
    if (!update.type.startsWith("assistant_message.content_part.")) return;
    item.content ??= [];
    const at = update.content_index;
    if (update.type.endsWith(".text_delta")) {
      item.content[at] = { ...item.content[at], text: (item.content[at]?.text ?? "") + update.delta };
    } else if (update.content) {
      item.content[at] = update.content;
    }
  }
}

/**
 * @param {Item} item
 * @param {boolean} isGrowing
 * @returns {Turn | null} Null for what is not for people.
 */
export function turnOf(item, isGrowing = false) {
  /** @type {Turn} */
  const turn = {
    id: item.id,
    role: "tool",
    text: "",
    phase: isGrowing ? "live" : "done",
    note: "",
    heardCharacters: null,
    heard_ms: null,
  };
  switch (item.type) {
    case "end_of_turn":
    case "hidden_context_item":
      return null;
    case "user_message": {
      const files = item.attachments?.length ? { files: item.attachments } : {};
      const tags = (item.content ?? []).filter((/** @type {any} */ { type }) => type === "input_tag");
      const quote = item.quoted_text ? `“${item.quoted_text}”\n` : "";
      const words = tags.length ? partsOf(item.content).join("").trim() : textOf(item.content);
      return { ...turn, role: "user", text: `${quote}${words}`, ...files, ...entitiesOf(tags.map(taggedBy)) };
    }
    case "assistant_message":
      return { ...turn, role: "assistant", text: textOf(item.content), ...entitiesOf(sourcesOf(item.content)) };
    case "widget":
      return { ...turn, role: "assistant", widget: item.widget };
    case "client_tool_call": {
      const note = item.status === "pending" ? "Waits for its result" : asText(item.output);
      return { ...turn, text: `${item.name}(${JSON.stringify(item.arguments ?? {})})`, note };
    }
    case "structured_input": {
      if (item.status === "pending") return { ...turn, role: "assistant", widget: formOf(item) };
      return { ...turn, role: "user", text: answersText(item) };
    }
    case "task":
      return worked(turn, item, { tasks: [item.task], expanded: true });
    case "workflow":
      return worked(turn, item, item.workflow ?? {});
    case "generated_image": {
      const src = item.image?.url;
      const image = { type: "Image", src, alt: "Generated image" };
      return { ...turn, role: "assistant", ...(src ? { widget: image } : { text: "…" }) };
    }
    default:
      return { ...turn, text: String(item.type) };
  }
}

/**
 * @param {Turn} turn
 * @param {Item} item
 * @param {Record<string, any>} workflow Its own, or one of a task alone.
 * @returns {Turn} It stands open while it grows.
 */
function worked(turn, item, { summary, tasks = [], expanded }) {
  const { title = "", duration, icon } = summary ?? {};
  const there = tasks.filter(Boolean);
  if (!title && duration === undefined && !there.length) return { ...turn, text: String(item.type) };
  return { ...turn, work: { title, duration, icon, isFolded: turn.phase !== "live" && expanded !== true, tasks: there } };
}

/** @param {{text?: string}[]} [content] */
function textOf(content = []) {
  return partsOf(content).join("\n").trim();
}

/** @param {{text?: string}[]} content */
function partsOf(content) {
  return content.map((part) => part?.text ?? "");
}

/** @param {Record<string, any>[]} entities */
function entitiesOf(entities) {
  return entities.length ? { entities } : {};
}

/** @param {Record<string, any>} tag */
function taggedBy({ id, text, group, data, interactive }) {
  return { id, title: text, group, data, interactive: interactive === true };
}

/**
 * Entities that an answer names as its sources.
 *
 * @param {Record<string, any>[]} [content]
 */
function sourcesOf(content = []) {
  const sources = content.flatMap((part) => part?.annotations ?? []).map(({ source }) => source);
  return sources.filter((source) => source?.type === "entity").map(({ id, title, icon, group, data, interactive }) => (
    { id, title: title ?? id, icon, group, data, interactive: interactive === true }
  ));
}

/** @param {unknown} output */
function asText(output) {
  if (output === undefined || output === null) return "";
  return typeof output === "string" ? output : JSON.stringify(output);
}

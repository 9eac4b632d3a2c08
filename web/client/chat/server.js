/** The server's ChatKit endpoint, and the events of calls that have a thread. */
import { CallError } from "../errors.js";
import { refusal, send } from "../secret.js";
import { eventsOf } from "./event-lines.js";

/** @typedef {Record<string, any>} ChatEvent An event of the ChatKit protocol: it has a `type`. */

const PATH = "/harness/chatkit";

export class ChatServer {
  #fetch;
  #base;
  #secret = "";
  /** @type {import("./attachments.js").Bounds} */
  #bounds = { mostBytes: 0, mostFiles: 0 };

  /**
   * @param {typeof fetch} fetch
   * @param {string} base The page's own address.
   */
  constructor(fetch, base) {
    this.#fetch = fetch;
    this.#base = base;
  }

  /**
   * A request that is answered at once.
   *
   * @param {string} type
   * @param {Record<string, any>} params
   * @returns {Promise<Record<string, any>>}
   * @throws {CallError} "server_refused", "server_unreachable", "bad_answer".
   */
  async ask(type, params) {
    const response = await this.#post(type, params);
    const answer = await response.json().catch(() => null);
    if (answer === null) throw new CallError("bad_answer", "The server's answer is no JSON.");
    return answer;
  }

  /**
   * A request that is answered by events.
   *
   * @param {string} type
   * @param {Record<string, any>} params
   * @param {AbortSignal} signal Ends it; nothing is raised then.
   * @returns {AsyncGenerator<ChatEvent, void, void>}
   * @throws {CallError} "server_lost" where it broke off, and those of `ask`.
   */
  async *stream(type, params, signal) {
    yield* told(() => this.#post(type, params, signal), "The answer broke off.", signal);
  }

  /**
   * The thread of a call, and what comes into it until the call is over.
   *
   * @param {string} callId
   * @param {AbortSignal} signal Ends it; nothing is raised then.
   * @returns {AsyncGenerator<ChatEvent, void, void>}
   * @throws {CallError} As `stream`.
   */
  async *callEvents(callId, signal) {
    const path = `${PATH}/calls/${encodeURIComponent(callId)}/events`;
    const lost = "What is said does not appear here any more before the call is over.";
    yield* told(() => this.#send(path, { signal }), lost, signal);
  }

  /**
   * What may be attached.
   *
   * @throws {CallError} As `ask`.
   */
  async bounds() {
    await this.#key();
    return this.#bounds;
  }

  /**
   * Send a file to the server, for a message that is still to be written.
   *
   * @param {File} file
   * @returns {Promise<string>} The attachment's id.
   * @throws {CallError} As `ask`.
   */
  async upload(file) {
    const mimeType = file.type || "application/octet-stream";
    const about = { name: file.name, size: file.size, mime_type: mimeType };
    const { id, upload_descriptor: upload } = await this.ask("attachments.create", about);
    const { method, headers } = upload;
    const response = await send(this.#fetch, upload.url, { method, headers, body: file });
    if (!response.ok) throw await refusal(response, `The server did not take ${file.name}`);
    return id;
  }

  /**
   * The words in recorded sound.
   *
   * @param {Blob} sound
   * @returns {Promise<string>}
   * @throws {CallError} As `ask`.
   */
  async transcribe(sound) {
    const bytes = new Uint8Array(await sound.arrayBuffer());
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    const params = { audio_base64: btoa(text), mime_type: sound.type || "audio/webm" };
    return String((await this.ask("input.transcribe", params)).text ?? "").trim();
  }

  /**
   * What a call needs to begin with a thread.
   *
   * @param {string} threadId "" for a new one.
   * @returns {Promise<import("../secret.js").Ticket>}
   */
  async ticket(threadId) {
    // The key may be old by now, and the call's own code asks for no other.
    this.#secret = "";
    const query = threadId ? `?thread=${encodeURIComponent(threadId)}` : "";
    return { clientSecret: await this.#key(), callsUrl: this.#url(`${PATH}/calls${query}`) };
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} params
   * @param {AbortSignal} [signal]
   */
  #post(type, params, signal) {
    const headers = { "Content-Type": "application/json" };
    return this.#send("/chatkit", { method: "POST", headers, body: JSON.stringify({ type, params }), signal });
  }

  /**
   * @param {string} path
   * @param {RequestInit} request
   */
  async #send(path, request) {
    const attempt = async () => send(this.#fetch, this.#url(path), {
      ...request,
      headers: { ...request.headers, Authorization: `Bearer ${await this.#key()}` },
    });
    let response = await attempt();
    if (response.status === 401) {
      this.#secret = ""; // it is over after ten minutes
      response = await attempt();
    }
    if (!response.ok) throw await refusal(response, "The server refused that");
    return response;
  }

  async #key() {
    if (this.#secret) return this.#secret;
    const response = await send(this.#fetch, this.#url(`${PATH}/session`), { method: "POST" });
    if (!response.ok) throw await refusal(response, "The server gave this page no key");
    const answer = await response.json().catch(() => null);
    if (typeof answer?.client_secret !== "string") {
      throw new CallError("bad_answer", "The server's answer holds no client_secret.");
    }
    this.#bounds = { mostBytes: answer.uploads?.most_bytes ?? 0, mostFiles: answer.uploads?.most_files ?? 0 };
    return this.#secret = answer.client_secret;
  }

  /** @param {string} path */
  #url(path) {
    return new URL(path, this.#base).href;
  }
}

/**
 * @param {() => Promise<Response>} open
 * @param {string} lost What to say where the events end before their end.
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ChatEvent, void, void>}
 */
async function* told(open, lost, signal) {
  let isOpen = false;
  try {
    const { body } = await open();
    isOpen = true;
    if (body) yield* eventsOf(body);
  } catch (error) {
    if (signal.aborted) return;
    if (!isOpen) throw error;
    throw new CallError("server_lost", lost, { cause: error });
  }
}

/**
 * The requests of the stand-in for ChatKit's element: to a backend of the page's own, or to the
 * hosted service, whose place a local server has.
 *
 * @typedef {Record<string, any>} Event An event of the ChatKit protocol: it has a `type`.
 * @typedef {{url: string, domainKey: string, fetch?: typeof fetch, uploadStrategy?: Record<string, any>}} CustomApi
 * @typedef {{getClientSecret: (current: string | null) => Promise<string>}} HostedApi
 */
import { eventsOf } from "../client/chat/event-lines.js";

/** Where a local server answers the hosted form; which address the hosted service has is its own. */
const HOSTED_URL = "https://api.openai.com/v1/chatkit/conversation";

export class ChatKitApi {
  #api;
  #fetch;
  /** @type {string | null} */
  #secret = null;

  /**
   * @param {Record<string, any>} api The option `api`.
   * @param {typeof fetch} fetch The page's own.
   * @throws {Error} It is neither form.
   */
  constructor(api, fetch) {
    const isHosted = typeof api?.getClientSecret === "function";
    const isCustom = typeof api?.url === "string" && typeof api?.domainKey === "string";
    if (!isHosted && !isCustom) {
      throw new Error("ChatKit's option `api` is {url, domainKey} or {getClientSecret}.");
    }
    this.#api = api;
    this.#fetch = isCustom && api.fetch ? api.fetch : fetch;
  }

  /**
   * A request that is answered at once.
   *
   * @param {string} type
   * @param {Record<string, any>} params
   * @returns {Promise<Record<string, any>>}
   */
  async ask(type, params) {
    return (await this.#post(type, params)).json();
  }

  /**
   * A request that is answered by events.
   *
   * @param {string} type
   * @param {Record<string, any>} params
   * @param {AbortSignal} [signal] Ends it.
   * @returns {AsyncGenerator<Event, void, void>}
   */
  async *stream(type, params, signal) {
    const { body } = await this.#post(type, params, signal);
    // A page's own `fetch` may know nothing of the signal: it ends the reading, too.
    if (body) yield* eventsOf(body.pipeThrough(new TransformStream(), { signal }));
  }

  /**
   * @param {File} file
   * @returns {Promise<Record<string, any>>} The attachment.
   */
  async upload(file) {
    const strategy = this.#api.uploadStrategy ?? { type: "two_phase" };
    if (strategy.type === "direct") {
      const form = new FormData();
      form.append("file", file);
      return (await this.#checked(strategy.uploadUrl, { method: "POST", body: form })).json();
    }
    const about = { name: file.name, size: file.size, mime_type: file.type || "application/octet-stream" };
    const { upload_descriptor: upload, ...attachment } = await this.ask("attachments.create", about);
    const { url, method, headers } = upload;
    await this.#checked(url, { method, headers, body: file });
    return attachment;
  }

  /**
   * @param {string} type
   * @param {Record<string, any>} params
   * @param {AbortSignal} [signal]
   */
  async #post(type, params, signal) {
    const request = async () => {
      const headers = { "Content-Type": "application/json", ...await this.#key() };
      const ends = signal ? { signal } : {};
      return this.#fetch(this.#api.url ?? HOSTED_URL, { method: "POST", headers, body: JSON.stringify({ type, params }), ...ends });
    };
    let response = await request();
    if (response.status === 401 && this.#secret !== null) {
      await this.#renew(); // it is over: the page gives another
      response = await request();
    }
    return refused(response, type);
  }

  /** @returns {Promise<Record<string, string>>} */
  async #key() {
    if (!this.#api.getClientSecret) return {};
    if (this.#secret === null) await this.#renew();
    return { Authorization: `Bearer ${this.#secret}` };
  }

  async #renew() {
    const secret = await this.#api.getClientSecret(this.#secret);
    if (typeof secret !== "string" || !secret) throw new Error("getClientSecret() gave no client secret.");
    this.#secret = secret;
  }

  /**
   * @param {string} url
   * @param {RequestInit} request
   */
  async #checked(url, request) {
    return refused(await this.#fetch(url, request), "the upload");
  }
}

/**
 * @param {Response} response
 * @param {string} what
 * @throws {Error} It is no success.
 */
async function refused(response, what) {
  if (response.ok) return response;
  const text = (await response.text().catch(() => "")).slice(0, 300);
  throw new Error(`The backend refused ${what} with ${response.status}: ${text}`);
}

/**
 * The ephemeral secret: where it comes from, and what must never be taken for one.
 */
import { CallError } from "./errors.js";

/**
 * What a call needs to begin.
 *
 * @typedef {object} Ticket
 * @property {string} clientSecret Short-lived key ("ek_..."), good for starting a call only.
 * @property {string} callsUrl Absolute address that takes the SDP offer.
 */

/**
 * Refuse anything that is not a short-lived secret. An API key in a page belongs to everyone
 * who can open the page.
 *
 * @param {unknown} secret
 * @returns {string} The secret, trimmed.
 * @throws {CallError} "api_key_refused" or "bad_argument". The message never repeats the secret.
 */
export function checkSecret(secret) {
  if (typeof secret !== "string" || secret.trim() === "") {
    throw new CallError("bad_argument", "There is no client secret to start the call with.");
  }
  const trimmed = secret.trim().replace(/^Bearer\s+/i, "");
  if (/^sk-/i.test(trimmed)) {
    throw new CallError("api_key_refused", "That is an API key. This page does not take one.", {
      hint: "Mint an ephemeral secret (ek_...) on your server and hand over that.",
    });
  }
  return trimmed;
}

/**
 * Ask our own server for a secret.
 *
 * The server answers `{client_secret, expires_at, calls_url, session}`.
 *
 * @param {typeof fetch} fetch
 * @param {URL} url Where to POST.
 * @param {AbortSignal} signal Ends the request.
 * @returns {Promise<Ticket>}
 * @throws {CallError} "server_refused", "server_unreachable", "bad_answer", "api_key_refused".
 */
export async function requestTicket(fetch, url, signal) {
  const response = await send(fetch, url, { method: "POST", signal });
  if (!response.ok) throw await refusal(response, "The server gave no secret for the call");
  const answer = await response.json().catch(() => null);
  if (typeof answer?.client_secret !== "string" || typeof answer?.calls_url !== "string") {
    throw new CallError("bad_answer", "The server's answer holds no client_secret and calls_url.");
  }
  return {
    clientSecret: checkSecret(answer.client_secret),
    callsUrl: new URL(answer.calls_url, url).href,
  };
}

/**
 * fetch, with "no server there" told in plain words.
 *
 * @param {typeof fetch} fetch
 * @param {URL | string} url
 * @param {RequestInit} request
 * @returns {Promise<Response>}
 */
export async function send(fetch, url, request) {
  try {
    return await fetch(url, request);
  } catch (error) {
    if (request.signal?.aborted) throw request.signal.reason;
    throw new CallError("server_unreachable", `No answer from ${new URL(url).host}.`, {
      hint: "Check that the server runs, and that it allows this page (CORS).",
      cause: error,
    });
  }
}

/**
 * The error a refusing HTTP answer stands for: the message of its JSON body where it has one.
 *
 * Body: `{"error": {"message", "type", "code", "param"}}`, or anything else from a proxy.
 *
 * @param {Response} response One whose `ok` is false.
 * @param {string} what What was refused, the beginning of a sentence.
 * @returns {Promise<CallError>}
 */
export async function refusal(response, what) {
  const text = await response.text().catch(() => "");
  const message = messageOf(text) || response.statusText || "no reason given";
  return new CallError("server_refused", `${what} (${response.status}): ${message}`);
}

/** @param {string} text Body of an HTTP answer. */
function messageOf(text) {
  try {
    const message = JSON.parse(text)?.error?.message;
    if (typeof message === "string") return message;
  } catch {
    // Not JSON: a proxy's page, or nothing at all.
  }
  return /^\s*</.test(text) ? "" : text.trim().slice(0, 200);
}

/**
 * window.RT: what a host (a test, an embedding program) may do with the page.
 *
 * Every function but state() returns a promise. Promises reject with an Error that has a `code`
 * for programs, a `message` for people and, where something can be done, a `hint`. A refusal by
 * the server has the server's own code and message.
 */
import { CallError } from "./errors.js";
import { checkSecret } from "./secret.js";
import { DEFAULT_SETTINGS } from "./settings.js";

/**
 * @typedef {import("./pending-answers.js").WireEvent} WireEvent
 *
 * @typedef {object} HostOptions
 * @property {(event: WireEvent, direction: "sent" | "received") => void} [onEvent] Every event.
 * @property {number} [volume] 0 to 2.
 *
 * @typedef {object} State A snapshot; it holds no secret.
 * @property {import("./client.js").Status} status
 * @property {string} callId The server's id of the call, or "".
 * @property {boolean} muted
 * @property {number} volume
 * @property {import("./conversation.js").Activity} activity
 * @property {Record<string, any> | null} session The session as the server last stated it.
 * @property {import("./turns.js").Turn[]} turns Both sides' transcript.
 * @property {{code: string, message: string, hint: string} | null} error Why the last call ended.
 *
 * @typedef {object} Parts
 * @property {import("./client.js").RealtimeClient} client
 * @property {() => import("./conversation.js").Conversation} conversation The present call's.
 * @property {(isMuted: boolean) => void} setMuted
 * @property {(volume: number) => void} setVolume
 * @property {(listener: HostOptions["onEvent"]) => void} setOnEvent
 * @property {() => State} state
 */

const OPTIONS = [...Object.keys(DEFAULT_SETTINGS), "onEvent", "volume"];

/** @param {Parts} parts */
export function makeSurface({ client, conversation, setMuted, setVolume, setOnEvent, state }) {
  return Object.freeze({
    /**
     * Set how the next call is made. Options not named keep their value.
     *
     * @param {Partial<import("./settings.js").Settings> & HostOptions} options
     * @returns {Promise<State>}
     * @throws "busy" during a call; "bad_argument"; "api_key_refused" for anything like sk-...
     */
    async init(options = {}) {
      if (client.isBusy) throw new CallError("busy", "RT.init is for before a call.", { hint: "Close it first." });
      const { onEvent, volume, ...settings } = options;
      const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
      if (unknown) throw badArgument(`RT.init knows no option '${unknown}'. It knows ${OPTIONS.join(", ")}.`);
      if (settings.clientSecret) settings.clientSecret = checkSecret(settings.clientSecret);
      if (volume !== undefined) setVolume(checkVolume(volume));
      if (onEvent !== undefined) setOnEvent(onEvent);
      client.settings = { ...client.settings, ...settings };
      return state();
    },

    /**
     * Start a call: microphone, secret, offer and answer. Resolves when session.created is there
     * and, where init() was given a session, session.updated too.
     *
     * @returns {Promise<State>}
     * @throws "busy" when a call is there or on its way, "closed" when close() came first,
     *   "microphone_denied", "server_refused" and so on.
     */
    async connect() {
      await client.connect();
      return state();
    },

    /**
     * Change the session's settings.
     *
     * @param {Record<string, any>} session Only what changes; its type is filled in.
     * @returns {Promise<Record<string, any>>} The complete session, as the server states it.
     */
    async updateSession(session) {
      const event = { type: "session.update", session: { type: "realtime", ...session } };
      return (await client.request(event, ({ type }) => type === "session.updated")).session;
    },

    /**
     * Ask for an answer.
     *
     * @param {Record<string, any>} [response] Overrides for this one answer.
     * @returns {Promise<Record<string, any>>} The response as created, still in progress.
     */
    async respond(response) {
      const event = response ? { type: "response.create", response } : { type: "response.create" };
      return (await client.request(event, ({ type }) => type === "response.created")).response;
    },

    /**
     * End the person's turn by hand. Starts no answer: see respond().
     *
     * @returns {Promise<string>} The id of the item the turn became.
     */
    async commit() {
      const event = { type: "input_audio_buffer.commit" };
      const answer = await client.request(event, ({ type }) => type === "input_audio_buffer.committed");
      return answer.item_id;
    },

    /**
     * Stop the answer that is being made. What is in the output buffer plays on: see
     * clearOutputAudio().
     *
     * @returns {Promise<boolean>} False when none was being made (it may just have ended).
     */
    async cancel() {
      const responding = conversation().respondingId;
      try {
        await client.request({ type: "response.cancel" }, ({ type, response }) => (
          type === "response.done" && (!responding || response?.id === responding)
        ));
        return true;
      } catch (error) {
        if (error instanceof CallError && error.code === "response_cancel_not_active") return false;
        throw error;
      }
    },

    /**
     * Cut an answer in the server's memory to what was heard. Over WebRTC the server does so by
     * itself when it is interrupted.
     *
     * @param {string} itemId The assistant's item.
     * @param {number} audioEnd_ms Milliseconds that were heard, 0 or more.
     * @param {number} [contentIndex]
     * @returns {Promise<void>}
     */
    async truncate(itemId, audioEnd_ms, contentIndex = 0) {
      const event = {
        type: "conversation.item.truncate",
        item_id: itemId,
        content_index: contentIndex,
        audio_end_ms: Math.round(audioEnd_ms),
      };
      await client.request(event, ({ type, item_id }) => (
        type === "conversation.item.truncated" && item_id === itemId
      ));
    },

    /**
     * Silence the answer that is being played.
     *
     * @returns {Promise<boolean>} False when nothing was playing; the server was told all the same.
     */
    async clearOutputAudio() {
      const event = { type: "output_audio_buffer.clear" };
      const playing = conversation().playingId;
      if (!playing) {
        client.send(event); // with nothing to clear, an answer is not promised
        return false;
      }
      await client.request(event, ({ type, response_id }) => response_id === playing && (
        type === "output_audio_buffer.cleared" || type === "output_audio_buffer.stopped"
      ));
      return true;
    },

    /** Unmute the microphone. @returns {Promise<State>} */
    async micOn() {
      setMuted(false);
      return state();
    },

    /** Mute the microphone: its track stays and sends silence. @returns {Promise<State>} */
    async micOff() {
      setMuted(true);
      return state();
    },

    /**
     * @param {number} volume 0 (silent) to 2 (twice as loud as sent).
     * @returns {Promise<State>}
     */
    async setVolume(volume) {
      setVolume(checkVolume(volume));
      return state();
    },

    /**
     * Send any client event, without waiting for an answer.
     *
     * @param {WireEvent} event An event_id is added where there is none.
     * @returns {Promise<string>} The event's id, which an error event would name.
     */
    async sendEvent(event) {
      return client.send(event);
    },

    /** What is going on, as plain data. @returns {State} */
    state,

    /**
     * End the call, or the attempt at one (connect() then rejects with "closed"). Harmless when
     * there is none.
     *
     * @returns {Promise<State>}
     */
    async close() {
      await client.close();
      return state();
    },
  });
}

/** @typedef {ReturnType<typeof makeSurface>} RtSurface */

/** @param {unknown} volume */
function checkVolume(volume) {
  if (typeof volume === "number" && volume >= 0 && volume <= 2) return volume;
  throw badArgument(`A volume is a number from 0 to 2, not ${volume}.`);
}

/** @param {string} message */
function badArgument(message) {
  return new CallError("bad_argument", message);
}

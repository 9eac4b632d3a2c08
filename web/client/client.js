/**
 * The Realtime client: at most one call at a time, its microphone, and commands with answers.
 *
 * It draws nothing and plays nothing; main.js gives it listeners that do.
 */
import { RealtimeCall } from "./call.js";
import { CallError, asCallError } from "./errors.js";
import { enableTracks, openMicrophone, stopTracks, untilAborted } from "./microphone.js";
import { PendingAnswers } from "./pending-answers.js";
import { checkSecret, requestTicket } from "./secret.js";
import { DEFAULT_SETTINGS } from "./settings.js";

/** @typedef {import("./pending-answers.js").WireEvent} WireEvent */

/** From the SDP answer to the first event; a microphone question does not count. */
const CONNECT_LIMIT_MS = 20_000;
const ANSWER_LIMIT_MS = 10_000;

/**
 * "idle" before the first call, "ended" after one; "interrupted" while the network is gone.
 *
 * @typedef {"idle" | "connecting" | "connected" | "interrupted" | "ended"} Status
 *
 * @typedef {object} Listeners
 * @property {(status: Status, error: CallError | null) => void} onStatus
 * @property {(event: WireEvent, direction: "sent" | "received") => void} onEvent
 * @property {(stream: MediaStream) => void} onRemoteStream
 * @property {(stream: MediaStream | null) => void} onMicrophone Null when it was released.
 * @property {(error: CallError) => void} onProblem
 *
 * @typedef {Pick<Window, "navigator" | "setTimeout" | "clearTimeout"> & {
 *   fetch: typeof fetch, RTCPeerConnection: typeof RTCPeerConnection, document: {baseURI: string}
 * }} ClientWindow The window, or a stand-in for tests.
 */

export class RealtimeClient {
  /** @type {Status} */
  status = "idle";
  isMuted = false;
  /** @type {import("./settings.js").Settings} */
  settings = DEFAULT_SETTINGS;

  #window;
  #listeners;
  #pending;
  #eventsSent = 0;
  /** @type {RealtimeCall | null} */
  #call = null;
  /** @type {MediaStream | null} */
  #microphone = null;
  /** @type {AbortController | null} */
  #attempt = null;
  /** @type {Promise<unknown>} */
  #attemptOver = Promise.resolve();

  /**
   * @param {ClientWindow} target
   * @param {Listeners} listeners
   */
  constructor(target, listeners) {
    this.#window = target;
    this.#listeners = listeners;
    this.#pending = new PendingAnswers({
      setTimeout: (call, after_ms) => target.setTimeout(call, after_ms),
      clearTimeout: (id) => target.clearTimeout(id),
    });
  }

  get callId() {
    return this.#call?.callId ?? "";
  }

  /** True from the beginning of connect() to the end of the call. */
  get isBusy() {
    return this.#attempt !== null || this.#call !== null;
  }

  /**
   * Start a call. Resolves when the session is there, and configured where settings say how.
   *
   * @returns {Promise<WireEvent>} session.created, or session.updated where a session was sent.
   * @throws {CallError} "busy" when a call is there or on its way; "closed" when close() came first.
   */
  async connect() {
    if (this.isBusy) {
      const state = this.#attempt ? "on its way" : "there";
      throw new CallError("busy", `A call is already ${state}.`, { hint: "Close it first." });
    }
    const attempt = new AbortController();
    this.#attempt = attempt;
    const connecting = this.#connect(attempt.signal);
    this.#attemptOver = connecting.catch(() => {});
    return connecting;
  }

  /**
   * End the call, or the attempt at one. Harmless when there is none.
   *
   * @returns {Promise<void>} Settled when the microphone and the connection are released.
   */
  async close() {
    const error = new CallError("closed", "The call was closed.");
    if (this.#attempt) {
      this.#attempt.abort(error);
      await this.#attemptOver;
    } else if (this.#call) {
      this.#tearDown(error);
      this.#setStatus("ended");
    }
  }

  /**
   * Mute or unmute the microphone; it holds for the next call too.
   *
   * @param {boolean} isMuted
   */
  setMuted(isMuted) {
    this.isMuted = isMuted;
    enableTracks(this.#microphone, !isMuted);
  }

  /**
   * Send one event as it is, with an event_id where it has none.
   *
   * @param {WireEvent} event
   * @returns {string} The event's id.
   * @throws {CallError} "not_connected", "bad_argument".
   */
  send(event) {
    if (typeof event?.type !== "string") {
      throw new CallError("bad_argument", "An event is an object with a type.");
    }
    if (!this.#call) throw new CallError("not_connected", "There is no call to send that to.");
    const whole = { event_id: `page_${++this.#eventsSent}`, ...event };
    this.#call.send(whole);
    this.#listeners.onEvent(whole, "sent");
    return whole.event_id;
  }

  /**
   * Send one event and wait for the server's answer to it.
   *
   * @param {WireEvent} event
   * @param {(answer: WireEvent) => boolean} isAnswer
   * @returns {Promise<WireEvent>}
   * @throws {CallError} The server's own error, "timeout", or the end of the call.
   */
  async request(event, isAnswer) {
    const eventId = this.send(event);
    const what = `answer to ${event.type}`;
    return this.#pending.wait({ eventId, what, isAnswer, within_ms: ANSWER_LIMIT_MS });
  }

  /** @param {AbortSignal} signal */
  async #connect(signal) {
    this.#setStatus("connecting");
    try {
      const event = await this.#open(signal);
      signal.throwIfAborted(); // close() may have come with the last event
      this.#attempt = null;
      this.#setStatus("connected");
      return event;
    } catch (error) {
      // However the abort came out of what was under way, its reason is why it ended.
      const cause = asCallError(signal.aborted ? signal.reason : error);
      this.#attempt = null;
      this.#tearDown(cause);
      this.#setStatus("ended", cause.code === "closed" ? null : cause);
      throw cause;
    }
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    const { microphone, constraints, iceServers, session } = this.settings;
    if (microphone) await this.#takeMicrophone(constraints, signal);
    const ticket = await this.#ticket(signal);
    const { RTCPeerConnection, fetch } = this.#window;
    const call = new RealtimeCall({
      RTCPeerConnection,
      fetch: fetch.bind(globalThis),
      configuration: { iceServers },
      microphone: this.#microphone,
      listeners: this.#callListeners(),
    });
    this.#call = call;
    const created = this.#firstEvent();
    created.catch(() => {}); // told below, or by what broke before it
    await untilAborted(call.negotiate(ticket, signal), signal);
    const event = await untilAborted(created, signal);
    if (session) return untilAborted(this.#update(session), signal);
    // A call without the person's words is still a call: a refusal is shown, and that is all.
    return untilAborted(this.#askForTranscripts(event).catch(() => event), signal);
  }

  /** @param {Record<string, any>} session */
  #update(session) {
    const event = { type: "session.update", session: { type: "realtime", ...session } };
    return this.request(event, ({ type }) => type === "session.updated");
  }

  /**
   * @param {WireEvent} created The session.created event.
   * @returns {Promise<WireEvent>} The event that states the session as it is now.
   */
  async #askForTranscripts(created) {
    const model = this.settings.transcription;
    const input = created.session?.audio?.input;
    if (!model || !input || input.transcription) return created;
    return this.#update({ audio: { input: { transcription: { model } } } });
  }

  #firstEvent() {
    return this.#pending.wait({
      eventId: "",
      what: "session from the server",
      isAnswer: ({ type }) => type === "session.created",
      within_ms: CONNECT_LIMIT_MS,
    });
  }

  /**
   * @param {MediaTrackConstraints} constraints
   * @param {AbortSignal} signal
   */
  async #takeMicrophone(constraints, signal) {
    const stream = await openMicrophone(this.#window.navigator.mediaDevices, constraints, signal);
    this.#microphone = stream;
    enableTracks(stream, !this.isMuted);
    for (const track of stream.getAudioTracks()) {
      track.addEventListener("ended", () => this.#listeners.onProblem(new CallError(
        "microphone_missing", "The microphone went away.", { hint: "Plug it in and start a new call." },
      )));
    }
    this.#listeners.onMicrophone(stream);
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<import("./secret.js").Ticket>}
   */
  async #ticket(signal) {
    const { clientSecret, callsUrl, sessionUrl } = this.settings;
    const base = this.#window.document.baseURI;
    if (clientSecret) {
      return { clientSecret: checkSecret(clientSecret), callsUrl: new URL(callsUrl, base).href };
    }
    return requestTicket(this.#window.fetch.bind(globalThis), new URL(sessionUrl, base), signal);
  }

  /** @returns {import("./call.js").CallListeners} */
  #callListeners() {
    return {
      onRemoteStream: this.#listeners.onRemoteStream,
      onProblem: this.#listeners.onProblem,
      onConnection: (isThere) => {
        // While connecting, only the session tells that the call is up.
        if (!this.#attempt) this.#setStatus(isThere ? "connected" : "interrupted");
      },
      onEvent: (event) => {
        this.#listeners.onEvent(event, "received");
        this.#pending.receive(event);
      },
      onLost: (error) => {
        if (this.#attempt) return this.#attempt.abort(error);
        this.#tearDown(error);
        this.#setStatus("ended", error);
      },
    };
  }

  /** @param {CallError} cause */
  #tearDown(cause) {
    this.#call?.close();
    this.#call = null;
    stopTracks(this.#microphone);
    this.#microphone = null;
    this.#listeners.onMicrophone(null);
    this.#pending.endAll(cause);
  }

  /**
   * @param {Status} status
   * @param {CallError | null} error
   */
  #setStatus(status, error = null) {
    if (status === this.status && !error) return;
    this.status = status;
    this.#listeners.onStatus(status, error);
  }
}

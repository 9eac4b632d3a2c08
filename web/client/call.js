/**
 * One WebRTC call with a Realtime server: the peer connection, its events channel, its end.
 *
 * Order: the events channel and the microphone are there before the offer; the offer is sent at
 * once, without waiting for ICE candidates, because the server publishes its own and we connect
 * out. A call ends once, for one reason, and cannot be started again.
 */
import { CallError } from "./errors.js";
import { refusal, send } from "./secret.js";

/** @typedef {import("./pending-answers.js").WireEvent} WireEvent */

/** How long a connection may be gone before the call is given up. */
const GONE_LIMIT_MS = 5_000;

/**
 * @typedef {object} CallListeners
 * @property {(event: WireEvent) => void} onEvent An event from the server.
 * @property {(stream: MediaStream) => void} onRemoteStream The assistant's voice.
 * @property {(isThere: boolean) => void} onConnection The connection went away or came back.
 * @property {(error: CallError) => void} onProblem Something odd that does not end the call.
 * @property {(error: CallError) => void} onLost The call broke; not called after close().
 *
 * @typedef {object} CallParts
 * @property {typeof RTCPeerConnection} RTCPeerConnection
 * @property {typeof fetch} fetch
 * @property {RTCConfiguration} [configuration]
 * @property {MediaStream | null} microphone Null to listen only.
 * @property {CallListeners} listeners
 */

export class RealtimeCall {
  /** The server's id of the call, or "" where it gave none. */
  callId = "";

  #ended = false;
  #connection;
  #channel;
  #fetch;
  #listeners;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #goneTimer;

  /** @param {CallParts} parts */
  constructor({ RTCPeerConnection, fetch, configuration, microphone, listeners }) {
    this.#fetch = fetch;
    this.#listeners = listeners;
    this.#connection = new RTCPeerConnection(configuration);
    this.#channel = this.#connection.createDataChannel("oai-events");
    this.#listenToConnection();
    this.#listenToChannel();
    const tracks = microphone?.getAudioTracks() ?? [];
    for (const track of tracks) this.#connection.addTrack(track, /** @type {MediaStream} */ (microphone));
    if (tracks.length === 0) this.#connection.addTransceiver("audio", { direction: "recvonly" });
  }

  get isOpen() {
    return !this.#ended && this.#channel.readyState === "open";
  }

  /**
   * Exchange offer and answer. The connection comes up afterwards; the first event tells.
   *
   * @param {import("./secret.js").Ticket} ticket
   * @param {AbortSignal} signal
   * @returns {Promise<void>}
   * @throws {CallError} "server_refused", "server_unreachable", "bad_answer".
   */
  async negotiate({ clientSecret, callsUrl }, signal) {
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    const response = await send(this.#fetch, callsUrl, {
      method: "POST",
      headers: { Authorization: `Bearer ${clientSecret}`, "Content-Type": "application/sdp" },
      body: this.#connection.localDescription?.sdp ?? "",
      signal,
    });
    if (!response.ok) throw await refusal(response, "The server refused the call");
    this.callId = response.headers.get("Location")?.split("/").pop() ?? "";
    const sdp = await response.text();
    signal.throwIfAborted();
    try {
      await this.#connection.setRemoteDescription({ type: "answer", sdp });
    } catch (error) {
      throw new CallError("bad_answer", "The server's SDP answer cannot be used.", { cause: error });
    }
  }

  /**
   * @param {WireEvent} event
   * @throws {CallError} "not_connected" while the events channel is not open.
   */
  send(event) {
    if (!this.isOpen) throw new CallError("not_connected", "There is no call to send that to.");
    this.#channel.send(JSON.stringify(event));
  }

  /** End the call. Twice is harmless. */
  close() {
    this.#ended = true;
    clearTimeout(this.#goneTimer);
    this.#channel.close();
    this.#connection.close();
  }

  /** @param {string} message */
  #lose(message) {
    if (this.#ended) return;
    this.close();
    this.#listeners.onLost(new CallError("server_lost", message, { hint: "Start a new call." }));
  }

  #listenToChannel() {
    this.#channel.addEventListener("message", ({ data }) => {
      const event = parseEvent(data);
      if (event) this.#listeners.onEvent(event);
      else this.#listeners.onProblem(new CallError("bad_answer", "The server sent something that is no event."));
    });
    this.#channel.addEventListener("close", () => this.#lose("The server ended the call."));
  }

  #listenToConnection() {
    const connection = this.#connection;
    connection.addEventListener("track", ({ streams, track }) => {
      // A track need not belong to a stream: it plays all the same.
      this.#listeners.onRemoteStream(streams[0] ?? new MediaStream([track]));
    });
    connection.addEventListener("connectionstatechange", () => {
      const state = connection.connectionState;
      clearTimeout(this.#goneTimer);
      if (state === "failed") this.#lose("The connection to the server broke.");
      if (state === "disconnected") {
        const late = () => this.#lose(`The connection was gone for ${GONE_LIMIT_MS / 1000} s.`);
        this.#goneTimer = setTimeout(late, GONE_LIMIT_MS);
      }
      if (state === "connected" || state === "disconnected") {
        this.#listeners.onConnection(state === "connected");
      }
    });
  }
}

/**
 * @param {unknown} data What the channel delivered.
 * @returns {WireEvent | null} Null for anything but a JSON object with a type.
 */
export function parseEvent(data) {
  try {
    const event = JSON.parse(String(data));
    return typeof event?.type === "string" ? event : null;
  } catch {
    return null;
  }
}

import { AudioGraph } from "../audio/audio-graph.js";
import { bytesFromBase64, bytesToBase64 } from "../audio/base64.js";
import { ListeningTaps } from "../probe/listening-tap.js";
import { fromBase64, toFloat } from "../audio/pcm16.js";
import { PEER_STATES } from "../probe/peer-states.js";
import { nativeTime } from "../probe/time.js";

/**
 * One end of a WebRTC call for Python: what `harness.peer.page_peer` asks of a page.
 *
 * Python calls the methods; the page tells what happens as arrays, the kind first:
 * `["state", kind, state]`, `["channel", label]`, `["open", label]`, `["text", label, text]`,
 * `["binary", label, base64]`, `["buffered", label, bytes]`, `["closed", label]`,
 * `["track", id, streamIds]`, `["heard", base64 | "", frames]`, `["error", message]`.
 *
 * @typedef {(message: unknown[]) => void} Tell
 * @typedef {["text" | "binary", string, string] | ["feed", string] | ["close", string]} Command
 */

/** Fed audio starts this far ahead of the page's audio clock: 40 ms against jitter on the way. */
export const LEAD_FRAMES = 1920;

/** More than this ahead (300 ms) is old sound: it is dropped. */
export const MOST_AHEAD_FRAMES = 14_400;

/** What is heard is told in pieces of 8 render quanta: 21 ms. */
const TAP_FRAMES = 1024;

export class PageConnection {
  /** @param {any} target The window. @param {Tell} tell @param {string} workletSource */
  constructor(target, tell, workletSource) {
    this.target = target;
    this.tell = tell;
    const time = nativeTime(target);
    const sink = {
      emit: (/** @type {string} */ type, /** @type {any} */ data) => {
        if (type === "heard.samples") tell(["heard", data.pcm, data.frames]);
      },
      flush: () => {},
      pageMs: time.pageMs,
      frameId: "peer",
    };
    this.graph = new AudioGraph(sink, target, workletSource, time, TAP_FRAMES);
    this.taps = new ListeningTaps(sink, this.graph, target);
    /** @type {RTCPeerConnection} */
    this.connection = new target.RTCPeerConnection();
    /** @type {Map<string, RTCDataChannel>} */
    this.channels = new Map();
    this.fedFrames = 0;
    /** @type {number | null} The frame at which the next fed samples start. */
    this.nextFrame = null;
    this.watch();
  }

  /** The audio graph and the outgoing track; before anything is negotiated. */
  async start() {
    this.context = await this.graph.open();
    this.microphone = this.graph.createMicrophone(this.context, () => {});
    const destination = this.context.createMediaStreamDestination();
    destination.channelCount = 1;
    this.microphone.node.connect(destination);
    this.outgoing = destination.stream;
  }

  watch() {
    const { connection } = this;
    for (const [event, kind, attribute] of PEER_STATES) {
      connection.addEventListener(event, () => this.tell(["state", kind, connection[attribute]]));
    }
    connection.addEventListener("datachannel", ({ channel }) => this.adopt(channel));
    connection.addEventListener("track", ({ track, streams }) => {
      if (track.kind !== "audio") return;
      this.tell(["track", track.id, streams.map(({ id }) => id)]);
      this.taps.listen("peer", track, track.id).catch((error) => this.tell(["error", String(error)]));
    });
  }

  // Negotiation

  /** @param {string} label */
  openChannel(label) {
    this.adopt(this.connection.createDataChannel(label), false);
  }

  /** @returns {Promise<string>} The complete offer. */
  async createOffer() {
    if (this.connection.getSenders().length === 0) this.addMicrophone();
    await this.connection.setLocalDescription(await this.connection.createOffer());
    return this.describe();
  }

  /** @param {string} sdp */
  async acceptAnswer(sdp) {
    await this.connection.setRemoteDescription({ type: "answer", sdp });
  }

  /** @param {string} sdp @returns {Promise<string>} The complete answer. */
  async acceptOffer(sdp) {
    await this.connection.setRemoteDescription({ type: "offer", sdp });
    this.addMicrophone();
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    return this.describe();
  }

  /** @param {string} candidate @param {string} sdpMid */
  async addCandidate(candidate, sdpMid) {
    await this.connection.addIceCandidate({ candidate, sdpMid });
  }

  addMicrophone() {
    const stream = /** @type {MediaStream} */ (this.outgoing);
    this.connection.addTrack(stream.getAudioTracks()[0], stream);
  }

  async describe() {
    const { connection } = this;
    while (connection.iceGatheringState !== "complete") {
      await new Promise((resolve) =>
        connection.addEventListener("icegatheringstatechange", resolve, { once: true }),
      );
    }
    return connection.localDescription?.sdp ?? "";
  }

  // Data channels

  /** @param {RTCDataChannel} channel @param {boolean} [isNew] Python does not know it yet. */
  adopt(channel, isNew = true) {
    const { label } = channel;
    channel.binaryType = "arraybuffer";
    this.channels.set(label, channel);
    if (isNew) this.tell(["channel", label]);
    channel.addEventListener("open", () => this.tell(["open", label]));
    channel.addEventListener("close", () => this.tell(["closed", label]));
    channel.addEventListener("bufferedamountlow", () => this.tellBuffered(label));
    channel.addEventListener("message", ({ data }) => {
      if (typeof data === "string") this.tell(["text", label, data]);
      else this.tell(["binary", label, bytesToBase64(new Uint8Array(data))]);
    });
    if (channel.readyState === "open") this.tell(["open", label]);
  }

  /** @param {string} label */
  tellBuffered(label) {
    this.tell(["buffered", label, this.channels.get(label)?.bufferedAmount ?? 0]);
  }

  /** Do what Python gathered since its last call, in order. @param {Command[]} commands */
  run(commands) {
    const labels = new Set();
    for (const command of commands) {
      if (command[0] === "feed") this.feed(command[1]);
      else if (command[0] === "close") this.channels.get(command[1])?.close();
      else {
        labels.add(command[1]);
        this.send(command);
      }
    }
    for (const label of labels) this.tellBuffered(label);
  }

  /** @param {["text" | "binary", string, string]} command */
  send([kind, label, data]) {
    try {
      const channel = this.channels.get(label);
      if (kind === "text") channel?.send(data);
      else channel?.send(bytesFromBase64(data));
    } catch (error) {
      this.tell(["error", `The data channel “${label}” refused a message: ${error}`]);
    }
  }

  // Audio

  /** The next outgoing samples. @param {string} pcm Base64 of 16-bit PCM, mono, 48 kHz. */
  feed(pcm) {
    const { context, microphone } = this;
    if (!context || !microphone) return;
    const now = Math.ceil(context.currentTime * context.sampleRate);
    if (this.nextFrame === null || this.nextFrame < now) this.nextFrame = now + LEAD_FRAMES;
    if (this.nextFrame > now + MOST_AHEAD_FRAMES) return;
    const samples = toFloat(fromBase64(pcm));
    const id = `frame-${this.fedFrames++}`;
    microphone.send({ play: { id, samples, startFrame: this.nextFrame, gain: 1, joins: true } });
    this.nextFrame += samples.length;
  }

  async stats() {
    const report = [...(await this.connection.getStats()).values()];
    return Object.fromEntries(report.map((entry) => [entry.id, { ...entry }]));
  }

  close() {
    this.connection.close();
  }
}

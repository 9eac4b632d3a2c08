import { quietly, replaceConstructor, replaceMethod } from "./natives.js";
import { pageLine } from "./page-line.js";
import { PEER_STATES } from "./peer-states.js";
import { redactConfiguration, redactSdp, redactUrl } from "./redact.js";
import { TrackNames } from "./track-names.js";

/**
 * Report every peer connection: its states, descriptions, candidates, tracks and channels.
 *
 * What the page gets is the browser's own object, untouched.
 *
 * Source: W3C webrtc, RTCPeerConnection.
 *
 * @typedef {import("./sink.js").Sink} Sink
 * @typedef {import("./wrap-data-channel.js").DataChannels} DataChannels
 * @typedef {(connection: string, track: MediaStreamTrack, name: string) => void} OnRemoteTrack
 */

export class PeerConnections {
  /**
   * @param {object} parts
   * @param {Sink} parts.sink
   * @param {any} parts.target The window.
   * @param {DataChannels} parts.channels
   * @param {OnRemoteTrack} parts.onRemoteTrack Called for every remote audio track, once.
   * @param {(connection: string, peer: RTCPeerConnection) => void} parts.onCreated
   */
  constructor({ sink, target, channels, onRemoteTrack, onCreated }) {
    this.sink = sink;
    this.target = target;
    this.channels = channels;
    this.onRemoteTrack = onRemoteTrack;
    this.onCreated = onCreated;
    this.count = 0;
    /** @type {WeakMap<RTCPeerConnection, string>} */
    this.names = new WeakMap();
    /** @type {WeakSet<MediaStreamTrack>} */
    this.heard = new WeakSet();
    this.tracks = new TrackNames();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const prototype = this.target.RTCPeerConnection?.prototype;
    const names = ["RTCPeerConnection", "webkitRTCPeerConnection"];
    const undo = [
      replaceConstructor(this.target, names, (peer, args) => this.observe(peer, args[0])),
      this.wrapDescription(prototype, "setLocalDescription", "local"),
      this.wrapDescription(prototype, "setRemoteDescription", "remote"),
      this.wrapCandidate(prototype),
      this.wrapCreateChannel(prototype),
      this.wrapClose(prototype),
    ];
    return () => undo.forEach((back) => back());
  }

  /** @param {RTCPeerConnection} peer @param {any} configuration */
  observe(peer, configuration) {
    const connection = `connection-${this.count++}`;
    const { sink } = this;
    this.names.set(peer, connection);
    sink.emit("peer_connection.created", {
      connection,
      configuration: redactConfiguration(configuration),
    });
    for (const [event, kind, attribute] of PEER_STATES) {
      peer.addEventListener(event, () =>
        sink.emit("peer_connection.state", { connection, kind, state: peer[attribute] }),
      );
    }
    peer.addEventListener("icecandidate", ({ candidate }) =>
      this.reportCandidate(connection, "local", candidate),
    );
    peer.addEventListener("icecandidateerror", ({ url, errorCode, errorText }) =>
      sink.emit("peer_connection.candidate_error", {
        connection,
        server: redactUrl(url),
        code: errorCode,
        message: String(errorText),
      }),
    );
    peer.addEventListener("datachannel", ({ channel }) =>
      this.channels.observe(channel, connection, "remote"),
    );
    peer.addEventListener("track", ({ track, streams }) => this.reportTrack(connection, track, streams));
    this.onCreated(connection, peer);
  }

  /** @param {string} connection @param {MediaStreamTrack} track @param {readonly MediaStream[]} streams */
  reportTrack(connection, track, streams) {
    const name = this.tracks.nameOf(connection, track);
    this.sink.emit("peer_connection.track", {
      connection,
      track: name,
      kind: track.kind,
      streams: streams.map(({ id }) => id),
    });
    if (track.kind !== "audio" || this.heard.has(track)) return;
    this.heard.add(track);
    this.onRemoteTrack(connection, track, name);
  }

  /** @param {string} connection @param {"local" | "remote"} side @param {any} candidate */
  reportCandidate(connection, side, candidate) {
    const text = candidate ? String(candidate.candidate ?? "") : null;
    this.sink.emit("peer_connection.candidate", { connection, side, candidate: text });
  }

  /** @param {any} prototype @param {string} name @param {"local" | "remote"} side */
  wrapDescription(prototype, name, side) {
    return replaceMethod(prototype, name, (native, self, args) => {
      const line = pageLine();
      const connection = this.names.get(self);
      if (!connection) return Reflect.apply(native, self, args);
      const onSet = () => quietly(() => this.reportDescription(connection, side, self, args[0]));
      /** @param {unknown} error */
      const onRefused = (error) => quietly(() => this.reportError(connection, name, error, line));
      if (isOldForm(args)) return Reflect.apply(native, self, telling(args, onSet, onRefused));
      /** @type {Promise<void>} */
      const outcome = Reflect.apply(native, self, args);
      outcome.then(onSet, onRefused);
      return outcome;
    });
  }

  /**
   * @param {string} connection @param {"local" | "remote"} side
   * @param {RTCPeerConnection} peer @param {any} given
   */
  reportDescription(connection, side, peer, given) {
    const set = side === "local" ? peer.localDescription : peer.remoteDescription;
    const type = given?.type ?? set?.type;
    const data = { connection, side, sdp: redactSdp(given?.sdp || set?.sdp) };
    if (type === "offer") this.sink.emit("peer_connection.offer", data);
    if (type === "answer" || type === "pranswer") this.sink.emit("peer_connection.answer", data);
  }

  /**
   * @param {string} connection @param {string} operation @param {any} error @param {string} line
   * @param {string} [candidate] That was to be added.
   */
  reportError(connection, operation, error, line, candidate = "") {
    const message = redactSdp(String(error?.message ?? error));
    this.sink.emit("peer_connection.error", { connection, operation, message, line, candidate });
  }

  /** @param {any} prototype */
  wrapCandidate(prototype) {
    return replaceMethod(prototype, "addIceCandidate", (native, self, args) => {
      const connection = this.names.get(self);
      const line = pageLine();
      if (!connection) return Reflect.apply(native, self, args);
      let candidate = "";
      quietly(() => {
        this.reportCandidate(connection, "remote", args[0]);
        candidate = String(args[0]?.candidate ?? "");
      });
      /** @param {unknown} error */
      const onRefused = (error) =>
        quietly(() => this.reportError(connection, "addIceCandidate", error, line, candidate));
      if (isOldForm(args) && typeof args[2] === "function") {
        return Reflect.apply(native, self, telling(args, () => {}, onRefused));
      }
      /** @type {Promise<void>} */
      const outcome = Reflect.apply(native, self, args);
      // Passed on, not watched: a refusal that the page ignores is told as one.
      return outcome?.then(
        (value) => value,
        (error) => {
          onRefused(error);
          throw error;
        },
      );
    });
  }

  /** @param {any} prototype */
  wrapCreateChannel(prototype) {
    return replaceMethod(prototype, "createDataChannel", (native, self, args) => {
      const channel = Reflect.apply(native, self, args);
      const connection = this.names.get(self);
      if (connection) quietly(() => this.channels.observe(channel, connection, "local"));
      return channel;
    });
  }

  /** close() fires no events on the connection itself, so the end is told here. @param {any} prototype */
  wrapClose(prototype) {
    return replaceMethod(prototype, "close", (native, self, args) => {
      const connection = this.names.get(self);
      const wasOpen = connection && self.signalingState !== "closed";
      const result = Reflect.apply(native, self, args);
      if (wasOpen) this.sink.emit("peer_connection.closed", { connection });
      return result;
    });
  }
}

/**
 * Whether a method is called in its old form, with callbacks, which Chromium still has: its promise is
 * resolved at once and says nothing of how it went. That of addIceCandidate needs both.
 *
 * @param {any[]} args
 */
function isOldForm(args) {
  return typeof args[1] === "function";
}

/**
 * Arguments of the old form, with callbacks that tell us before the page.
 *
 * @param {any[]} args
 * @param {() => void} onDone
 * @param {(error: unknown) => void} onRefused
 */
function telling([given, done, refused, ...more], onDone, onRefused) {
  const isHeard = typeof refused === "function";
  return [
    given,
    /** @param {any[]} told */
    (...told) => {
      onDone();
      return Reflect.apply(done, undefined, told);
    },
    // One that is no function is the browser's to refuse; one that is left out may be ours alone.
    refused !== undefined && refused !== null && !isHeard
      ? refused
      : (/** @type {any[]} */ ...told) => {
          onRefused(told[0]);
          return isHeard ? Reflect.apply(refused, undefined, told) : undefined;
        },
    ...more,
  ];
}

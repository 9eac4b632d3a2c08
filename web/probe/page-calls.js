import { CallWords, cut, MOST_WORDS, wordsOfError } from "./call-words.js";
import { quietly, replaceAttribute, replaceMethod } from "./natives.js";
import { pageLine } from "./page-line.js";

/**
 * Report what a page calls of WebRTC: with what, how it went, how long it took, from which line.
 *
 * The page gets what it would have got. A promise is passed on, not watched: a refusal that the page
 * ignores is told to it as one.
 *
 * Calls that come in numbers (send, getStats, and any other beyond a few a second) are only counted:
 * no line is asked for, nothing is made, and one entry a second has their number.
 *
 * @typedef {"call" | "promise" | "counted" | "set"} How
 * @typedef {object} Call One method or attribute.
 * @property {string} owner
 * @property {string} name
 * @property {How} how
 * @property {string} gives What comes back, in a word.
 * @property {number} sinceMs The second that the next number is of.
 * @property {number} told
 * @property {number} returned Counted, and not told yet.
 * @property {number} threw The same of those that failed at once.
 * @property {unknown} error The last of these.
 *
 * @typedef {object} Entry
 * @property {Call} call
 * @property {string} of
 * @property {string[]} words
 * @property {string} line
 * @property {number} begunMs
 *
 * @typedef {"returned" | "resolved" | "rejected" | "threw" | "pending"} Outcome
 */

const SECOND_MS = 1000;

/** So many a second are told one by one, of one method and of all. */
export const MOST_ALIKE = 20;
export const MOST_TOLD = 50;

/** A promise that is open for longer is told as such; how it ends is told, too. */
export const PENDING_MS = 5000;

/** @type {[owner: string, name: string, how: How, gives?: string][]} */
const CALLS = [
  ["RTCPeerConnection", "createOffer", "promise", "offer"],
  ["RTCPeerConnection", "createAnswer", "promise", "answer"],
  ["RTCPeerConnection", "setLocalDescription", "promise"],
  ["RTCPeerConnection", "setRemoteDescription", "promise"],
  ["RTCPeerConnection", "addIceCandidate", "promise"],
  ["RTCPeerConnection", "restartIce", "call"],
  ["RTCPeerConnection", "setConfiguration", "call"],
  ["RTCPeerConnection", "addTrack", "call", "sender"],
  ["RTCPeerConnection", "removeTrack", "call"],
  ["RTCPeerConnection", "addTransceiver", "call", "transceiver"],
  ["RTCPeerConnection", "createDataChannel", "call", "channel"],
  ["RTCPeerConnection", "close", "call"],
  ["RTCPeerConnection", "getStats", "counted"],
  ["RTCRtpSender", "replaceTrack", "promise"],
  ["RTCRtpSender", "setParameters", "promise"],
  ["RTCRtpSender", "setStreams", "call"],
  ["RTCRtpSender", "getStats", "counted"],
  ["RTCRtpReceiver", "jitterBufferTarget", "set"],
  ["RTCRtpReceiver", "getStats", "counted"],
  ["RTCRtpTransceiver", "direction", "set"],
  ["RTCRtpTransceiver", "setCodecPreferences", "call"],
  ["RTCRtpTransceiver", "stop", "call"],
  ["RTCDTMFSender", "insertDTMF", "call"],
  ["RTCDataChannel", "send", "counted"],
  ["RTCDataChannel", "close", "call"],
  ["MediaDevices", "getUserMedia", "promise", "stream"],
  ["MediaDevices", "getDisplayMedia", "promise", "stream"],
  ["MediaDevices", "enumerateDevices", "promise", "devices"],
  ["MediaStreamTrack", "enabled", "set"],
  ["MediaStreamTrack", "stop", "call"],
  ["MediaStreamTrack", "clone", "call", "track"],
  ["MediaStreamTrack", "applyConstraints", "promise"],
  ["HTMLMediaElement", "play", "promise"],
  ["HTMLMediaElement", "pause", "call"],
  ["HTMLMediaElement", "srcObject", "set"],
  ["HTMLMediaElement", "muted", "set"],
  ["HTMLMediaElement", "volume", "set"],
  ["HTMLMediaElement", "setSinkId", "promise"],
];

let ourOwn = 0;

/** What the probe itself calls on the page's objects is no call of the page's. @template T @param {() => T} work @returns {T} */
export function unseen(work) {
  ourOwn++;
  try {
    return work();
  } finally {
    ourOwn--;
  }
}

export class PageCalls {
  /**
   * @param {object} parts
   * @param {import("./sink.js").Sink} parts.sink
   * @param {any} parts.target The window.
   * @param {import("./time.js").Time["defer"]} parts.defer
   * @param {(owner: string, self: any) => string} parts.nameOf What the trace calls an object; "" for nothing.
   * @param {(self: any) => boolean} parts.isOurs Whether it is an object of the harness.
   */
  constructor({ sink, target, defer, nameOf, isOurs }) {
    this.sink = sink;
    this.target = target;
    this.defer = defer;
    this.nameOf = nameOf;
    this.isOurs = isOurs;
    this.words = new CallWords(target);
    this.then = target.Promise?.prototype.then;
    /** @type {Call[]} */
    this.calls = [];
    this.sinceMs = -Infinity;
    this.room = 0;
    this.isCounting = false;
  }

  /** To be done last: what is told is what the page gives and gets. @returns {() => void} Puts the originals back. */
  install() {
    const undo = CALLS.map(([owner, name, how, gives = ""]) => {
      /** @type {Call} */
      const call = { owner, name, how, gives, sinceMs: -Infinity, told: 0, returned: 0, threw: 0, error: null };
      this.calls.push(call);
      const prototype = this.target[owner]?.prototype;
      /** @param {any} native @param {any} self @param {any[]} args */
      const counted = (native, self, args) => this.count(call, native, self, args);
      /** @param {any} native @param {any} self @param {any[]} args */
      const watched = (native, self, args) => this.watch(call, native, self, args);
      if (how === "set") return replaceAttribute(prototype, name, { set: watched });
      return replaceMethod(prototype, name, how === "counted" ? counted : watched);
    });
    return () => undo.forEach((back) => back());
  }

  /** @param {Call} call @param {any} native @param {any} self @param {any[]} args */
  count(call, native, self, args) {
    if (ourOwn > 0) return Reflect.apply(native, self, args);
    try {
      const given = Reflect.apply(native, self, args);
      call.returned++;
      return call.how === "promise" ? this.passOn(given) : given;
    } catch (error) {
      call.threw++;
      call.error = error;
      throw error;
    } finally {
      if (!this.isCounting) this.countOn();
    }
  }

  /** Below, promises are watched: of one that is passed on, a refusal that the page ignores is told to it. @param {any} outcome */
  passOn(outcome) {
    try {
      return Reflect.apply(this.then, outcome, []);
    } catch {
      return outcome; // no promise: the page had put another method there
    }
  }

  countOn() {
    this.isCounting = true;
    this.defer(() => this.tellCounted(), SECOND_MS);
  }

  tellCounted() {
    this.isCounting = false;
    for (const call of this.calls) {
      const { returned, threw, error } = call;
      if (returned > 0) this.tellCount(call, "returned", returned, null);
      if (threw > 0) this.tellCount(call, "threw", threw, error);
      call.returned = call.threw = 0;
      call.error = null;
    }
  }

  /** @param {Call} call @param {Outcome} outcome @param {number} count @param {unknown} error */
  tellCount(call, outcome, count, error) {
    const entry = { call, of: "", words: [], line: "", begunMs: this.sink.pageMs() };
    this.tell(entry, outcome, { error, count });
  }

  /** @param {Call} call @param {any} native @param {any} self @param {any[]} args */
  watch(call, native, self, args) {
    if (ourOwn > 0 || this.isOurs(self)) return Reflect.apply(native, self, args);
    if (!this.hasRoom(call)) return this.count(call, native, self, args);
    let line = "";
    quietly(() => (line = cut(pageLine(), MOST_WORDS))); // a page may have its own way to write stacks
    const begunMs = this.sink.pageMs();
    let given;
    try {
      given = Reflect.apply(native, self, args);
    } catch (error) {
      this.tell(this.entryOf(call, self, args, line, begunMs), "threw", { error });
      throw error;
    }
    const entry = this.entryOf(call, self, args, line, begunMs);
    if (call.how === "promise") return this.follow(entry, given);
    this.tell(entry, "returned", { given });
    return given;
  }

  /** @param {Call} call */
  hasRoom(call) {
    const nowMs = this.sink.pageMs();
    if (nowMs - this.sinceMs >= SECOND_MS) {
      this.sinceMs = nowMs;
      this.room = MOST_TOLD;
    }
    if (call.sinceMs !== this.sinceMs) {
      call.sinceMs = this.sinceMs;
      call.told = 0;
    }
    if (this.room === 0 || call.told === MOST_ALIKE) return false;
    this.room--;
    call.told++;
    return true;
  }

  /**
   * @param {Call} call @param {any} self @param {any[]} args @param {string} line @param {number} begunMs
   * @returns {Entry}
   */
  entryOf(call, self, args, line, begunMs) {
    const entry = { call, of: "", words: /** @type {string[]} */ ([]), line, begunMs };
    quietly(() => {
      entry.of = this.nameOf(call.owner, self);
      entry.words = this.words.ofAll(args);
    });
    return entry;
  }

  /** @param {Entry} entry @param {any} outcome A promise. */
  follow(entry, outcome) {
    let isOver = false;
    /** @param {Outcome} how @param {{ given?: unknown, error?: unknown }} with_ */
    const end = (how, with_) => {
      isOver = true;
      this.tell(entry, how, with_);
    };
    this.defer(() => {
      if (!isOver) this.tell(entry, "pending");
    }, PENDING_MS);
    try {
      Reflect.apply(this.then, outcome, [
        (/** @type {any} */ given) => end("resolved", { given }),
        (/** @type {any} */ error) => end("rejected", { error }),
      ]);
      return this.passOn(outcome);
    } catch {
      end("returned", { given: outcome }); // no promise: the page had put another method there
      return outcome;
    }
  }

  /**
   * @param {Entry} entry @param {Outcome} outcome
   * @param {{ given?: unknown, error?: any, count?: number }} [how]
   */
  tell({ call, of, words, line, begunMs }, outcome, { given, error = null, count = 1 } = {}) {
    quietly(() => {
      const { name, message } = wordsOfError(error);
      this.sink.emit("page.webrtc_call", {
        owner: call.owner,
        name: call.name,
        kind: call.how === "set" ? "set" : "call",
        of,
        arguments: words,
        outcome,
        result: given === undefined || given === null ? "" : call.gives,
        error: name,
        message,
        took_ms: Math.round((this.sink.pageMs() - begunMs) * 1000) / 1000,
        line,
        count,
      });
    });
  }
}

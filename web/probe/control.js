import { patch } from "./natives.js";
import { fromBase64 } from "../audio/pcm16.js";

/**
 * What Python may ask of the page.
 *
 * No global names it: Python reaches it by reading a secret key from one of our proxies, whose
 * handlers answer to that key alone.
 */
export class Control {
  /**
   * @param {object} parts
   * @param {import("./sink.js").Sink} parts.sink
   * @param {import("./virtual-microphone.js").VirtualMicrophones} parts.microphones
   * @param {import("./microphone-access.js").MicrophoneAccess} parts.access
   * @param {import("./wrap-data-channel.js").DataChannels} parts.channels
   * @param {import("./wrap-web-socket.js").WebSockets} parts.sockets
   */
  constructor({ sink, microphones, access, channels, sockets }) {
    this.sink = sink;
    this.microphones = microphones;
    this.access = access;
    this.channels = channels;
    this.sockets = sockets;
  }

  /** Page time, ms since the epoch. */
  now() {
    return this.sink.pageMs();
  }

  /**
   * @param {string} id @param {string} pcm Base64 of 16-bit PCM, mono, 48 kHz.
   * @param {number | null} startFrame @param {number} gain
   * @returns {Promise<number | null>} The frame of the first sample; null where no microphone is open.
   */
  play(id, pcm, startFrame, gain) {
    return this.microphones.play(id, fromBase64(pcm), startFrame, gain);
  }

  /**
   * Cut into what is heard next; see `VirtualMicrophones.cutIn`.
   *
   * @param {string} id @param {string} pcm As above. @param {number} gain
   * @param {number} afterFrames @param {number} leadFrames @param {number} sinceFrame
   */
  cutIn(id, pcm, gain, afterFrames, leadFrames, sinceFrame) {
    return this.microphones.cutIn(id, fromBase64(pcm), gain, afterFrames, leadFrames, sinceFrame);
  }

  /** @param {string} id @param {number | null} onset The answer's first frame; null: none comes. */
  settleCutIn(id, onset) {
    return this.microphones.settleCutIn(id, onset);
  }

  /**
   * @param {string[] | null} ids Null for everything. @param {number} fadeFrames
   * @returns {Promise<number | null>} The frame from which on; null where no microphone is open.
   */
  stop(ids, fadeFrames) {
    return this.microphones.stop(ids, fadeFrames);
  }

  /**
   * @param {string | null} pcm One period, base64 as above; null for none. @param {number} gain
   * @param {number} fadeFrames
   * @returns {Promise<number | null>} The frame from which on; null where no microphone is open.
   */
  setNoise(pcm, gain, fadeFrames) {
    return this.microphones.setNoise(pcm === null ? null : fromBase64(pcm), gain, fadeFrames);
  }

  /**
   * @param {import("../audio/microphone-effects.js").Plan} plan What microphones do to their sound.
   * @returns {Promise<number | null>} The frame from which on; null where no microphone is open.
   */
  setEffects(plan) {
    return this.microphones.setEffects(plan);
  }

  /** @param {boolean} muted */
  setMuted(muted) {
    this.microphones.setMuted(muted);
  }

  /** @param {import("./microphone-access.js").Access} access @param {boolean} [isNews] */
  setAccess(access, isNews) {
    this.access.set(access, isNews);
  }

  /** @param {string} label @param {string} text */
  sendText(label, text) {
    return this.channels.send(label, text) || this.sockets.send(label, text);
  }
}

/** Natives that hold the control object: rarely called, and rarely replaced by pages. */
const HOLDERS = /** @type {const} */ ([
  ["Navigator", "javaEnabled"],
  ["EventTarget", "dispatchEvent"],
]);

/**
 * Let natives answer to the secret key with the control object.
 *
 * @param {any} target The window.
 * @param {string} key
 * @param {Control} control
 */
export function hideControl(target, key, control) {
  for (const [owner, name] of HOLDERS) {
    const prototype = target[owner]?.prototype;
    const descriptor = prototype && Object.getOwnPropertyDescriptor(prototype, name);
    if (!descriptor) continue;
    const value = patch(descriptor.value, {
      get: (native, property, receiver) =>
        property === key ? control : Reflect.get(native, property, receiver),
    });
    Object.defineProperty(prototype, name, { ...descriptor, value });
  }
}

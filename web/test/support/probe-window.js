/** A window made by hand that a whole probe can be installed in. */

import { audioWindow } from "./audio-window.js";
import { Target } from "./fakes.js";

export class OverconstrainedError extends Error {
  /** @param {string} constraint */
  constructor(constraint) {
    super();
    this.name = "OverconstrainedError";
    this.constraint = constraint;
  }
}

export function probeWindow() {
  const { target, state } = audioWindow();
  /** What leaves the page. @type {any[]} */
  const envelopes = [];
  /** @type {{ task: () => void, ms: number }[]} */
  const timers = [];

  class RTCDataChannel extends Target {
    readyState = "connecting";
    /** @type {any[]} */ sent = [];
    /** @param {string} label */
    constructor(label) { super(); this.label = label; }
    send(/** @type {any} */ data) { this.sent.push(data); }
  }
  class RTCPeerConnection extends Target {
    signalingState = "stable";
    connectionState = "new";
    /** @type {any} */ localDescription = null;
    /** @type {any} */ remoteDescription = null;
    async setLocalDescription(/** @type {any} */ description) { this.localDescription = description; }
    async setRemoteDescription(/** @type {any} */ description) { this.remoteDescription = description; }
    async addIceCandidate() {}
    async getStats() { return new Map([["t", { type: "transport" }]]); }
    createDataChannel(/** @type {string} */ label) { return new RTCDataChannel(label); }
    close() { this.signalingState = "closed"; }
  }
  class MediaDevices extends Target {
    /** @type {any[]} */ asked = [];
    async getUserMedia(/** @type {any} */ constraints) {
      this.asked.push(constraints);
      return new target.MediaStream([new target.MediaStreamTrack("the machine's own")]);
    }
    async enumerateDevices() { return [{ kind: "audioinput", label: "the machine's own" }]; }
  }
  class Navigator {
    javaEnabled() { return false; }
  }
  class InputDeviceInfo {}
  const window = new Target();
  Object.assign(target, {
    DOMException, Event, InputDeviceInfo, MediaDevices, Navigator, OverconstrainedError, RTCDataChannel, RTCPeerConnection,
    Function: { prototype: { toString: Function.prototype.toString } },
    crypto: { getRandomValues: (/** @type {Uint8Array} */ bytes) => bytes.fill(0xa5) },
    performance: { timeOrigin: 1_000_000, now: () => 5 },
    setTimeout: (/** @type {any} */ task, /** @type {number} */ ms) => void timers.push({ task, ms }),
    location: { href: "https://user:password@host/path?token=secret" },
    addEventListener: window.addEventListener.bind(window),
    wayOut: (/** @type {string} */ payload) => void envelopes.push(...JSON.parse(payload)),
  });
  target.top = target;
  return { target, state, envelopes, timers, fire: window.fire.bind(window) };
}

import { quietly, replaceAttribute, replaceMethod } from "./natives.js";
import { unseen } from "./page-calls.js";

/**
 * Whether the page gets the virtual microphone, and what it sees where it does not: a user who
 * says no, one who closes the question, a machine without a microphone. It may change at any time,
 * as when a headset is pulled out.
 *
 * Sources: W3C mediacapture-streams (devicechange, getUserMedia), W3C permissions.
 *
 * @typedef {"allow" | "deny" | "dismiss" | "none"} Access
 */

const REFUSALS = {
  deny: ["Permission denied", "NotAllowedError"],
  dismiss: ["Permission dismissed", "NotAllowedError"],
  none: ["Requested device not found", "NotFoundError"],
};

export class MicrophoneAccess {
  /**
   * @param {object} parts
   * @param {Access} parts.access To begin with.
   * @param {import("./sink.js").Sink} parts.sink
   * @param {import("./microphone-device.js").MicrophoneDevice} parts.device
   * @param {import("./virtual-microphone.js").VirtualMicrophones} parts.microphones
   * @param {any} parts.target The window.
   */
  constructor({ access, sink, device, microphones, target }) {
    this.access = access;
    this.sink = sink;
    this.device = device;
    this.microphones = microphones;
    this.target = target;
    this.natives = {
      DOMException: target.DOMException,
      Event: target.Event,
      dispatchEvent: target.EventTarget?.prototype.dispatchEvent,
      mediaDevices: target.navigator?.mediaDevices,
      state: Object.getOwnPropertyDescriptor(target.PermissionStatus?.prototype ?? {}, "state")?.get,
    };
    /** What a page was told of its permission. @type {Set<WeakRef<object>>} */
    this.statuses = new Set();
    /** @type {WeakSet<object>} */
    this.known = new WeakSet();
    /** Whether the user has said yes to this document. */
    this.isGranted = false;
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const { target } = this;
    const undo = [
      replaceMethod(target.Permissions?.prototype, "query", async (native, self, args) => {
        const status = await Reflect.apply(native, self, args);
        quietly(() => args[0]?.name === "microphone" && this.keep(status));
        return status;
      }),
      replaceAttribute(target.PermissionStatus?.prototype, "state", {
        get: (native, self) => (this.known.has(self) ? this.state : undefined) ?? Reflect.apply(native, self, []),
      }),
    ];
    return () => undo.forEach((back) => back());
  }

  /** What a page is told of its permission; undefined where the browser says it. */
  get state() {
    const allow = this.isGranted ? "granted" : undefined;
    return { allow, deny: "denied", dismiss: "prompt", none: undefined }[this.access];
  }

  /**
   * The user says yes, as to any browser that asks: a page that waits for that is told.
   *
   * A browser that has the permission from its context has asked nobody, and tells nothing.
   */
  grant() {
    if (this.isGranted) return;
    this.isGranted = true;
    for (const reference of this.statuses) {
      const status = reference.deref();
      if (status && this.natives.state?.call(status) !== "granted") this.fire(status, "change");
    }
  }

  /** Why the page gets no microphone; null where it does. @returns {DOMException | null} */
  refusal() {
    if (this.access === "allow") return null;
    const [message, name] = REFUSALS[this.access];
    return new this.natives.DOMException(message, name);
  }

  /** How the microphone is listed. @returns {import("./microphone-device.js").DeviceEntry[]} */
  entries() {
    if (this.access === "none") return [];
    if (this.access === "allow") return this.device.entries();
    return [{ kind: "audioinput", deviceId: "", groupId: "", label: "" }]; // nameless without a permission
  }

  /**
   * What a user does about the microphone from now on.
   *
   * @param {Access} access
   * @param {boolean} isNews Whether it happens now; else it did before this document was there.
   */
  set(access, isNews = true) {
    const before = { access: this.access, state: this.state };
    if (access === before.access) return;
    this.access = access;
    if (isNews) this.sink.emit("microphone.access", { access });
    if (access === "none" || access === "deny") this.endTracks();
    if ("none" === access || "none" === before.access) this.fire(this.natives.mediaDevices, "devicechange");
    if (this.state === before.state) return;
    for (const reference of this.statuses) this.fire(reference.deref(), "change");
  }

  /** What was open ends, and the page is told, as of any device that is gone. */
  endTracks() {
    for (const microphone of [...this.microphones.open.values()]) {
      microphone.isGone = true;
      for (const track of [...microphone.tracks]) {
        if (track.readyState === "ended") continue;
        unseen(() => track.stop());
        this.fire(track, "ended");
      }
    }
  }

  /** @param {any} receiver @param {string} name */
  fire(receiver, name) {
    if (receiver) quietly(() => this.natives.dispatchEvent.call(receiver, new this.natives.Event(name)));
  }

  /** @param {object} status */
  keep(status) {
    this.known.add(status);
    this.statuses.add(new WeakRef(status));
  }
}

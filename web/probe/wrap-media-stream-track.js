import { shownLabel } from "./devices.js";
import { Unsatisfied } from "./microphone-device.js";
import { replaceAttribute, replaceMethod } from "./natives.js";
import { watchCopies } from "./track-copies.js";

/**
 * Make the tracks of virtual microphones answer as those of a device would.
 *
 * @typedef {import("./microphone-device.js").MicrophoneDevice} MicrophoneDevice
 * @typedef {import("./virtual-microphone.js").Microphone} Microphone
 * @typedef {import("./virtual-microphone.js").VirtualMicrophones} VirtualMicrophones
 * @typedef {{ microphone: Microphone, settings: Record<string, any>, constraints: any }} Patch
 */

export class TrackPatches {
  /** @param {MicrophoneDevice} device @param {VirtualMicrophones} microphones @param {any} target */
  constructor(device, microphones, target) {
    this.device = device;
    this.microphones = microphones;
    this.target = target;
    /** @type {WeakMap<MediaStreamTrack, Patch>} */
    this.patches = new WeakMap();
  }

  /** @param {MediaStreamTrack} track @param {Patch} patch */
  add(track, patch) {
    this.patches.set(track, patch);
    patch.microphone.tracks.add(track);
  }

  /**
   * The copy of a track is the same device's, with settings of its own.
   *
   * @param {MediaStreamTrack} original @param {MediaStreamTrack} copy
   */
  addCopy(original, copy) {
    const patch = this.patches.get(original);
    if (patch) this.add(copy, { ...patch, settings: { ...patch.settings } });
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const prototype = this.target.MediaStreamTrack?.prototype;
    const undo = [
      this.answer(prototype, "getSettings", ({ settings }) => ({ ...settings })),
      this.answer(prototype, "getConstraints", ({ constraints }) => structuredClone(constraints)),
      this.answer(prototype, "getCapabilities", () => this.device.capabilities()),
      this.answer(prototype, "applyConstraints", (patch, args) => this.apply(patch, args[0])),
      this.wrapLabel(prototype),
      this.wrapEnabled(prototype),
      this.wrapStop(prototype),
      watchCopies(this.target, (original, copy) => this.addCopy(original, copy)),
    ];
    return () => undo.forEach((back) => back());
  }

  /**
   * @param {any} prototype @param {string} name
   * @param {(patch: Patch, args: any[]) => any} answer
   */
  answer(prototype, name, answer) {
    return replaceMethod(prototype, name, (native, self, args) => {
      const patch = this.patches.get(self);
      return patch ? answer(patch, args) : Reflect.apply(native, self, args);
    });
  }

  /** @param {Patch} patch @param {any} constraints */
  async apply(patch, constraints) {
    try {
      const asked = structuredClone(constraints ?? {});
      this.device.checkRunning(asked, patch.settings);
      patch.constraints = asked;
    } catch (error) {
      throw toPageError(error, this.target, "Cannot satisfy constraints");
    }
  }

  /** @param {any} prototype */
  wrapLabel(prototype) {
    return replaceAttribute(prototype, "label", {
      get: (native, self) =>
        this.patches.has(self) ? this.labelOf(self) : shownLabel(Reflect.apply(native, self, [])),
    });
  }

  /** @param {MediaStreamTrack} track */
  labelOf(track) {
    const isDefault = this.patches.get(track)?.settings.deviceId === "default";
    return isDefault ? `Default - ${this.device.label}` : this.device.label;
  }

  /** @param {any} prototype */
  wrapEnabled(prototype) {
    return replaceAttribute(prototype, "enabled", {
      set: (native, self, args) => {
        Reflect.apply(native, self, args);
        this.refresh(self);
      },
    });
  }

  /** @param {any} prototype */
  wrapStop(prototype) {
    return replaceMethod(prototype, "stop", (native, self, args) => {
      const result = Reflect.apply(native, self, args);
      this.refresh(self);
      return result;
    });
  }

  /** @param {MediaStreamTrack} track */
  refresh(track) {
    const patch = this.patches.get(track);
    if (patch) this.microphones.refresh(patch.microphone);
  }
}

/**
 * What a page would see: OverconstrainedError for a constraint that cannot be met.
 *
 * @param {any} error @param {any} target The window. @param {string} message In Chromium's words.
 */
export function toPageError(error, target, message = "") {
  if (!(error instanceof Unsatisfied)) return error;
  return new target.OverconstrainedError(error.constraint, message);
}

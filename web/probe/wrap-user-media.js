import { noCamera, shownInfo } from "./devices.js";
import { replaceMethod } from "./natives.js";
import { serialize } from "./serialize.js";
import { standardOf } from "./microphone-device.js";
import { toPageError } from "./wrap-media-stream-track.js";

const { isArray } = Array;
const { keys } = Object;

/**
 * Report every getUserMedia call, and answer those for audio with a virtual microphone.
 *
 * Video goes to the browser's own camera, if there is to be one; in device mode audio does, too.
 *
 * Source: W3C mediacapture-streams, MediaDevices.
 *
 * @typedef {import("./sink.js").Sink} Sink
 * @typedef {import("./microphone-device.js").MicrophoneDevice} MicrophoneDevice
 * @typedef {import("./virtual-microphone.js").VirtualMicrophones} VirtualMicrophones
 * @typedef {import("./wrap-media-stream-track.js").TrackPatches} TrackPatches
 * @typedef {(constraints: any) => Promise<MediaStream>} GetUserMedia
 */

/**
 * @param {object} parts
 * @param {Sink} parts.sink
 * @param {any} parts.target The window.
 * @param {(native: GetUserMedia) => GetUserMedia} parts.answer Who answers; gets the native one.
 * @param {(stream: MediaStream) => void} [parts.onGranted] Told of each stream before the page gets it.
 * @returns {() => void} Puts the originals back.
 */
export function wrapUserMedia({ sink, target, answer, onGranted = () => {} }) {
  let calls = 0;
  /** @param {GetUserMedia} native @returns {GetUserMedia} */
  const observed = (native) => async (constraints) => {
    const call = `getUserMedia-${calls++}`;
    sink.emit("user_media.requested", { call, constraints: plain(constraints) });
    try {
      const stream = await answer(native)(constraints);
      const tracks = stream.getTracks().map(({ id, kind, label }) => ({ id, kind, label }));
      sink.emit("user_media.granted", { call, tracks });
      onGranted(stream);
      return stream;
    } catch (/** @type {any} */ error) {
      const name = String(error?.name ?? "Error");
      sink.emit("user_media.refused", { call, name, reason: String(error?.message ?? error) });
      throw error;
    }
  };
  const undo = [
    // No destructuring: where the page broke that, our first word must still come.
    replaceMethod(target.MediaDevices?.prototype, "getUserMedia", (native, self, args) =>
      observed((asked) => Reflect.apply(native, self, [asked]))(args[0]),
    ),
    ...["getUserMedia", "webkitGetUserMedia"].map((name) => wrapLegacy(target, name, observed)),
  ];
  return () => undo.forEach((back) => back());
}

/**
 * The old form with callbacks, which Chromium still has.
 *
 * @param {any} target @param {string} name @param {(native: GetUserMedia) => GetUserMedia} observed
 */
function wrapLegacy(target, name, observed) {
  return replaceMethod(target.Navigator?.prototype, name, (native, self, args) => {
    const ok = args[1];
    const failed = args[2];
    // What is no call is the browser's to refuse.
    if (typeof ok !== "function" || typeof failed !== "function") return Reflect.apply(native, self, args);
    /** @type {GetUserMedia} */
    const promised = (asked) =>
      new Promise((resolve, reject) => Reflect.apply(native, self, [asked, resolve, reject]));
    observed(promised)(args[0]).then(ok, failed);
    return undefined;
  });
}

/**
 * Answer audio with the virtual microphone and leave the camera to the browser.
 *
 * @param {object} parts
 * @param {MicrophoneDevice} parts.device
 * @param {VirtualMicrophones} parts.microphones
 * @param {TrackPatches} parts.patches
 * @param {import("./microphone-access.js").MicrophoneAccess} parts.access
 * @param {boolean} parts.camera Whether there is one.
 * @param {any} parts.target The window.
 * @returns {(native: GetUserMedia) => GetUserMedia}
 */
export function virtualAnswer({ device, microphones, patches, access, camera, target }) {
  const { MediaStream, DOMException } = target;
  return (native) => async (constraints) => {
    if (asksFor(constraints?.video) && !camera) throw noCamera(target);
    if (!asksFor(constraints?.audio) || isMixed(constraints.audio)) return native(constraints);
    const refusal = access.refusal();
    if (refusal) throw refusal;
    if (!mayUseMicrophone(target)) throw new DOMException("Permission denied", "NotAllowedError");
    const settings = settingsOrPageError(device, constraints.audio, target);
    const video = asksFor(constraints.video) ? await native({ ...constraints, audio: false }) : null;
    access.grant();
    const microphone = await microphones.create(device.label);
    const [track] = microphone.stream.getAudioTracks();
    const asked = constraints.audio && typeof constraints.audio === "object" ? plain(standardOf(constraints.audio)) : {};
    patches.add(track, { microphone, settings, constraints: asked });
    return new MediaStream([track, ...(video?.getVideoTracks() ?? [])]);
  };
}

/** @param {any} wish Of one kind: null is an empty dictionary to a browser, and asks for it. */
function asksFor(wish) {
  return wish === null || Boolean(wish);
}

/** @param {any} audio Old constraints beside new ones: the browser refuses them itself. */
function isMixed(audio) {
  if (audio?.mandatory === undefined && audio?.optional === undefined) return false;
  return keys(audio).some((name) => name !== "mandatory" && name !== "optional" && name !== "advanced");
}

/**
 * A frame without the permissions policy gets no microphone, as with a device.
 *
 * @param {any} target The window.
 */
function mayUseMicrophone(target) {
  const policy = target.document?.permissionsPolicy ?? target.document?.featurePolicy;
  return policy?.allowsFeature ? policy.allowsFeature("microphone") : true;
}

/** @param {MicrophoneDevice} device @param {any} audio @param {any} target */
function settingsOrPageError(device, audio, target) {
  try {
    return device.settingsFor(audio);
  } catch (error) {
    throw toPageError(error, target);
  }
}

/**
 * List the virtual microphone in place of the machine's own.
 *
 * @param {object} parts
 * @param {MicrophoneDevice} parts.device
 * @param {import("./microphone-access.js").MicrophoneAccess} parts.access
 * @param {boolean} parts.camera Whether there is one.
 * @param {any} parts.target The window.
 * @returns {() => void} Puts the original back.
 */
export function wrapEnumerateDevices({ device, access, camera, target }) {
  const prototype = target.MediaDevices?.prototype;
  return replaceMethod(prototype, "enumerateDevices", async (native, self, args) => {
    /** @type {MediaDeviceInfo[]} */
    const listed = await Reflect.apply(native, self, args);
    const others = listed
      .filter(({ kind }) => kind !== "audioinput" && (camera || kind !== "videoinput"))
      .map(shownInfo);
    if (!mayUseMicrophone(target)) return others;
    return [...access.entries().map((entry) => createInfo(entry, device, target)), ...others];
  });
}

/**
 * @param {import("./microphone-device.js").DeviceEntry} entry
 * @param {MicrophoneDevice} device @param {any} target
 */
function createInfo(entry, device, target) {
  const prototype = (target.InputDeviceInfo ?? target.MediaDeviceInfo).prototype;
  const info = Object.create(prototype);
  const hidden = { ...entry, toJSON: () => ({ ...entry }), getCapabilities: () => device.capabilities() };
  for (const [name, value] of Object.entries(hidden)) {
    Object.defineProperty(info, name, { value, enumerable: false, configurable: true });
  }
  return info;
}

/**
 * What survives JSON, as an object: constraints may be anything a page likes, also what the browser
 * refuses (an array, a text).
 *
 * @param {any} value
 */
function plain(value) {
  if (typeof value !== "object" || value === null || isArray(value)) return {};
  try {
    return JSON.parse(serialize(value));
  } catch {
    return {};
  }
}

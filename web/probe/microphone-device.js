/**
 * The device that the virtual microphone claims to be: how it is listed, what it can do, which
 * constraints it meets. Pure: knows no window.
 *
 * Source: W3C mediacapture-streams, constrainable properties of audio tracks.
 *
 * @typedef {Record<string, any>} Settings
 * @typedef {{ kind: "audioinput", deviceId: string, groupId: string, label: string }} DeviceEntry
 */

const LABEL = "Headset Microphone";

/** What the device offers: booleans as lists, numbers as ranges, as getCapabilities() does. */
const RANGES = {
  sampleRate: { min: 48_000, max: 48_000 },
  sampleSize: { min: 16, max: 16 },
  channelCount: { min: 1, max: 1 },
  latency: { min: 0.01, max: 0.01 },
};
const SWITCHES = ["echoCancellation", "autoGainControl", "noiseSuppression", "voiceIsolation"];
const DEFAULT_SWITCHES = {
  echoCancellation: true,
  autoGainControl: true,
  noiseSuppression: true,
  voiceIsolation: false,
};

/** A constraint that must hold and does not. */
export class Unsatisfied extends Error {
  /** @param {string} constraint Its name. */
  constructor(constraint) {
    super(`cannot satisfy ${constraint}`);
    this.constraint = constraint;
  }
}

export class MicrophoneDevice {
  /** @param {string} seed 64 hexadecimal digits; the same page sees the same device again. */
  constructor(seed) {
    this.deviceId = seed;
    this.groupId = [...seed].reverse().join("");
    this.label = LABEL;
  }

  /** As Chromium lists a single microphone: once as the default, once as itself. */
  entries() {
    /** @param {string} deviceId @param {string} label @returns {DeviceEntry} */
    const entry = (deviceId, label) => ({
      kind: "audioinput",
      deviceId,
      groupId: this.groupId,
      label,
    });
    return [entry("default", `Default - ${LABEL}`), entry(this.deviceId, LABEL)];
  }

  capabilities() {
    return {
      ...Object.fromEntries(SWITCHES.map((name) => [name, [true, false]])),
      ...structuredClone(RANGES),
      deviceId: this.deviceId,
      groupId: this.groupId,
    };
  }

  /**
   * The settings of a track that was asked for with these constraints.
   *
   * @param {any} constraints `true` or a MediaTrackConstraints.
   * @returns {Settings}
   * @throws {Unsatisfied} A required one cannot be met.
   */
  settingsFor(constraints) {
    const asked = constraints && typeof constraints === "object" ? constraints : {};
    this.checkIds(asked);
    for (const [name, range] of Object.entries(RANGES)) checkRange(name, asked[name], range.min);
    const switches = SWITCHES.map((name) => [name, chooseSwitch(name, asked[name])]);
    return {
      ...Object.fromEntries(switches),
      channelCount: 1,
      deviceId: wantsDefault(asked.deviceId) ? "default" : this.deviceId,
      groupId: this.groupId,
      latency: RANGES.latency.min,
      sampleRate: RANGES.sampleRate.min,
      sampleSize: RANGES.sampleSize.min,
    };
  }

  /** @param {any} asked */
  checkIds(asked) {
    const ids = [this.deviceId, "default", ""];
    const required = requiredOf(asked.deviceId);
    if (required && !listOf(required.exact).some((id) => ids.includes(id))) {
      throw new Unsatisfied("deviceId");
    }
    const group = requiredOf(asked.groupId);
    if (group && !listOf(group.exact).includes(this.groupId)) throw new Unsatisfied("groupId");
  }
}

/** @param {any} constraint */
function requiredOf(constraint) {
  return constraint && typeof constraint === "object" && constraint.exact !== undefined
    ? constraint
    : null;
}

/** @param {any} value @returns {any[]} */
function listOf(value) {
  return Array.isArray(value) ? value : [value];
}

/** @param {any} asked A page that names no device, or "default", gets the default entry. */
function wantsDefault(asked) {
  if (asked === undefined || asked === null) return true;
  const value = typeof asked === "object" && !Array.isArray(asked) ? (asked.exact ?? asked.ideal) : asked;
  return value === undefined || listOf(value).includes("default");
}

/** @param {string} name @param {any} asked @param {number} has */
function checkRange(name, asked, has) {
  if (!asked || typeof asked !== "object") return;
  const { exact, min = -Infinity, max = Infinity } = asked;
  if ((exact !== undefined && exact !== has) || has < min || has > max) throw new Unsatisfied(name);
}

/** @param {string} name @param {any} asked @returns {boolean} */
function chooseSwitch(name, asked) {
  const value = asked && typeof asked === "object" ? (asked.exact ?? asked.ideal) : asked;
  if (typeof value === "boolean") return value;
  return typeof value === "string" || DEFAULT_SWITCHES[/** @type {"voiceIsolation"} */ (name)];
}

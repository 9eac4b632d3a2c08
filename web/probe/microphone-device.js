/**
 * The device that the virtual microphone claims to be: how it is listed, what it can do, which
 * constraints it meets. Pure: knows no window.
 *
 * Source: W3C mediacapture-streams, constrainable properties of audio tracks.
 *
 * @typedef {Record<string, any>} Settings
 * @typedef {{ kind: "audioinput", deviceId: string, groupId: string, label: string }} DeviceEntry
 */

const { isArray } = Array;
const { keys } = Object;

const LABEL = "Headset Microphone";

/** What the device offers: booleans as lists, numbers as ranges, as getCapabilities() does. */
const RANGES = {
  sampleRate: { min: 48_000, max: 48_000 },
  sampleSize: { min: 16, max: 16 },
  channelCount: { min: 1, max: 1 },
  latency: { min: 0.01, max: 0.01 },
};
const SWITCHES = ["echoCancellation", "autoGainControl", "noiseSuppression", "voiceIsolation"];

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
    const asked = constraints && typeof constraints === "object" ? standardOf(constraints) : {};
    this.checkIds(asked);
    for (const [name, range] of Object.entries(RANGES)) checkRange(name, asked[name], range.min);
    return {
      ...switchesFor(asked),
      channelCount: 1,
      deviceId: this.isChosen(asked.deviceId) ? this.deviceId : "default",
      groupId: this.groupId,
      latency: RANGES.latency.min,
      sampleRate: RANGES.sampleRate.min,
      sampleSize: RANGES.sampleSize.min,
    };
  }

  /**
   * Whether a track that runs already meets these constraints. As in Chromium, which changes nothing
   * of one: what is only wished for is passed over.
   *
   * @param {any} asked A MediaTrackConstraints, or nothing. @param {Settings} settings The track's.
   * @throws {Unsatisfied} A required one is not met.
   */
  checkRunning(asked, settings) {
    const required = asked ?? {};
    this.checkIds(required);
    for (const [name, range] of Object.entries(RANGES)) checkRange(name, required[name], range.min);
    for (const name of SWITCHES) {
      const exact = required[name]?.exact;
      if (exact !== undefined && exact !== null && Boolean(exact) !== settings[name]) throw new Unsatisfied(name);
    }
  }

  /** @param {any} asked */
  checkIds(asked) {
    checkId("deviceId", asked.deviceId, [this.deviceId, "default"]);
    checkId("groupId", asked.groupId, [this.groupId]);
  }

  /** @param {any} asked Who names nothing, the default, or nothing that is there, gets the default entry. */
  isChosen(asked) {
    const value = asked && typeof asked === "object" && !Array.isArray(asked) ? (asked.exact ?? asked.ideal) : asked;
    const named = listOf(value);
    return named.includes(this.deviceId) && !named.includes("default");
  }
}

/**
 * As Chromium does it: the empty text is an id that nobody has, and an empty list requires nothing.
 *
 * @param {string} name @param {any} asked @param {string[]} has
 */
function checkId(name, asked, has) {
  if (!asked || typeof asked !== "object" || asked.exact === undefined) return;
  const required = listOf(asked.exact);
  if (required.length > 0 && !required.some((id) => has.includes(id))) throw new Unsatisfied(name);
}

/** @param {any} value @returns {any[]} */
function listOf(value) {
  return Array.isArray(value) ? value : [value];
}

/** @param {string} name @param {any} asked @param {number} has */
function checkRange(name, asked, has) {
  if (!asked || typeof asked !== "object") return;
  const { exact, min = -Infinity, max = Infinity } = asked;
  if ((exact !== undefined && exact !== has) || has < min || has > max) throw new Unsatisfied(name);
}

/**
 * As Chromium does it: who asks for no echo cancellation alone gets no other processing either.
 *
 * @param {any} asked All that is asked for.
 */
function switchesFor(asked) {
  const echoCancellation = chooseSwitch("echoCancellation", asked, true);
  return {
    echoCancellation,
    autoGainControl: chooseSwitch("autoGainControl", asked, echoCancellation),
    noiseSuppression: chooseSwitch("noiseSuppression", asked, echoCancellation),
    voiceIsolation: chooseSwitch("voiceIsolation", asked, false),
  };
}

/** @param {string} name @param {any} asked All that is asked for. @param {boolean} byDefault */
function chooseSwitch(name, asked, byDefault) {
  const sets = [asked, ...(isArray(asked.advanced) ? asked.advanced : [])];
  for (const set of sets) {
    const wish = set?.[name];
    const value = wish && typeof wish === "object" ? (wish.exact ?? wish.ideal) : wish;
    if (typeof value === "boolean") return value;
    if (typeof value === "string") return true;
  }
  return byDefault;
}

/**
 * The constraints of old pages, `mandatory` and `optional`, as Chromium reads them today: two names
 * count, and all that began with “goog” are gone.
 *
 * @param {any} asked @returns {any}
 */
export function standardOf(asked) {
  if (asked.mandatory === undefined && asked.optional === undefined) return asked;
  /** @type {any[]} */
  const optional = isArray(asked.optional) ? asked.optional : [];
  const advanced = optional.map((set) => renamed(set, (value) => value)).filter((set) => keys(set).length > 0);
  const required = renamed(asked.mandatory, (exact) => ({ exact }));
  return advanced.length > 0 ? { ...required, advanced } : required;
}

/** @param {any} set @param {(value: any) => any} as @returns {any} */
function renamed(set, as) {
  const { echoCancellation, sourceId } = set ?? {};
  return {
    ...(sourceId !== undefined && { deviceId: as(`${sourceId}`) }),
    ...(echoCancellation !== undefined && { echoCancellation: as(`${echoCancellation}` === "true") }),
  };
}

/**
 * The devices beside the microphone: Chromium's test camera, with a moving picture, and its test
 * outputs. They behave as devices do; only their names would tell a page what they are.
 */

const NAMES = [
  [/^fake_device_\d+$/, "Integrated Camera"],
  [/^Fake Default Audio Output$/, "Default - Headset Earphone"],
  [/^Fake Audio Output 1$/, "Headset Earphone"],
  [/^Fake Audio Output (\d+)$/, "Speakers"],
];

/** The name a page gets to see. @param {string} label @returns {string} */
export function shownLabel(label) {
  const known = NAMES.find(([pattern]) => /** @type {RegExp} */ (pattern).test(label));
  return known ? /** @type {string} */ (known[1]) : label;
}

/**
 * A listed device under the name a page gets to see.
 *
 * @param {MediaDeviceInfo} info
 * @returns {MediaDeviceInfo}
 */
export function shownInfo(info) {
  const label = shownLabel(info.label);
  if (label === info.label) return info;
  const entry = { ...info.toJSON(), label };
  for (const [name, value] of Object.entries({ label, toJSON: () => ({ ...entry }) })) {
    Object.defineProperty(info, name, { value, enumerable: false, configurable: true });
  }
  return info;
}

/**
 * What a machine without a camera answers to who asks for one.
 *
 * @param {any} target The window.
 */
export function noCamera(target) {
  return new target.DOMException("Requested device not found", "NotFoundError");
}

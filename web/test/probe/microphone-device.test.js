import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneDevice, standardOf, Unsatisfied } from "../../probe/microphone-device.js";

const device = new MicrophoneDevice("ab".repeat(32));

test("it is listed as the default and as itself", () => {
  const [first, second] = device.entries();
  assert.equal(first.deviceId, "default");
  assert.equal(second.deviceId, device.deviceId);
  assert.equal(first.groupId, second.groupId);
  assert.deepEqual([first.label, second.label], [`Default - ${device.label}`, device.label]);
});

test("plain and ideal wishes are met or passed over, never refused", () => {
  const settings = device.settingsFor({ echoCancellation: false, sampleRate: 8000, channelCount: { ideal: 2 }, deviceId: "nobody" });
  assert.equal(settings.echoCancellation, false);
  assert.equal(settings.sampleRate, 48000);
  assert.equal(settings.channelCount, 1);
});

for (const [name, asked] of /** @type {[string, any][]} */ ([
  ["deviceId", { deviceId: { exact: "nobody" } }],
  ["deviceId", { deviceId: { exact: ["nobody", "noone"] } }],
  ["deviceId", { deviceId: { exact: "" } }],
  ["deviceId", { deviceId: { exact: [""] } }],
  ["groupId", { groupId: { exact: "none" } }],
  ["groupId", { groupId: { exact: "" } }],
  ["sampleRate", { sampleRate: { exact: 16000 } }],
  ["sampleRate", { sampleRate: { max: 16000 } }],
  ["channelCount", { channelCount: { min: 2 } }],
])) {
  test(`${JSON.stringify(asked)} cannot be satisfied`, () => {
    assert.throws(() => device.settingsFor(asked), (error) => error instanceof Unsatisfied && error.constraint === name);
  });
}

test("an exact id of the device, alone or in a list, is met", () => {
  assert.equal(device.settingsFor({ deviceId: { exact: device.deviceId } }).deviceId, device.deviceId);
  assert.equal(device.settingsFor({ deviceId: { exact: ["x", "default"] } }).deviceId, "default");
  assert.equal(device.settingsFor(true).deviceId, "default");
});

for (const [asked, echo, isSecond] of /** @type {[any, boolean, boolean][]} */ ([
  [{ mandatory: { echoCancellation: false } }, false, false],
  [{ mandatory: { echoCancellation: "false", googNoiseSuppression: false } }, false, false],
  [{ optional: [{ googHighpassFilter: true }, { echoCancellation: false }] }, false, false],
  [{ mandatory: { sourceId: device.deviceId } }, true, true],
  [{ mandatory: {}, optional: [] }, true, false],
  [{ advanced: [{ echoCancellation: false }] }, false, false],
  [{ echoCancellation: true, advanced: [{ echoCancellation: false }] }, true, false],
])) {
  test(`${JSON.stringify(asked).slice(0, 60)} is met as Chromium does`, () => {
    const settings = device.settingsFor(asked);
    assert.equal(settings.echoCancellation, echo);
    assert.equal(settings.deviceId === device.deviceId, isSecond);
  });
}

test("old constraints are told in today's words, and a source that is not there is refused", () => {
  const asked = { mandatory: { sourceId: "a", googEchoCancellation: false }, optional: [{ echoCancellation: false }, { x: 1 }] };
  assert.deepEqual(standardOf(asked), { deviceId: { exact: "a" }, advanced: [{ echoCancellation: false }] });
  assert.deepEqual(standardOf({ mandatory: {} }), {});
  assert.throws(() => device.settingsFor(asked), (error) => error instanceof Unsatisfied && error.constraint === "deviceId");
});

test("another seed is another device, the same one the same", () => {
  const other = new MicrophoneDevice("cd".repeat(32));
  assert.notEqual(other.deviceId, device.deviceId);
  assert.notEqual(other.groupId, device.groupId);
  assert.deepEqual(new MicrophoneDevice("ab".repeat(32)).entries(), device.entries());
  assert.notEqual(device.groupId, device.deviceId, "as browsers make them");
});

test("what a track may be set to is within what the device says it can", () => {
  const capabilities = /** @type {any} */ (device.capabilities());
  const settings = device.settingsFor({ autoGainControl: false, voiceIsolation: true });
  for (const [name, value] of Object.entries(settings)) {
    const can = capabilities[name];
    if (Array.isArray(can)) assert.ok(can.includes(value), name);
    else if (typeof can === "object") assert.ok(value >= can.min && value <= can.max, name);
    else if (name !== "deviceId") assert.equal(value, can, name);
  }
  assert.deepEqual(Object.keys(settings).sort(), Object.keys(capabilities).sort());
});

test("a page that changes what it is told changes no device", () => {
  const told = /** @type {any} */ (device.capabilities());
  told.sampleRate.min = 1;
  told.echoCancellation.pop();
  assert.equal(/** @type {any} */ (device.capabilities()).sampleRate.min, 48_000);
  assert.deepEqual(/** @type {any} */ (device.capabilities()).echoCancellation, [true, false]);
});

for (const nothing of [undefined, null, true, false, 0, "audio", []]) {
  test(`${JSON.stringify(nothing)} asks for nothing in particular`, () => {
    assert.deepEqual(device.settingsFor(nothing), device.settingsFor({}));
  });
}

for (const [what, asked, expected] of /** @type {[string, any, boolean][]} */ ([
  ["false", false, false],
  ["an exact false", { exact: false }, false],
  ["an ideal false", { ideal: false }, false],
  ["exact before ideal", { exact: true, ideal: false }, true],
  ["a mode by its name", "all", true],
  ["no wish", {}, true],
  ["null", null, true],
])) {
  test(`echo cancellation asked for as ${what} is ${expected}`, () => {
    assert.equal(device.settingsFor({ echoCancellation: asked }).echoCancellation, expected);
  });
}

for (const [what, asked, isDefault] of /** @type {[string, any, boolean][]} */ ([
  ["nothing", undefined, true],
  ["null", null, true],
  ["an empty wish", {}, true],
  ["the default", "default", true],
  ["a list with the default", ["x", "default"], true],
  ["a device that is not there", "nobody", true],
  ["the empty text", "", true],
  ["an empty list", { exact: [] }, true],
  ["the device itself", device.deviceId, false],
  ["the device as ideal", { ideal: device.deviceId }, false],
])) {
  test(`a page that names ${what} gets ${isDefault ? "the default entry" : "the device"}`, () => {
    const { deviceId } = device.settingsFor({ deviceId: asked });
    assert.equal(deviceId, isDefault ? "default" : device.deviceId);
  });
}

test("a range that holds what the device has is met", () => {
  assert.doesNotThrow(() => device.settingsFor({
    sampleRate: { min: 16_000, max: 96_000 }, channelCount: { exact: 1 }, latency: { max: 0.02 }, sampleSize: { min: 16 },
    groupId: { exact: [device.groupId] },
  }));
});

test("who asks for nothing gets speech made clear, and the voice not cut out", () => {
  const { echoCancellation, autoGainControl, noiseSuppression, voiceIsolation } = device.settingsFor(true);
  assert.deepEqual([echoCancellation, autoGainControl, noiseSuppression, voiceIsolation], [true, true, true, false]);
});

for (const [asked, expected] of /** @type {[any, boolean[]][]} */ ([
  [{ echoCancellation: false }, [false, false, false]],
  [{ echoCancellation: { ideal: false } }, [false, false, false]],
  [{ advanced: [{ echoCancellation: false }] }, [false, false, false]],
  [{ echoCancellation: false, noiseSuppression: true }, [false, true, false]],
  [{ echoCancellation: false, autoGainControl: { exact: true } }, [false, false, true]],
  [{ noiseSuppression: false }, [true, false, true]],
  [{ autoGainControl: false }, [true, true, false]],
  [{ echoCancellation: "all" }, [true, true, true]],
])) {
  test(`processing asked for as ${JSON.stringify(asked)} is what Chromium gives`, () => {
    const { echoCancellation, noiseSuppression, autoGainControl } = device.settingsFor(asked);
    assert.deepEqual([echoCancellation, noiseSuppression, autoGainControl], expected);
  });
}

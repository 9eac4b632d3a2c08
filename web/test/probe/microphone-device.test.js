import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneDevice, Unsatisfied } from "../../probe/microphone-device.js";

const device = new MicrophoneDevice("ab".repeat(32));

test("it is listed as the default and as itself", () => {
  const [first, second] = device.entries();
  assert.equal(first.deviceId, "default");
  assert.equal(second.deviceId, device.deviceId);
  assert.equal(first.groupId, second.groupId);
});

test("plain and ideal wishes are met or passed over, never refused", () => {
  const settings = device.settingsFor({ echoCancellation: false, sampleRate: 8000, channelCount: { ideal: 2 }, deviceId: "nobody" });
  assert.equal(settings.echoCancellation, false);
  assert.equal(settings.sampleRate, 48000);
  assert.equal(settings.channelCount, 1);
  assert.equal(settings.noiseSuppression, true);
});

for (const [name, asked] of /** @type {[string, any][]} */ ([
  ["deviceId", { deviceId: { exact: "nobody" } }],
  ["deviceId", { deviceId: { exact: ["nobody", "noone"] } }],
  ["groupId", { groupId: { exact: "none" } }],
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

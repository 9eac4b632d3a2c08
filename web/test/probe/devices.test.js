import assert from "node:assert/strict";
import { test } from "node:test";
import { shownInfo, shownLabel } from "../../probe/devices.js";

test("test devices have names as devices have them", () => {
  assert.equal(shownLabel("fake_device_0"), "Integrated Camera");
  assert.equal(shownLabel("Fake Default Audio Output"), "Default - Headset Earphone");
  assert.equal(shownLabel("Fake Audio Output 1"), "Headset Earphone");
  assert.equal(shownLabel("Fake Audio Output 2"), "Speakers");
});

test("other names, and the empty one before a permission, stay", () => {
  for (const label of ["", "My fake_device_0", "Logi 4K"]) assert.equal(shownLabel(label), label);
});

test("a listed device keeps everything but its name", () => {
  const plain = { deviceId: "d", groupId: "g", kind: "videoinput", label: "fake_device_0" };
  const info = /** @type {any} */ ({ ...plain, toJSON: () => plain });
  assert.equal(shownInfo(info).label, "Integrated Camera");
  assert.deepEqual(info.toJSON(), { ...plain, label: "Integrated Camera" });
  assert.equal(info.deviceId, "d");
});

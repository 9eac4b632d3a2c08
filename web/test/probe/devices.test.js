import assert from "node:assert/strict";
import { test } from "node:test";
import { noCamera, shownInfo, shownLabel } from "../../probe/devices.js";

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

test("a device that is named already is the browser's own object, untouched", () => {
  const info = /** @type {any} */ (Object.freeze({ label: "Logi 4K", toJSON: () => ({}) }));
  assert.equal(shownInfo(info), info);
});

test("the name that is shown is hidden as the browser hides it, and can be read alone", () => {
  class MediaDeviceInfo {
    get label() { return "fake_device_0"; }
    toJSON() { return { label: this.label }; }
  }
  const info = /** @type {any} */ (new MediaDeviceInfo());
  const shown = shownInfo(info);
  assert.ok(shown instanceof MediaDeviceInfo);
  assert.deepEqual(Object.keys(shown), []);
  assert.equal(JSON.stringify(shown), '{"label":"Integrated Camera"}');
  info.toJSON().label = "changed";
  assert.equal(info.toJSON().label, "Integrated Camera");
});

test("only whole names are those of test devices", () => {
  for (const label of ["fake_device_", "fake_device_0 ", "Fake Audio Output", "fake default audio output"]) {
    assert.equal(shownLabel(label), label);
  }
});

test("no camera is the browser's own error for that", () => {
  const error = noCamera({ DOMException });
  assert.ok(error instanceof DOMException);
  assert.deepEqual([error.name, error.message], ["NotFoundError", "Requested device not found"]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Control, hideControl } from "../../probe/control.js";

function make() {
  class Navigator { javaEnabled() { return false; } }
  class EventTarget { dispatchEvent() { return true; } }
  const target = { Navigator, EventTarget };
  /** @type {any[]} */
  const calls = [];
  const record = (/** @type {string} */ name) => (/** @type {any[]} */ ...args) => { calls.push([name, ...args]); return name; };
  const control = new Control(/** @type {any} */ ({
    sink: { pageMs: () => 42 },
    microphones: { play: record("play"), stop: record("stop"), setMuted: record("setMuted") },
    channels: { send: record("send") },
  }));
  hideControl(target, "key", control);
  return { target, control, calls };
}

test("only who knows the key gets the control object", () => {
  const { target, control } = make();
  const native = /** @type {any} */ (target.Navigator.prototype.javaEnabled);
  assert.equal(native.key, control);
  assert.equal(native.other, undefined);
  assert.deepEqual(Object.getOwnPropertyNames(native).sort(), ["length", "name"]);
  assert.equal(new target.Navigator().javaEnabled(), false);
});

test("commands go where they belong", () => {
  const { control, calls } = make();
  control.play("clip", "AAA=", 5, 1);
  control.stop(null);
  control.setMuted(true);
  control.sendText("words", "hello");
  assert.equal(control.now(), 42);
  assert.deepEqual(calls.map(([name]) => name), ["play", "stop", "setMuted", "send"]);
  assert.deepEqual([...calls[0][2]], [0]);
});

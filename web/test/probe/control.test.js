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
    microphones: { play: record("play"), stop: record("stop"), setMuted: record("setMuted"), cutIn: record("cutIn"), settleCutIn: record("settleCutIn"), setNoise: record("setNoise") },
    access: { set: record("setAccess") },
    channels: { send: record("send") },
    sockets: { send: record("sendOnSocket") },
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
  control.setAccess("none");
  control.sendText("words", "hello");
  control.cutIn("clip", "AAA=", 1, 480, 96, 0);
  control.settleCutIn("clip", null);
  control.setNoise("AAA=", 0.5, 480);
  control.setNoise(null, 0, 0);
  assert.equal(control.now(), 42);
  assert.deepEqual(calls.map(([name]) => name), ["play", "stop", "setMuted", "setAccess", "send", "cutIn", "settleCutIn", "setNoise", "setNoise"]);
  assert.deepEqual([...calls[0][2]], [0]);
  assert.deepEqual([[...calls[5][2]], [...calls[7][1]], calls[8][1]], [[0], [0], null]);
});

test("what holds the control object stays what it was to a page", () => {
  const { target } = make();
  for (const [owner, name] of /** @type {const} */ ([["Navigator", "javaEnabled"], ["EventTarget", "dispatchEvent"]])) {
    const { prototype } = /** @type {any} */ (target)[owner];
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    assert.deepEqual([descriptor?.writable, descriptor?.enumerable, descriptor?.configurable], [true, false, true]);
    assert.equal(prototype[name].name, name);
    assert.equal("key" in prototype[name], false, "no look-up finds it");
    assert.deepEqual(Object.keys(prototype[name]), []);
    assert.deepEqual(Reflect.ownKeys(prototype[name]).filter((key) => key === "key"), []);
  }
});

test("where one of the holders is missing the other one has it", () => {
  class EventTarget { dispatchEvent() {} }
  const control = /** @type {any} */ ({});
  hideControl({ EventTarget }, "key", control);
  assert.equal(/** @type {any} */ (EventTarget.prototype.dispatchEvent).key, control);
  assert.doesNotThrow(() => hideControl({ Navigator: class {} }, "key", control));
});

test("a command says what came of it", async () => {
  const control = new Control(/** @type {any} */ ({
    sink: { pageMs: () => 0 },
    microphones: { play: async () => 4_800 },
    channels: { send: (/** @type {string} */ label) => label === "words" },
    sockets: { send: (/** @type {string} */ label) => label === "ws://voice/" },
  }));
  assert.equal(await control.play("clip", "", null, 1), 4_800);
  const sent = ["words", "ws://voice/", "others"].map((label) => control.sendText(label, "a"));
  assert.deepEqual(sent, [true, true, false], "through a data channel or a WebSocket of that name");
  assert.throws(() => control.play("clip", "AAAA", null, 1), RangeError, "three bytes are no samples");
});

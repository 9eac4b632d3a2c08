import assert from "node:assert/strict";
import { test } from "node:test";
import { patch, patchToString, replaceAttribute, replaceMethod } from "../../probe/natives.js";

test("a patched function prints, and is named, like the native", () => {
  const undo = patchToString({ Function });
  try {
    const native = Math.max;
    const proxy = patch(native, { apply: () => 7 });
    assert.equal(proxy(1), 7);
    assert.equal(String(proxy), String(native));
    assert.equal(String(Function.prototype.toString), "function toString() { [native code] }");
    assert.equal(proxy.name, "max");
    assert.equal(String(() => 1), "() => 1");
  } finally {
    undo();
  }
});

test("a method is replaced with its descriptor kept, and put back", () => {
  const owner = { greet(/** @type {string} */ name) { return `hello ${name}`; } };
  const original = owner.greet;
  const undo = replaceMethod(owner, "greet", (native, self, args) => `${Reflect.apply(native, self, args)}!`);
  assert.equal(owner.greet("you"), "hello you!");
  undo();
  assert.equal(owner.greet, original);
});

test("an attribute is replaced, getter and setter", () => {
  class Light { get on() { return this.state; } set on(value) { this.state = value; } state = false; }
  /** @type {boolean[]} */
  const seen = [];
  const undo = replaceAttribute(Light.prototype, "on", {
    set: (native, self, args) => { seen.push(args[0]); Reflect.apply(native, self, args); },
  });
  const light = new Light();
  light.on = true;
  assert.deepEqual([light.on, seen], [true, [true]]);
  undo();
});

test("what is not there is left alone", () => {
  replaceMethod(undefined, "x", () => 0)();
  replaceMethod({}, "x", () => 0)();
  replaceAttribute(undefined, "x", {})();
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  getterOf, isReal, patch, patchToString, quietly, replaceAttribute, replaceConstructor, replaceMethod,
} from "../../probe/natives.js";

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
  replaceConstructor({}, ["Thing"], () => {})();
  replaceConstructor({ Thing: "no class" }, ["Thing"], () => {})();
});

test("a constructor without a prototype of its own, as Audio, leaves the other's constructor alone", () => {
  class Element {}
  const Named = function () { return new Element(); };
  Named.prototype = Element.prototype;
  const target = /** @type {any} */ ({ Named });
  const undo = replaceConstructor(target, ["Named"], () => {});
  assert.equal(new target.Named().constructor, Element);
  undo();
  assert.equal(Element.prototype.constructor, Element);
});

/** A class like the browser's, in a window of its own. */
function windowWithClass() {
  class Thing {
    /** @param {number} size */
    constructor(size) {
      if (size < 0) throw new RangeError("too small");
      this.size = size;
    }
    static count = 7;
  }
  const target = /** @type {any} */ ({});
  for (const name of ["Thing", "oldThing"]) {
    Object.defineProperty(target, name, { value: Thing, writable: true, configurable: true, enumerable: false });
  }
  return { target, Thing };
}

test("a constructor is replaced under each of its names, and its instances are the browser's", () => {
  const { target, Thing } = windowWithClass();
  /** @type {any[]} */
  const made = [];
  const undo = replaceConstructor(target, ["Thing", "oldThing", "newThing"], (thing, args) => made.push([thing, args]));
  const thing = new target.Thing(3);
  assert.ok(thing instanceof Thing && thing instanceof target.Thing);
  assert.equal(Object.getPrototypeOf(thing), Thing.prototype);
  assert.equal(thing.constructor, target.Thing);
  assert.equal(target.oldThing, target.Thing);
  assert.equal("newThing" in target, false);
  assert.deepEqual([target.Thing.name, target.Thing.length, target.Thing.count], ["Thing", 1, 7]);
  assert.deepEqual(Object.keys(target), [], "as hidden as before");
  assert.deepEqual(made, [[thing, [3]]]);
  undo();
  assert.deepEqual([target.Thing, target.oldThing, Thing.prototype.constructor], [Thing, Thing, Thing]);
});

test("a page may derive a class from a replaced one", () => {
  const { target } = windowWithClass();
  /** @type {any[]} */
  const made = [];
  replaceConstructor(target, ["Thing"], (thing) => made.push(thing));
  class Own extends target.Thing {}
  const own = new Own(1);
  assert.ok(own instanceof Own);
  assert.deepEqual(made, [own]);
});

test("errors of the constructor are the page's, ours are not", () => {
  const { target } = windowWithClass();
  replaceConstructor(target, ["Thing"], () => {
    throw new Error("ours");
  });
  assert.throws(() => new target.Thing(-1), new RangeError("too small"));
  assert.throws(() => target.Thing(1), TypeError, "called without new, as the browser's");
  assert.equal(new target.Thing(2).size, 2);
});

test("a method keeps its errors, its descriptor and what it is called on", () => {
  const owner = {};
  const error = new TypeError("Illegal invocation");
  /** @this {any} @param {...any} args */
  const native = function (...args) {
    if (this !== owner) throw error;
    return args.length;
  };
  Object.defineProperty(owner, "count", { value: native, writable: false, configurable: true, enumerable: false });
  const undo = replaceMethod(owner, "count", (original, self, args) => Reflect.apply(original, self, args));
  const descriptor = Object.getOwnPropertyDescriptor(owner, "count");
  assert.deepEqual([descriptor?.writable, descriptor?.configurable, descriptor?.enumerable], [false, true, false]);
  const { count } = /** @type {any} */ (owner);
  assert.equal(/** @type {any} */ (owner).count(1, 2, 3), 3);
  assert.throws(() => count.call({}), (thrown) => thrown === error);
  undo();
  assert.equal(Object.getOwnPropertyDescriptor(owner, "count")?.value, native);
});

test("a getter is replaced alone; a reader alone stays one", () => {
  class Light { get on() { return false; } }
  const undo = replaceAttribute(Light.prototype, "on", { get: () => true, set: () => {} });
  const descriptor = Object.getOwnPropertyDescriptor(Light.prototype, "on");
  assert.equal(new Light().on, true);
  assert.equal(descriptor?.set, undefined, "no setter appears that the browser has not");
  assert.equal(descriptor?.get?.name, "get on");
  undo();
  assert.equal(new Light().on, false);
});

test("a function that was patched twice prints like the first native", () => {
  const undo = patchToString({ Function });
  try {
    const twice = patch(patch(Math.min, {}), {});
    assert.equal(String(twice), String(Math.min));
    const { toString } = Function.prototype;
    assert.throws(() => toString.call({}), TypeError, "as the browser's refuses what is no function");
  } finally {
    undo();
  }
  assert.ok(String(patch(Math.min, {})) !== String(Math.min), "afterwards a proxy prints as one");
});

test("an attribute's getter is taken as it is now", () => {
  class Light { get on() { return true; } }
  const get = getterOf(Light.prototype, "on");
  Object.defineProperty(Light.prototype, "on", { get: () => false });
  assert.equal(Reflect.apply(get, new Light(), []), true);
  assert.equal(getterOf(Light.prototype, "off"), undefined);
  assert.equal(getterOf(undefined, "on"), undefined);
});

test("an event is real unless a page made it up", () => {
  assert.equal(isReal(new Event("made up")), false);
  assert.equal(isReal({ isTrusted: true }), true);
  assert.equal(isReal(undefined), true);
});

test("quiet work may fail", () => {
  let done = false;
  quietly(() => {
    done = true;
    throw new Error("a page's joke");
  });
  assert.ok(done);
});

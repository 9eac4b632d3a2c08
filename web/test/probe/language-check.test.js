import assert from "node:assert/strict";
import { test } from "node:test";
import { LanguageCheck, watchLanguage } from "../../probe/language-check.js";

/** @param {any} owner @param {string | symbol} name @param {any} value @param {() => void} work */
function whileReplaced(owner, name, value, work) {
  const descriptor = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(owner, name));
  Object.defineProperty(owner, name, { ...descriptor, value });
  try {
    work();
  } finally {
    Object.defineProperty(owner, name, descriptor);
  }
}

const fail = () => {
  throw new Error("the page's own");
};
const targets = /** @type {[string, any, string | symbol][]} */ ([
  ["Array.prototype.map", Array.prototype, "map"],
  ["Array.prototype[Symbol.iterator]", Array.prototype, Symbol.iterator],
  ["WeakMap.prototype.get", WeakMap.prototype, "get"],
  ["Promise.prototype.then", Promise.prototype, "then"],
  ["Function.prototype.call", Function.prototype, "call"],
  ["EventTarget.prototype.addEventListener", EventTarget.prototype, "addEventListener"],
]);

test("a method that throws, or says nonsense, is named", () => {
  for (const [label, owner, name] of targets) {
    for (const broken of [fail, () => 7]) {
      const check = new LanguageCheck(globalThis);
      let found = "";
      whileReplaced(owner, name, broken, () => {
        found = check.fault();
      });
      assert.equal(found, label);
    }
  }
});

test("a method of the page's own that does the same is none, and is tried once", () => {
  const check = new LanguageCheck(globalThis);
  const native = Array.prototype.map;
  let calls = 0;
  const found = /** @type {string[]} */ ([]);
  /** @this {any[]} @param {...any} args */
  const own = function (...args) {
    calls += 1;
    return Reflect.apply(native, this, args);
  };
  assert.equal(check.fault(), "");
  whileReplaced(Array.prototype, "map", own, () => {
    found[0] = check.fault();
    found[1] = check.fault();
  });
  assert.deepEqual(found, ["", ""]);
  assert.equal(calls, 1);
});

test("only a page that takes part in a call is told of, and once", () => {
  const told = /** @type {string[]} */ ([]);
  const deferred = /** @type {(() => void)[]} */ ([]);
  const sink = { emit: (/** @type {string} */ type) => void told.push(type), flush: () => {}, pageMs: () => 0, frameId: "" };
  const check = { faults: ["", "Array.prototype.map"], fault: () => check.faults.shift() ?? "" };
  const watched = watchLanguage(sink, /** @type {any} */ (check), (task) => void deferred.push(task));
  watched.emit("page.error", { message: "" });
  assert.equal(check.faults.length, 2);
  watched.emit("user_media.requested", { call: "", constraints: {} });
  watched.emit("user_media.requested", { call: "", constraints: {} });
  assert.equal(deferred.length, 1);
  deferred[0]();
  assert.equal(deferred.length, 1);
  assert.deepEqual(told, ["page.error", "user_media.requested", "user_media.requested", "page.broke_probe"]);
});

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

/** A window whose own EventTarget a page may break, without breaking that of the test. */
function windowOf() {
  class OwnTarget extends EventTarget {
    /** @param {any} args */
    addEventListener(...args) { return Reflect.apply(EventTarget.prototype.addEventListener, this, args); }
  }
  return { EventTarget: OwnTarget, Event };
}

test("every method that the probe needs is tried, and none breaks by being tried", () => {
  const check = new LanguageCheck(windowOf());
  check.known = check.known.map(() => "another one");
  // Older languages have no base64 of bytes: nothing is known of it, nothing is found.
  check.checks.forEach(([owner, name], i) => {
    if (owner?.[name] === undefined) check.known[i] = undefined;
  });
  assert.equal(check.fault(), "");
  assert.equal(check.fault(), "", "what was tried is known");
});

for (const [what, broken] of /** @type {[string, any][]} */ ([
  ["calls nobody", function () {}],
  ["throws", () => {
    throw new Error("the page's own");
  }],
  ["calls twice", /** @this {any} @param {string} name @param {any} listener */ function (name, listener) {
    Reflect.apply(EventTarget.prototype.addEventListener, this, [name, listener]);
    Reflect.apply(EventTarget.prototype.addEventListener, this, [name, () => listener()]);
  }],
])) {
  test(`an addEventListener that ${what} is named`, () => {
    const target = windowOf();
    const check = new LanguageCheck(target);
    target.EventTarget.prototype.addEventListener = broken;
    assert.equal(check.fault(), "EventTarget.prototype.addEventListener");
  });
}

test("a library's own promise is one when it has a then", () => {
  const check = new LanguageCheck(windowOf());
  const then = Promise.prototype.then;
  /** @type {string[]} */
  const found = [];
  whileReplaced(Promise.prototype, "then", () => ({ then() {} }), () => found.push(check.fault()));
  assert.deepEqual(found, [""]);
  assert.equal(Promise.prototype.then, then);
});

test("a method that the page takes away is missed, and one of the window's that never was is not", () => {
  const check = new LanguageCheck({});
  assert.equal(check.fault(), "");
  /** @type {string[]} */
  const found = [];
  whileReplaced(Map.prototype, "delete", undefined, () => found.push(check.fault()));
  assert.deepEqual(found, ["Map.prototype.delete"]);
});

test("a page that takes part is looked at at once, and goes on being looked at", () => {
  const deferred = /** @type {[() => void, number][]} */ ([]);
  const sink = { ...emptySink(), told: /** @type {any[]} */ ([]) };
  sink.emit = (type, data) => void sink.told.push([type, data]);
  const faults = ["Array.prototype.map"];
  const watched = watchLanguage(sink, /** @type {any} */ ({ fault: () => faults.shift() ?? "" }), (task, ms) => deferred.push([task, ms]));
  watched.emit("peer_connection.created", { connection: "c", configuration: {} });
  assert.deepEqual(sink.told.at(-1), ["page.broke_probe", { what: "Array.prototype.map" }]);
  assert.deepEqual(deferred, [], "once it is broken there is nothing more to look for");
  const other = watchLanguage(sink, /** @type {any} */ ({ fault: () => "" }), (task, ms) => deferred.push([task, ms]));
  other.emit("user_media.requested", { call: "", constraints: {} });
  deferred[0][0]();
  assert.equal(deferred.length, 2);
  assert.equal(deferred[0][1], deferred[1][1]);
});

test("a watched sink is the sink it watches", () => {
  const sink = emptySink();
  const watched = watchLanguage(sink, /** @type {any} */ ({ fault: () => "" }), () => {});
  assert.deepEqual([watched.flush, watched.pageMs, watched.frameId], [sink.flush, sink.pageMs, "realm"]);
});

/** @returns {import("../../probe/sink.js").Sink} */
function emptySink() {
  return { emit: () => {}, flush: () => {}, pageMs: () => 0, frameId: "realm" };
}

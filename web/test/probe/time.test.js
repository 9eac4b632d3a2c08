import assert from "node:assert/strict";
import { test } from "node:test";
import { nativeTime } from "../../probe/time.js";

/** Prints the functions of a browser as browsers do. */
class Browser {
  /** @param {any} parts */
  constructor(parts) {
    const natives = new Map();
    this.nowMs = 5;
    this.wall = 1_000_005;
    const browser = this;
    const native = (/** @type {string} */ name, /** @type {any} */ value) => {
      natives.set(value, `function ${name}() { [native code] }`);
      return value;
    };
    const target = {
      Function: { prototype: { toString: function () { return natives.get(this) ?? "() => fake"; } } },
      Date: { now: native("now", () => Math.floor(browser.wall)) },
      performance: { now: native("now", () => browser.nowMs), timeOrigin: 1_000_000 },
      setTimeout: native("setTimeout", (/** @type {any} */ task, /** @type {number} */ ms) => browser.timers.push(["timer", task, ms])),
      File: native("File", class { get lastModified() { browser.pass(0.25); return Math.floor(browser.wall); } }),
      PerformanceMark: native("PerformanceMark", class { get startTime() { return browser.nowMs; } }),
      scheduler: { postTask: native("postTask", async (/** @type {any} */ task, /** @type {any} */ { delay }) => browser.timers.push(["task", task, delay])) },
    };
    /** @type {any[]} */
    this.timers = [];
    this.target = { ...target, ...parts };
  }

  /** @param {number} ms */
  pass(ms) {
    this.nowMs += ms;
    this.wall += ms;
  }
}

test("where nothing is replaced, the browser's own clock is read", () => {
  const browser = new Browser({});
  const time = nativeTime(browser.target);
  assert.equal(time.pageMs(), 1_000_005);
  assert.equal(time.wallMs(), 1_000_005);
  time.defer(() => {}, 4);
  assert.deepEqual(browser.timers.map(([kind, , ms]) => [kind, ms]), [["timer", 4]]);
});

test("what the page replaces later changes nothing", () => {
  const browser = new Browser({});
  const time = nativeTime(browser.target);
  browser.target.performance.now = () => -1;
  browser.target.Date.now = () => -1;
  browser.target.setTimeout = () => {};
  assert.equal(time.pageMs(), 1_000_005);
  assert.equal(time.wallMs(), 1_000_005);
  time.defer(() => {}, 4);
  assert.equal(browser.timers.length, 1);
});

test("fakes that were there before us are gone around", async () => {
  const frozen = () => 42;
  const browser = new Browser({
    Date: { now: frozen }, performance: { now: frozen, timeOrigin: 0 }, setTimeout: () => {},
  });
  const time = nativeTime(browser.target);
  const before = browser.wall;
  assert.ok(Math.abs(time.pageMs() - before) <= 0.5, `${time.pageMs()} is not ${before}`);
  browser.pass(250);
  assert.ok(Math.abs(time.pageMs() - before - 250) <= 0.5);
  assert.ok(Math.abs(time.wallMs() - before - 250) <= 1.25);
  time.defer(() => {}, 7);
  assert.deepEqual(browser.timers.map(([kind, , ms]) => [kind, ms]), [["task", 7]]);
});

test("a bound fake prints as a native without its name, and is none", () => {
  const browser = new Browser({});
  browser.target.Date = { now: (() => 42).bind(null) };
  browser.target.Function = Function;
  assert.equal(nativeTime(browser.target).wallMs(), 42); // node's File is no native: nothing better
});

test("a task for soon runs at the end of this one", async () => {
  /** @type {string[]} */
  const order = [];
  nativeTime(new Browser({}).target).soon(() => order.push("soon"));
  order.push("now");
  await undefined;
  await undefined;
  assert.deepEqual(order, ["now", "soon"]);
});

test("a deferred task that the browser gives up is nobody's error", async () => {
  const browser = new Browser({ setTimeout: () => {} });
  const refusing = () => Promise.reject(new DOMException("aborted", "AbortError"));
  const { postTask } = browser.target.scheduler;
  const print = browser.target.Function.prototype.toString;
  browser.target.Function.prototype.toString = function () {
    return this === refusing ? Reflect.apply(print, postTask, []) : Reflect.apply(print, this, []);
  };
  browser.target.scheduler = { postTask: refusing };
  nativeTime(browser.target).defer(() => {}, 4);
  await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection fails a test
});

test("without anything better a fake is read, not refused", () => {
  for (const missing of ["File", "PerformanceMark", "scheduler", "Function"]) {
    const browser = new Browser({ Date: { now: () => 42 }, performance: { now: () => 1, timeOrigin: 7 }, [missing]: undefined });
    const time = nativeTime(browser.target);
    if (missing === "File" || missing === "Function") assert.equal(time.wallMs(), 42);
    if (missing === "PerformanceMark" || missing === "Function") assert.equal(time.pageMs(), 8);
    assert.doesNotThrow(() => time.defer(() => {}, 1));
  }
});

test("a fake that prints itself as a native is found by its name only", () => {
  const browser = new Browser({ Date: { now: () => 42 } });
  const { toString } = browser.target.Function.prototype;
  const { now } = browser.target.Date;
  browser.target.Function.prototype.toString = function () {
    return this === now ? "function then() { [native code] }" : Reflect.apply(toString, this, []);
  };
  assert.equal(Math.floor(nativeTime(browser.target).wallMs()), 1_000_005);
});

test("a clock that stands still for good does not hold the page up", () => {
  const browser = new Browser({ performance: { now: () => 1, timeOrigin: 0 } });
  browser.target.Date = { now: () => 42 };
  let readings = 0;
  browser.pass = () => void (readings += 1); // the file's date stands, too
  assert.ok(Number.isFinite(nativeTime(browser.target).pageMs()));
  assert.ok(readings > 1 && readings < 100_000, `${readings} readings`);
});

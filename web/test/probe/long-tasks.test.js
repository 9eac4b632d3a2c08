import assert from "node:assert/strict";
import { test } from "node:test";
import { watchLongTasks } from "../../probe/long-tasks.js";
import { listeningSink } from "../support/fakes.js";

test("only long ones are told, with their length", () => {
  const sink = listeningSink();
  /** @type {any} */
  let tell;
  /** @type {any} */
  let asked;
  class PerformanceObserver {
    constructor(/** @type {any} */ callback) { tell = callback; }
    observe(/** @type {any} */ options) { asked = options; }
  }
  watchLongTasks({ PerformanceObserver }, /** @type {any} */ (sink));
  tell({ getEntries: () => [{ duration: 60 }, { duration: 812.5 }] });
  assert.deepEqual(asked, { type: "longtask" });
  assert.deepEqual(sink.of("page.long_task"), [{ duration_ms: 812.5 }]);
});

test("a browser without such an observer is no error", () => {
  watchLongTasks({}, /** @type {any} */ (listeningSink()));
});

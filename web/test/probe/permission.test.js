import assert from "node:assert/strict";
import { test } from "node:test";
import { watchPermission } from "../../probe/permission.js";
import { listeningSink, Target } from "../support/fakes.js";

class Status extends Target {
  state = "prompt";
}

/** @param {() => Promise<any>} query */
async function make(query, isTop = true) {
  const sink = listeningSink();
  /** @type {any} */
  const target = { navigator: { permissions: { query } } };
  target.top = isTop ? target : {};
  await watchPermission(target, /** @type {any} */ (sink));
  return () => sink.of("page.permission");
}

test("the microphone's permission, at the start and when it changes", async () => {
  const status = new Status();
  const told = await make(async () => status);
  status.state = "denied";
  status.fire("change");
  assert.deepEqual(told(), [{ name: "microphone", state: "prompt" }, { name: "microphone", state: "denied" }]);
});

test("a browser that does not know it, and a frame, tell nothing", async () => {
  assert.deepEqual((await make(() => Promise.reject(new TypeError("no such permission"))))(), []);
  assert.deepEqual((await make(async () => new Status(), false))(), []);
  await assert.doesNotReject(watchPermission({}, /** @type {any} */ (listeningSink())));
});

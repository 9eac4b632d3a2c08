import assert from "node:assert/strict";
import { test } from "node:test";
import { LevelHistory, heightOf, rms_dbfs } from "../../client/levels.js";

test("full scale is 0 dBFS, silence and nothing at all are minus infinity", () => {
  assert.equal(rms_dbfs(new Float32Array(8).fill(1)), 0);
  assert.equal(Math.round(rms_dbfs(new Float32Array(8).fill(-0.1))), -20);
  assert.equal(rms_dbfs(new Float32Array(8)), -Infinity);
  assert.equal(rms_dbfs(new Float32Array(0)), -Infinity);
});

test("a sine at full scale is 3 dB below a square", () => {
  const sine = Float32Array.from({ length: 480 }, (_, i) => Math.sin((2 * Math.PI * i) / 48));
  assert.equal(rms_dbfs(sine).toFixed(2), "-3.01");
});

test("speech is drawn between barely and fully, silence not at all", () => {
  assert.equal(heightOf(-Infinity), 0);
  assert.equal(heightOf(-55), 0);
  assert.equal(heightOf(-8), 1);
  assert.equal(heightOf(0), 1);
  assert.ok(heightOf(-45) > 0.1);
  assert.ok(heightOf(-30) < heightOf(-20));
});

test("a history keeps its length, newest last", () => {
  const history = new LevelHistory(2);
  for (const user of [0.1, 0.2, 0.3]) history.push({ user, assistant: 0 });
  assert.deepEqual(history.all.map(({ user }) => user), [0.2, 0.3]);
});

test("it is still when neither side was heard in all that time", () => {
  const history = new LevelHistory(2);
  assert.equal(history.isStill, true);
  history.push({ user: 0, assistant: 0.1 });
  history.push({ user: 0, assistant: 0 });
  assert.equal(history.isStill, false);
  history.push({ user: 0, assistant: 0 });
  assert.equal(history.isStill, true);
});

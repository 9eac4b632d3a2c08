import assert from "node:assert/strict";
import { test } from "node:test";
import { rampAt } from "../../audio/ramp.js";

test("a factor goes in a straight line, and stays where it arrives", () => {
  const ramp = { from: 1, to: 0, startFrame: 10, fadeFrames: 4 };
  assert.deepEqual([10, 11, 13, 14, 99].map((frame) => rampAt(ramp, frame)), [1, 0.75, 0.25, 0, 0]);
});

test("no frames mean at once", () => {
  assert.equal(rampAt({ from: 1, to: 0.5, startFrame: 10, fadeFrames: 0 }, 10), 0.5);
});

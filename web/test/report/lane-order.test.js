import assert from "node:assert/strict";
import { test } from "node:test";
import { movedLane, orderedLanes, readChoice } from "../../report/lane-order.js";

test("lanes stand as they were left, and new ones behind the lane they follow by themselves", () => {
  assert.deepEqual(orderedLanes(["a", "b", "c"], []), ["a", "b", "c"]);
  assert.deepEqual(orderedLanes(["a", "b", "c"], ["c", "gone", "a"]), ["c", "a", "b"]);
  assert.deepEqual(orderedLanes(["new", "a", "b"], ["b", "a"]), ["new", "b", "a"]);
});

test("a lane moves by one place, and not beyond an end", () => {
  assert.deepEqual(movedLane(["a", "b", "c"], "b", -1), ["b", "a", "c"]);
  assert.deepEqual(movedLane(["a", "b", "c"], "b", 1), ["a", "c", "b"]);
  assert.deepEqual(movedLane(["a", "b"], "a", -1), ["a", "b"]);
  assert.deepEqual(movedLane(["a", "b"], "b", 1), ["a", "b"]);
  assert.deepEqual(movedLane(["a", "b"], "x", 1), ["a", "b"]);
});

test("what was kept is read as far as it makes sense", () => {
  assert.deepEqual(readChoice('{"order": ["a", 1], "folded": {"b": true, "c": "x"}}'), {
    order: ["a"], folded: { b: true },
  });
  for (const text of [null, "{}", "no JSON", "null", "7"]) {
    assert.deepEqual(readChoice(text), { order: [], folded: {} }, String(text));
  }
});

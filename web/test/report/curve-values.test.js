import assert from "node:assert/strict";
import { test } from "node:test";
import { frameOf, lonely, valueAt, valueText } from "../../report/curve-values.js";

const line = (t, v) => ({ name: "received", side: "received", t, v });

test("at a moment the nearest value counts", () => {
  const one = line([1, 2, 4], [10, 20, 40]);
  assert.deepEqual([1, 1.4, 1.6, 3.2, 4].map((s) => valueAt(one, s)), [10, 10, 20, 40, 40]);
});

test("in a gap and beyond the ends there is none, but close beside them", () => {
  const one = line([5, 6, 12, 18], [10, 20, null, 30]);
  assert.deepEqual([3, 4.5, 6.8, 8, 14, 17.5, 18.9, 20].map((s) => valueAt(one, s)), [
    null, 10, 20, null, null, 30, 30, null,
  ]);
  assert.equal(valueAt(line([], []), 1), null);
});

test("a lane reaches from 0 to a round number, and one of levels to full scale", () => {
  const frame = (unit, ...v) => frameOf({ key: "k", unit, digits: 0, lines: [line(v.map((_, i) => i), v)] });
  assert.deepEqual(frame("ms", 3, null, 271), [0, 300]);
  assert.deepEqual(frame("ms", 1000), [0, 1000]);
  assert.deepEqual(frame("%", 0, 0), [0, 1], "nothing at all is a line at the foot");
  assert.deepEqual(frame("dBFS", -42, -18), [-50, 0]);
  assert.deepEqual(frame("dBFS", -120, -18), [-90, 0]);
});

test("a value is written with as many digits as its lane has; none is a dash", () => {
  assert.deepEqual([valueText(3.14159, 1), valueText(-20, 0), valueText(null, 1)], ["3.1", "−20", "–"]);
});

test("values between two gaps are lonely, also where another line has moments between", () => {
  assert.deepEqual(lonely([1, null, 2, undefined, null, 3, 4]), [0, 2]);
  assert.deepEqual(lonely([undefined, 1, undefined, 2]), []);
});

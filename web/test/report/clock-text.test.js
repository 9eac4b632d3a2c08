import assert from "node:assert/strict";
import { test } from "node:test";
import { clockText } from "../../report/clock-text.js";

test("a place on the timeline is minutes, seconds and as many digits as asked for", () => {
  assert.equal(clockText(63.4), "1:03.40");
  assert.equal(clockText(0), "0:00.00");
  assert.equal(clockText(7.25, 3), "0:07.250");
  assert.equal(clockText(3600, 0), "60:00");
});

test("what rounds up to a minute is one", () => {
  assert.equal(clockText(59.999, 2), "1:00.00");
  assert.equal(clockText(59.4, 0), "0:59");
  assert.equal(clockText(59.5, 0), "1:00");
});

test("before the start there is a minus sign, but not before zero", () => {
  assert.equal(clockText(-0.5, 1), "−0:00.5");
  assert.equal(clockText(-0.001, 2), "0:00.00");
});

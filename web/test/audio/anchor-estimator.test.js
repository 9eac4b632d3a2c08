import assert from "node:assert/strict";
import { test } from "node:test";
import { AnchorEstimator } from "../../audio/anchor-estimator.js";

test("bursts of quanta and a clock of whole milliseconds average out", () => {
  const estimator = new AnchorEstimator(48_000);
  const anchors = [];
  const startMs = 5_000.3;
  for (let frame = 0; frame < 480 * 200; frame += 128) {
    // 10 ms are rendered at once, at the moment their last frame is due
    const burst = Math.floor(frame / 480) + 1;
    const anchor = estimator.add(frame, Math.floor(startMs + burst * 10));
    if (anchor) anchors.push(anchor);
  }
  assert.ok(anchors.length >= 3);
  for (const { frame, wallMs, uncertaintyMs } of anchors) {
    const trueMs = startMs + frame / 48;
    assert.ok(Math.abs(wallMs - trueMs) < 10, `${wallMs - trueMs}`);
    assert.ok(uncertaintyMs >= 2 && uncertaintyMs <= 4, `${uncertaintyMs}`);
  }
  const steps = anchors.slice(1).map((a, i) => a.wallMs - anchors[i].wallMs - (a.frame - anchors[i].frame) / 48);
  assert.ok(Math.max(...steps.map(Math.abs)) < 1, String(steps));
});

test("a thread that is late for a third of a window moves its anchor by no millisecond", () => {
  const estimator = new AnchorEstimator(48_000);
  const anchors = [];
  for (let frame = 0; frame < 48_000 * 2; frame += 128) {
    const lateMs = frame % 24_000 < 8_000 ? 80 : 0;
    const anchor = estimator.add(frame, Math.floor(frame / 48) + lateMs);
    if (anchor) anchors.push(anchor);
  }
  for (const { frame, wallMs } of anchors.slice(1)) assert.ok(Math.abs(wallMs - frame / 48) < 1);
});

test("the first anchor comes after a tenth of a second", () => {
  const estimator = new AnchorEstimator(48_000);
  let frame = 0;
  while (!estimator.add(frame, Math.floor(frame / 48))) frame += 128;
  assert.ok(frame < 5_000);
});

for (const stepMs of [3_600_000, -3_600_000]) test(`anchors are of their own windows, twice a second, where the clock steps by ${stepMs} ms`, () => {
  const estimator = new AnchorEstimator(48_000);
  /** @type {{ frame: number, wallMs: number, uncertaintyMs: number }[]} */
  const anchors = [];
  for (let frame = 0; frame < 48_000 * 3; frame += 128) {
    // the clock is set while it runs
    const setMs = frame >= 96_000 ? stepMs : 0;
    const anchor = estimator.add(frame, Math.floor(frame / 48) + setMs);
    if (anchor) anchors.push(anchor);
  }
  assert.ok(anchors.length >= 5 && anchors.length <= 7, `${anchors.length} in 3 s`);
  const last = anchors[anchors.length - 1];
  assert.ok(Math.abs(last.wallMs - stepMs - last.frame / 48) < 1, "nothing is left of the time before");
  assert.ok(last.uncertaintyMs < 1);
});

test("a steady clock leaves no more doubt than its own steps", () => {
  const estimator = new AnchorEstimator(48_000);
  let anchor = null;
  for (let frame = 0; !anchor; frame += 48) anchor = estimator.add(frame, frame / 48);
  assert.ok(anchor.uncertaintyMs < 1e-6);
  assert.ok(Math.abs(anchor.wallMs - (anchor.frame / 48 + 0.5)) < 1e-6);
});

test("another sample rate is another pace", () => {
  const estimator = new AnchorEstimator(24_000);
  let anchor = null;
  for (let frame = 0; !anchor; frame += 24) anchor = estimator.add(frame, frame / 24);
  assert.ok(Math.abs(anchor.wallMs - anchor.frame / 24) < 1);
});

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
    assert.ok(uncertaintyMs >= 4 && uncertaintyMs <= 7, `${uncertaintyMs}`);
  }
  const steps = anchors.slice(1).map((a, i) => a.wallMs - anchors[i].wallMs - (a.frame - anchors[i].frame) / 48);
  assert.ok(Math.max(...steps.map(Math.abs)) < 1, String(steps));
});

test("the first anchor comes after a tenth of a second", () => {
  const estimator = new AnchorEstimator(48_000);
  let frame = 0;
  while (!estimator.add(frame, Math.floor(frame / 48))) frame += 128;
  assert.ok(frame < 5_000);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeBatch, encodeMeasuredBatch } from "../../audio/encoded-batch.js";
import { fromBase64 } from "../../audio/pcm16.js";

test("samples travel with the number of their first frame", () => {
  const { frame, frames, pcm } = encodeBatch({ frame: 128, pcm: Int16Array.of(1, -2, 3) });
  assert.deepEqual([frame, frames], [128, 3]);
  assert.deepEqual(fromBase64(pcm), Int16Array.of(1, -2, 3));
});

test("digital silence is told by its length alone", () => {
  assert.deepEqual(encodeBatch({ frame: 5, pcm: new Int16Array(4864) }), { frame: 5, frames: 4864, pcm: "" });
  assert.deepEqual(encodeMeasuredBatch({ frame: 5, pcm: new Int16Array(2) }), {
    frame: 5, frames: 2, pcm: "", rms_dbfs: -120,
  });
});

test("the least of sounds is no silence", () => {
  const told = encodeMeasuredBatch({ frame: 0, pcm: Int16Array.of(0, 0, 0, 1) });
  assert.notEqual(told.pcm, "");
  assert.ok(told.rms_dbfs > -120 && told.rms_dbfs < -90);
});

test("the level is that of the whole batch", () => {
  const pcm = new Int16Array(1000);
  pcm.fill(16384, 0, 250); // half of full scale for a quarter of the time: a quarter, 12 dB down
  assert.equal(encodeMeasuredBatch({ frame: 0, pcm }).rms_dbfs, -12.04);
});

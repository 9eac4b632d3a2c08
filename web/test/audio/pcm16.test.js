import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBase64, rmsDbfs, toBase64, toFloat, writePcm16 } from "../../audio/pcm16.js";

test("every 16-bit value comes back as it went", () => {
  const all = Int16Array.from({ length: 65536 }, (_, i) => i - 32768);
  const back = new Int16Array(all.length);
  writePcm16(toFloat(all), back, 0);
  assert.deepEqual(back, all);
  assert.deepEqual(fromBase64(toBase64(all)), all);
});

test("what is beyond full scale is held there", () => {
  const pcm = new Int16Array(3);
  writePcm16(Float32Array.of(2, -2), pcm, 1);
  assert.deepEqual([...pcm], [0, 32767, -32768]);
});

test("the level of a full-scale square wave is 0 dBFS, of silence -120", () => {
  assert.equal(rmsDbfs(Int16Array.of(-32768, -32768)), 0);
  assert.equal(rmsDbfs(Int16Array.of(16384, -16384)), -6.02);
  assert.equal(rmsDbfs(new Int16Array(8)), -120);
});

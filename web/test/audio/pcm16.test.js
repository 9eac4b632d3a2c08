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

test("a sample between two steps goes to the nearer one", () => {
  const pcm = new Int16Array(4);
  writePcm16(Float32Array.of(0.4 / 32768, 0.6 / 32768, -0.4 / 32768, -0.6 / 32768), pcm, 0);
  assert.deepEqual([...pcm], [0, 1, 0, -1]);
});

test("what is no number is silence", () => {
  const pcm = Int16Array.of(5, 5, 5);
  writePcm16(Float32Array.of(NaN, Infinity, -Infinity), pcm, 0);
  assert.deepEqual([...pcm], [0, 32767, -32768]);
});

test("a part of a buffer is written as that part", () => {
  const part = Int16Array.of(1, 2, 3, 4).subarray(1, 3);
  assert.deepEqual([...fromBase64(toBase64(part))], [2, 3]);
});

test("bytes that end within a sample are refused", () => {
  assert.throws(() => fromBase64("AAAA"), RangeError); // three bytes
});

test("no samples are no samples, and silent", () => {
  assert.equal(toBase64(new Int16Array(0)), "");
  assert.equal(fromBase64("").length, 0);
  assert.equal(rmsDbfs(new Int16Array(0)), -120);
});

test("the least sound of a long batch is held at the level of silence", () => {
  const pcm = new Int16Array(100_000);
  pcm[0] = 1;
  assert.equal(rmsDbfs(pcm), -120);
});

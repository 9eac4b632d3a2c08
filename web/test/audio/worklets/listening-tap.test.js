import assert from "node:assert/strict";
import { test } from "node:test";
import { audioThread } from "../../support/audio-thread.js";

const thread = audioThread();
await import("../../../audio/worklets/listening-tap.js");
const ListeningTap = thread.processors.get("harness-listening-tap");

const channel = (/** @type {number} */ level) => new Float32Array(128).fill(level);

/** @param {number[][]} blocks The level of each channel, block by block. */
function hear(blocks, batchFrames = 128) {
  const tap = new ListeningTap({ processorOptions: { batchFrames } });
  blocks.forEach((levels, i) => {
    thread.at(i * 128);
    tap.process([levels.map(channel)]);
  });
  const told = tap.port.posted.map((/** @type {any} */ { frame, pcm }) => [frame, pcm.length, pcm[0], pcm.at(-1)]);
  return { tap, told };
}

test("mono is heard as it is", () => {
  assert.deepEqual(hear([[0.5]]).told, [[0, 128, 16384, 16384]]);
});

test("two channels are heard as their mean, opposite ones as nothing", () => {
  assert.deepEqual(hear([[0.5, 0.25], [0.5, -0.5]]).told, [[0, 128, 12288, 12288], [128, 128, 0, 0]]);
});

test("an input that nothing is connected to is silence, frame by frame", () => {
  assert.deepEqual(hear([[0.5], [], [0.5]]).told, [[0, 128, 16384, 16384], [128, 128, 0, 0], [256, 128, 16384, 16384]]);
});

test("batches are as long as asked for, and the end delivers the rest", () => {
  const { tap, told } = hear([[0.5], [0.5], [0.25]], 256);
  assert.deepEqual(told, [[0, 256, 16384, 16384]]);
  tap.port.onmessage({ data: "end" });
  assert.deepEqual([tap.port.posted[1].frame, tap.port.posted[1].pcm.length], [256, 128]);
  assert.equal(tap.process([[]]), false, "the browser may take it");
});

test("each batch is an array of its own: it leaves the thread", () => {
  const { tap } = hear([[0.5], [0.25]]);
  const [first, second] = tap.port.posted;
  assert.notEqual(first.pcm.buffer, second.pcm.buffer);
});

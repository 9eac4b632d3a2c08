import assert from "node:assert/strict";
import { test } from "node:test";
import { Batcher, isSilence } from "../../audio/batcher.js";

function make(size = 8) {
  /** @type {{ frame: number, pcm: number[] }[]} */
  const batches = [];
  const batcher = new Batcher(({ frame, pcm }) => batches.push({ frame, pcm: [...pcm] }), size);
  return { batcher, batches };
}
const block = (/** @type {number} */ step) => new Float32Array(4).fill(step / 32768);

test("blocks come out as full batches with the first frame's number", () => {
  const { batcher, batches } = make();
  for (let i = 0; i < 5; i++) batcher.add(104 + i * 4, block(i));
  assert.deepEqual(batches, [
    { frame: 104, pcm: [0, 0, 0, 0, 1, 1, 1, 1] },
    { frame: 112, pcm: [2, 2, 2, 2, 3, 3, 3, 3] },
  ]);
  batcher.flush();
  assert.deepEqual(batches[2], { frame: 120, pcm: [4, 4, 4, 4] });
});

test("whenever they begin, batches end at the same frames", () => {
  for (const first of [0, 4, 20, 100]) {
    const { batcher, batches } = make();
    for (let i = 0; i < 6; i++) batcher.add(first + i * 4, block(i));
    const ends = batches.map(({ frame, pcm }) => frame + pcm.length);
    assert.deepEqual(ends.filter((frame) => frame % 8 !== 0), []);
    assert.equal(batches[0].frame, first);
  }
});

test("blocks that fit no multiple come out without a gap, none longer than a batch", () => {
  const { batcher, batches } = make(10);
  for (let i = 0; i < 9; i++) batcher.add(3 + i * 4, block(i));
  batcher.flush();
  let next = 3;
  for (const { frame, pcm } of batches) {
    assert.equal(frame, next);
    assert.ok(pcm.length <= 10);
    next += pcm.length;
  }
  assert.equal(next, 39);
});

test("a jump in the frame numbers starts another batch", () => {
  const { batcher, batches } = make();
  batcher.add(0, block(1));
  batcher.add(12, block(2));
  batcher.flush();
  assert.deepEqual(batches.map(({ frame }) => frame), [0, 12]);
});

test("a block larger than a batch is a batch of its own", () => {
  const { batcher, batches } = make(2);
  batcher.add(0, block(1));
  assert.deepEqual(batches, [{ frame: 0, pcm: [1, 1, 1, 1] }]);
});

test("silence is all zeros", () => {
  assert.ok(isSilence(new Int16Array(3)));
  assert.ok(!isSilence(Int16Array.of(0, 1)));
});

test("an empty batch is not delivered", () => {
  const { batcher, batches } = make();
  batcher.flush();
  batcher.add(0, new Float32Array(0));
  batcher.flush();
  assert.deepEqual(batches, []);
});

test("a block that does not fit beside what is there follows in the next batch", () => {
  const { batcher, batches } = make(6);
  batcher.add(0, block(1));
  batcher.add(4, block(2));
  assert.deepEqual(batches, [
    { frame: 0, pcm: [1, 1, 1, 1] },
    { frame: 4, pcm: [2, 2, 2, 2] },
  ]);
});

test("a delivered batch is not written again", () => {
  /** @type {Int16Array[]} */
  const kept = [];
  const batcher = new Batcher(({ pcm }) => kept.push(pcm), 4);
  batcher.add(0, block(1));
  batcher.add(4, block(2));
  assert.deepEqual([...kept[0]], [1, 1, 1, 1]);
});

test("frames that come twice start another batch, too", () => {
  const { batcher, batches } = make();
  batcher.add(8, block(1));
  batcher.add(8, block(2));
  batcher.flush();
  assert.deepEqual(batches.map(({ frame, pcm }) => [frame, pcm[0]]), [[8, 1], [8, 2]]);
});

test("nothing at all is silence", () => {
  assert.ok(isSilence(new Int16Array(0)));
});

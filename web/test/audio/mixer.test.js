import assert from "node:assert/strict";
import { test } from "node:test";
import { Mixer } from "../../audio/mixer.js";

/** @param {Mixer} mixer @param {number} blocks @param {number} from */
function render(mixer, blocks, from = 0) {
  const all = [];
  for (let i = 0; i < blocks; i++) {
    const out = new Float32Array(4);
    mixer.render(out, from + i * 4);
    all.push(...out);
  }
  return all;
}
const clip = (/** @type {number[]} */ ...samples) => Float32Array.from(samples);

test("silence where nothing plays", () => {
  assert.deepEqual(render(new Mixer(), 1), [0, 0, 0, 0]);
});

test("a clip starts at its very frame and runs over block borders", () => {
  const mixer = new Mixer();
  assert.equal(mixer.add("a", clip(1, 2, 3), 3, 1, 0), 3);
  assert.deepEqual(render(mixer, 2), [0, 0, 0, 1, 2, 3, 0, 0]);
  assert.equal(mixer.sources.size, 0);
});

test("several clips are summed with their gains", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(1, 1, 1, 1), 0, 1, 0);
  mixer.add("b", clip(2, 2), 1, 0.5, 0);
  assert.deepEqual(render(mixer, 1), [1, 2, 2, 1]);
});

test("a start that has passed moves to now, so nothing of the clip is lost", () => {
  const mixer = new Mixer();
  assert.equal(mixer.add("a", clip(1, 2), 3, 1, 8), 8);
  assert.deepEqual(render(mixer, 1, 8), [1, 2, 0, 0]);
});

test("a clip that sounds elsewhere already is joined in the middle", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(1, 2, 3, 4, 5, 6), 6, 1, 8, true);
  assert.deepEqual(render(mixer, 1, 8), [3, 4, 5, 6]);
});

test("a stopped clip is silent from the next block on", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(1, 1, 1, 1, 1, 1, 1, 1), null, 1, 0);
  render(mixer, 1);
  mixer.stop("a");
  assert.deepEqual(render(mixer, 1, 4), [0, 0, 0, 0]);
});

test("all clips stop at once, those to come as well", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(1, 1, 1, 1), 0, 1, 0);
  mixer.add("b", clip(1, 1, 1, 1), 4, 1, 0);
  mixer.stopAll();
  assert.deepEqual(render(mixer, 2), [0, 0, 0, 0, 0, 0, 0, 0]);
});

test("a clip that is over when it is joined is not heard", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(1, 2), 0, 1, 100, true);
  assert.deepEqual(render(mixer, 1, 100), [0, 0, 0, 0]);
  assert.equal(mixer.sources.size, 0, "and not kept");
});

test("the same name again takes the place of the first", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(1, 1, 1, 1), 0, 1, 0);
  mixer.add("a", clip(2, 2), 1, 1, 0);
  assert.deepEqual(render(mixer, 1), [0, 2, 2, 0]);
});

test("an empty clip and an unknown name do no harm", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(), null, 1, 0);
  mixer.stop("nobody");
  assert.deepEqual(render(mixer, 1), [0, 0, 0, 0]);
  assert.equal(mixer.sources.size, 0);
});

test("what is in the block before is not left there", () => {
  const out = new Float32Array(4).fill(9);
  new Mixer().render(out, 0);
  assert.deepEqual([...out], [0, 0, 0, 0]);
});

test("a clip fades to silence in a straight line and is gone then; one to come does not begin", () => {
  const mixer = new Mixer();
  mixer.add("a", clip(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), 0, 1, 0);
  mixer.add("b", clip(1, 1, 1, 1), 5, 1, 0);
  render(mixer, 1);
  mixer.stopAll(4, 2);
  mixer.stopAll(4, 8);
  assert.deepEqual(render(mixer, 2, 4), [1, 0.5, 0, 0, 0, 0, 0, 0]);
  assert.equal(mixer.sources.size, 0);
});

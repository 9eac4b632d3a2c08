import assert from "node:assert/strict";
import { test } from "node:test";
import { CutIn, OnsetFinder, THRESHOLD } from "../../audio/cut-in.js";
import { Mixer } from "../../audio/mixer.js";

const BLOCK = 128;

function make() {
  /** @type {any[]} */
  const told = [];
  const mixer = new Mixer();
  const cutIn = new CutIn(mixer, (decided) => told.push(decided));
  /** Let a sound be heard from one frame to another. @param {number} from @param {number} until */
  const hear = (from, until, level = 0.1, sounds = [from, until]) => {
    for (let frame = from - (from % BLOCK); frame < until; frame += BLOCK) {
      const block = new Float32Array(BLOCK);
      for (let i = 0; i < BLOCK; i++) if (frame + i >= sounds[0] && frame + i < sounds[1]) block[i] = level;
      cutIn.hear(block, frame);
    }
  };
  return { cutIn, mixer, told, hear };
}
const wanted = { id: "a", samples: new Float32Array(4800).fill(0.5), gain: 1, afterFrames: 24_000, leadFrames: 2_000, sinceFrame: 0 };

test("the first voiced sample comes so long after the first audible one, to the frame", () => {
  const { cutIn, mixer, told, hear } = make();
  cutIn.want(wanted);
  hear(1_237, 4_000);
  assert.equal(mixer.sources.get("a")?.startFrame, 1_237 + 24_000 - 2_000);
  cutIn.settle("a", 1_500, 4_000);
  assert.deepEqual(told, [{ id: "a", onset: 1_237, frame: 23_237 }]);
});

test("a click, and what is below the threshold, is no onset", () => {
  const { mixer, cutIn, hear } = make();
  cutIn.want(wanted);
  hear(0, 3_000, 0.9, [500, 520]);
  hear(20_096, 30_000, THRESHOLD * 0.99);
  assert.equal(mixer.sources.size, 0);
});

test("a sound from before the user's own words does not count, the next one does", () => {
  const { cutIn, mixer, hear } = make();
  hear(0, 4_000);
  cutIn.want({ ...wanted, sinceFrame: 5_000 });
  hear(4_096, 8_000);
  assert.equal(mixer.sources.size, 0);
  hear(8_064, 24_064, 0); // a pause
  hear(24_064, 28_000);
  assert.equal(mixer.sources.get("a")?.startFrame, 24_064 + 22_000);
});

test("a sound that has begun already counts from its own first frame", () => {
  const { cutIn, mixer, hear } = make();
  hear(640, 4_000);
  cutIn.want({ ...wanted, sinceFrame: 600 });
  hear(4_096, 4_224);
  assert.equal(mixer.sources.get("a")?.startFrame, 640 + 22_000);
});

test("where no sound was found the onset that is told counts", () => {
  const { cutIn, told } = make();
  cutIn.want(wanted);
  cutIn.settle("a", 6_000, 8_000);
  assert.deepEqual(told, [{ id: "a", onset: 6_000, frame: 28_000 }]);
});

test("a sound long before the answer gives way to the answer's own onset", () => {
  const { cutIn, told, hear } = make();
  cutIn.want(wanted);
  hear(0, 3_000);
  cutIn.settle("a", 20_000, 21_000);
  assert.deepEqual(told, [{ id: "a", onset: 20_000, frame: 42_000 }]);
});

test("what cannot be early enough is late, not early in the clip", () => {
  const { cutIn, told } = make();
  cutIn.want({ ...wanted, afterFrames: 0 });
  cutIn.settle("a", 6_000, 8_000);
  assert.deepEqual(told, [{ id: "a", onset: 6_000, frame: 6_000 }], "voiced from 8 000 on");
});

test("silence that the clip begins with is skipped where it has no room", () => {
  const { cutIn, mixer } = make();
  cutIn.want({ ...wanted, afterFrames: 500, samples: wanted.samples.map((one, i) => (i < 2_000 ? 0 : one)) });
  cutIn.settle("a", 6_000, 6_400);
  const out = new Float32Array(256);
  mixer.render(out, 6_400);
  assert.equal(out.findIndex((one) => one !== 0), 100, "so long after the onset as was asked for");
});

test("without an answer nothing is said", () => {
  const { cutIn, mixer, told, hear } = make();
  cutIn.want(wanted);
  hear(0, 3_000);
  cutIn.settle("a", null, 3_072);
  assert.deepEqual([mixer.sources.size, told], [0, []]);
});

test("silence without samples is heard as silence", () => {
  const finder = new OnsetFinder();
  finder.hear(undefined, 0);
  assert.equal(finder.onset, null);
});

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { audioThread } from "../../support/audio-thread.js";

const thread = audioThread();
await import("../../../audio/worklets/listening.js");
const Listening = thread.processors.get("harness-listening");

const channel = (/** @type {number} */ level) => new Float32Array(128).fill(level);

/** @param {any} listening What was heard at an input, batch by batch. */
function toldOf(listening, input = 0) {
  return listening.port.posted
    .flatMap(({ heard }) => heard ?? [])
    .filter((/** @type {any} */ one) => one.input === input)
    .map((/** @type {any} */ { frame, pcm }) => [frame, pcm.length, pcm[0], pcm.at(-1)]);
}

/** @param {number[][][]} blocks The level of each channel of each input, block by block. */
function hear(blocks, { batchFrames = 128, keepsTime = false, open = [0] } = {}) {
  const listening = new Listening({ processorOptions: { batchFrames, keepsTime } });
  open.forEach((input) => listening.port.onmessage({ data: { open: input } }));
  const render = (/** @type {number} */ frame, /** @type {number[][]} */ inputs) => {
    thread.at(frame);
    return listening.process(inputs.map((levels) => levels.map(channel)));
  };
  blocks.forEach((inputs, i) => render(i * 128, inputs));
  return { listening, told: toldOf(listening), render };
}

test("mono is heard as it is", () => {
  assert.deepEqual(hear([[[0.5]]]).told, [[0, 128, 16384, 16384]]);
});

test("two channels are heard as their mean, opposite ones as nothing", () => {
  const { told } = hear([[[0.5, 0.25]], [[0.5, -0.5]]]);
  assert.deepEqual(told, [[0, 128, 12288, 12288], [128, 128, 0, 0]]);
});

test("an input that nothing is connected to any more is silence, frame by frame", () => {
  const { told } = hear([[[0.5]], [[]], [[0.5]]]);
  assert.deepEqual(told, [[0, 128, 16384, 16384], [128, 128, 0, 0], [256, 128, 16384, 16384]]);
});

test("batches are as long as asked for, and the end delivers the rest", () => {
  const { listening, told } = hear([[[0.5]], [[0.5]], [[0.25]]], { batchFrames: 256 });
  assert.deepEqual(told, [[0, 256, 16384, 16384]]);
  listening.port.onmessage({ data: { close: 0 } });
  assert.deepEqual(toldOf(listening)[1].slice(0, 2), [256, 128]);
  assert.deepEqual(listening.port.posted.at(-1), { closed: 0 });
});

test("each batch is an array of its own: it leaves the thread", () => {
  const { listening } = hear([[[0.5]], [[0.25]]]);
  const [first, second] = listening.port.posted;
  assert.notEqual(first.heard[0].pcm.buffer, second.heard[0].pcm.buffer);
});

test("what several inputs complete in one block leaves together", () => {
  const { listening } = hear([[[0.5], [0.25]], [[0.5], [0.25]]], { open: [0, 1] });
  assert.deepEqual(toldOf(listening, 1), [[0, 128, 8192, 8192], [128, 128, 8192, 8192]]);
  assert.equal(listening.port.posted.length, 2);
});

test("an input is heard from the first block in which something is connected, without a word", () => {
  const { listening } = hear([[[], []], [[], [0.5]], [[], []]], { open: [] });
  assert.deepEqual(toldOf(listening, 0), []);
  assert.deepEqual(toldOf(listening, 1), [[128, 128, 16384, 16384], [256, 128, 0, 0]]);
});

test("an input that is closed stays so, and the others are heard", () => {
  const { listening, render } = hear([[[0.5], [0.25]]], { open: [0, 1] });
  listening.port.onmessage({ data: { close: 0 } });
  render(128, [[0.5], [0.25]]); // what is taken away leaves with the next block
  assert.equal(toldOf(listening, 0).length, 1);
  assert.equal(toldOf(listening, 1).length, 2);
});

test("at its end the browser may take it", () => {
  const { listening, render } = hear([[[]]]);
  listening.port.onmessage({ data: { end: true } });
  assert.equal(render(128, [[]]), false);
});

test("where it keeps the time it pairs frames with the wall clock as long as the context lives", () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  try {
    const { listening, render } = hear([], { keepsTime: true, open: [] });
    for (let frame = 0; frame <= 48_000; frame += 480) {
      mock.timers.setTime(1_000_000 + frame / 48);
      assert.equal(render(frame, [[]]), true);
    }
    const anchors = listening.port.posted.map((/** @type {any} */ { anchor }) => anchor);
    assert.ok(anchors.length >= 2, "soon once, then twice a second");
    for (const { frame, wallMs } of anchors) {
      assert.ok(Math.abs(wallMs - 1_000_000 - frame / 48) <= 0.5, `${wallMs} for frame ${frame}`);
    }
  } finally {
    mock.timers.reset();
  }
});

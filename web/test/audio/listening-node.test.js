import assert from "node:assert/strict";
import { test } from "node:test";
import { INPUTS, ListeningNode } from "../../audio/listening-node.js";
import { audioWindow } from "../support/audio-window.js";

/** @param {(anchor: any) => void} [onAnchor] */
function make(onAnchor) {
  const { target } = audioWindow();
  const context = new target.AudioContext();
  const listening = new ListeningNode(target.AudioWorkletNode, context, 1024, onAnchor);
  return { context, listening, node: /** @type {any} */ (listening.node) };
}

test("it is rendered, has inputs for several, and each is told what comes there", () => {
  const { context, listening, node } = make();
  assert.ok(node.to.has(context.destination));
  assert.equal(node.options.numberOfInputs, INPUTS);
  assert.deepEqual(node.options.processorOptions, { batchFrames: 1024, keepsTime: false });
  /** @type {any[]} */
  const told = [];
  const taps = ["first", "second"].map((name) => listening.listen(({ frame, pcm }) => told.push([name, frame, pcm.length])));
  assert.deepEqual(taps.map(({ input }) => input), [0, 1]);
  node.fire({ heard: [{ input: 1, frame: 128, pcm: new Int16Array(2) }, { input: 0, frame: 64, pcm: new Int16Array(1) }] });
  assert.deepEqual(told, [["second", 128, 2], ["first", 64, 1]]);
});

test("one that is closed is told the rest, and nothing then", () => {
  const { listening, node } = make();
  /** @type {number[]} */
  const frames = [];
  listening.listen(({ frame }) => frames.push(frame)).close();
  assert.deepEqual(node.port.posted, [{ open: 0 }, { close: 0 }]);
  const heard = (/** @type {number} */ frame) => [{ input: 0, frame, pcm: new Int16Array(1) }];
  node.fire({ heard: heard(0) });
  node.fire({ closed: 0 });
  node.fire({ heard: heard(1) });
  assert.deepEqual(frames, [0]);
});

test("an input is given out once, and with the last of them the node goes", () => {
  const { listening, node } = make();
  const taps = Array.from({ length: INPUTS }, () => listening.listen(() => {}));
  assert.ok(listening.isFull);
  taps.slice(1).forEach((tap) => tap.close());
  assert.equal(node.to.size, 1);
  taps[0].close();
  assert.deepEqual(node.port.posted.at(-1), { end: true });
  assert.equal(node.to.size, 0);
});

test("the one that keeps the time stays, and tells it", () => {
  /** @type {any[]} */
  const anchors = [];
  const { listening, node } = make((anchor) => anchors.push(anchor));
  assert.equal(node.options.processorOptions.keepsTime, true);
  Array.from({ length: INPUTS }, () => listening.listen(() => {})).forEach((tap) => tap.close());
  assert.equal(node.to.size, 1);
  node.fire({ anchor: { frame: 1 } });
  assert.deepEqual(anchors, [{ frame: 1 }]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { audioThread } from "../../support/audio-thread.js";

const thread = audioThread();
await import("../../../audio/worklets/virtual-microphone.js");
const VirtualMicrophone = thread.processors.get("harness-virtual-microphone");

const play = { id: "a", samples: new Float32Array(256).fill(0.5), startFrame: null, gain: 1, joins: false };

/** @param {any} microphone @param {number} frame */
function render(microphone, frame) {
  const out = new Float32Array(128);
  thread.at(frame);
  return { lives: microphone.process([], [[out]]), first: out[0] };
}

test("what it is made with holds from its first frame on", () => {
  thread.at(1_000);
  const microphone = new VirtualMicrophone({ processorOptions: { initial: [{ muted: true }, { play }] } });
  assert.deepEqual(microphone.port.posted, [{ started: { id: "a", frame: 1_000 } }]);
  assert.deepEqual(render(microphone, 1_000), { lives: true, first: 0 });
  microphone.port.onmessage({ data: { muted: false } });
  assert.deepEqual(render(microphone, 1_128), { lives: true, first: 0.5 });
});

test("a clip that comes later starts with the block that is rendered next", () => {
  const microphone = new VirtualMicrophone({ processorOptions: { initial: [] } });
  render(microphone, 0);
  thread.at(0); // between two blocks the frame is that of the one that was rendered
  microphone.port.onmessage({ data: { play } });
  assert.deepEqual(microphone.port.posted, [{ started: { id: "a", frame: 128 } }]);
  assert.equal(render(microphone, 128).first, 0.5);
});

test("after its end it tells the rest and is rendered no more", () => {
  thread.at(0);
  const microphone = new VirtualMicrophone({ processorOptions: { initial: [{ play }] } });
  render(microphone, 0);
  microphone.port.onmessage({ data: { end: true } });
  assert.deepEqual(microphone.port.posted.at(-1).batch.pcm, new Int16Array(128).fill(16384));
  assert.equal(render(microphone, 128).lives, false);
});

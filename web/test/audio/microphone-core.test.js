import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneCore } from "../../audio/microphone-core.js";

function make() {
  /** @type {any[]} */
  const posted = [];
  const core = new MicrophoneCore((message) => posted.push(message));
  const render = (/** @type {number} */ frame) => {
    const out = new Float32Array(4).fill(9);
    core.render(out, frame);
    return [...out];
  };
  return { core, posted, render };
}
const play = { id: "a", samples: new Float32Array(8).fill(0.5), startFrame: null, gain: 1, joins: false };

test("a clip is confirmed with the frame at which it starts", () => {
  const { core, posted, render } = make();
  core.receive({ play }, 128);
  assert.deepEqual(posted, [{ started: { id: "a", frame: 128 } }]);
  assert.deepEqual(render(128), [0.5, 0.5, 0.5, 0.5]);
});

test("disabled or muted means silence, and time goes on", () => {
  const { core, render } = make();
  core.receive({ play }, 0);
  core.receive({ enabled: false }, 0);
  assert.deepEqual(render(0), [0, 0, 0, 0]);
  core.receive({ enabled: true, muted: true }, 4);
  assert.deepEqual(render(4), [0, 0, 0, 0]);
  core.receive({ muted: false }, 8);
  assert.deepEqual(render(8), [0, 0, 0, 0], "the clip is over");
});

test("sources stop by name or all at once", () => {
  const { core, render } = make();
  core.receive({ play }, 0);
  core.receive({ stopSources: ["other"] }, 0);
  assert.equal(render(0)[0], 0.5);
  core.receive({ stopSources: null }, 4);
  assert.equal(render(4)[0], 0);
});

test("the end delivers what was gathered", () => {
  const { core, posted, render } = make();
  render(0);
  core.receive({ end: true }, 4);
  assert.equal(posted[0].batch.pcm.length, 4);
  assert.equal(core.render(new Float32Array(4), 4), false);
});

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
  const { core, posted, render } = make();
  core.receive({ play }, 0);
  core.receive({ stop: { id: "s1", sources: ["other"], fadeFrames: 0 } }, 0);
  assert.equal(render(0)[0], 0.5);
  core.receive({ stop: { id: "s2", sources: null, fadeFrames: 0 } }, 0);
  assert.equal(render(4)[0], 0);
  const told = posted.filter(({ started }) => started?.id !== play.id).map(({ started }) => started);
  assert.deepEqual(told, [{ id: "s1", frame: 0 }, { id: "s2", frame: 4 }], "a rendered block is gone");
});

test("what it hears is changed as asked for, before it falls silent and is told", () => {
  const { core, posted, render } = make();
  core.receive({ play }, 0);
  const plan = { gain: 0.5, fadeFrames: 0, limit: null, taps: null, dropouts: null, echo: { gain: 1, delayFrames: 4, taps: null } };
  core.receive({ effects: { id: "plan", plan } }, 0);
  assert.deepEqual(posted.at(-1), { started: { id: "plan", frame: 0 } });
  const out = new Float32Array(4);
  core.render(out, 0, Float32Array.of(0.25, 0, 0, 0));
  assert.equal(out[0], 0.25);
  assert.equal(render(4)[0], 0.375, "the echo beside the clip, at half");
  core.receive({ muted: true }, 8);
  assert.deepEqual(render(8), [0, 0, 0, 0]);
});

test("the end delivers what was gathered", () => {
  const { core, posted, render } = make();
  render(0);
  core.receive({ end: true }, 4);
  assert.equal(posted[0].batch.pcm.length, 4);
  assert.equal(core.render(new Float32Array(4), 4), false);
});

test("all that is put out is told, silence too, with no frame missing", () => {
  const { core, posted, render } = make();
  core.receive({ play: { ...play, startFrame: 4 } }, 0);
  for (let frame = 0; frame < 38 * 128; frame += 4) render(frame);
  const { batch } = posted[1];
  assert.deepEqual([batch.frame, batch.pcm.length], [0, 38 * 128]);
  assert.deepEqual([...batch.pcm.slice(0, 13)], [0, 0, 0, 0, ...new Array(8).fill(16384), 0]);
});

test("a clip that is asked for the past starts now; one that joins is in its middle", () => {
  const { core, posted, render } = make();
  render(0);
  core.receive({ play: { ...play, id: "late", startFrame: 0 } }, 0);
  core.receive({ play: { ...play, id: "joins", startFrame: 0, joins: true } }, 0);
  assert.deepEqual(posted.map(({ started }) => started), [{ id: "late", frame: 4 }, { id: "joins", frame: 0 }]);
  assert.deepEqual([render(4)[0], render(8)[0]], [1, 0.5]);
});

test("the page's wish and the device's switch are two things", () => {
  const { core, render } = make();
  core.receive({ play: { ...play, samples: new Float32Array(100).fill(0.5) } }, 0);
  core.receive({ enabled: false }, 0);
  core.receive({ muted: true }, 0);
  core.receive({ enabled: true }, 0);
  assert.equal(render(0)[0], 0);
  core.receive({ muted: false }, 4);
  assert.equal(render(4)[0], 0.5);
});

test("a message that says nothing changes nothing", () => {
  const { core, posted, render } = make();
  core.receive({ play }, 0);
  core.receive({}, 0);
  assert.equal(render(0)[0], 0.5);
  assert.equal(posted.length, 1);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualMicrophones } from "../../probe/virtual-microphone.js";
import { listeningSink } from "../support/fakes.js";

function make() {
  /** @type {{ send: any[], receive: (message: any) => void, closed: boolean }[]} */
  const nodes = [];
  const context = {
    currentTime: 0,
    sampleRate: 48000,
    createMediaStreamDestination: () => {
      const track = { kind: "audio", readyState: "live", enabled: true };
      return { channelCount: 2, stream: { getTracks: () => [track], getAudioTracks: () => [track] } };
    },
  };
  const graph = {
    mode: "worklet",
    open: async () => context,
    createMicrophone: (/** @type {any} */ _, /** @type {any} */ receive, /** @type {any[]} */ initial) => {
      const node = { send: [...initial], receive, closed: false };
      nodes.push(node);
      return { node: { connect() {} }, send: (/** @type {any} */ m) => node.send.push(m), close: () => { node.closed = true; } };
    },
  };
  const sink = listeningSink();
  return { microphones: new VirtualMicrophones(/** @type {any} */ (sink), /** @type {any} */ (graph)), nodes, sink };
}
const pcm = Int16Array.of(16384, -16384);

test("without an open microphone nothing can be played", async () => {
  assert.equal(await make().microphones.play("a", pcm, null, 1), null);
});

test("the first microphone says when a clip starts, the others and later ones join it", async () => {
  const { microphones, nodes } = make();
  await microphones.create("device");
  await microphones.create("device");
  const playing = microphones.play("a", pcm, null, 0.5);
  const first = nodes[0].send.at(-1).play;
  assert.deepEqual([first.startFrame, first.joins, [...first.samples]], [null, false, [0.5, -0.5]]);
  nodes[0].receive({ started: { id: "a", frame: 256 } });
  assert.equal(await playing, 256);
  assert.deepEqual([nodes[1].send.at(-1).play.startFrame, nodes[1].send.at(-1).play.joins], [256, true]);
  await microphones.create("device");
  assert.equal(nodes[2].send.at(-1).play.startFrame, 256);
});

test("silence is told without samples", async () => {
  const { microphones, nodes, sink } = make();
  await microphones.create("device");
  nodes[0].receive({ batch: { frame: 128, pcm: new Int16Array(4) } });
  assert.deepEqual(sink.of("microphone.samples"), [{ microphone: "microphone-0", frame: 128, frames: 4, pcm: "" }]);
});

test("a microphone is as enabled as its tracks, and closes with the last of them", async () => {
  const { microphones, nodes, sink } = make();
  const microphone = await microphones.create("device");
  const [track] = /** @type {any[]} */ ([...microphone.tracks]);
  track.enabled = false;
  microphones.refresh(microphone);
  assert.deepEqual(nodes[0].send.at(-1), { enabled: false });
  track.readyState = "ended";
  microphones.refresh(microphone);
  microphones.refresh(microphone);
  assert.ok(nodes[0].closed);
  assert.equal(sink.of("microphone.stopped").length, 1);
});

test("muting holds for microphones that open later", async () => {
  const { microphones, nodes } = make();
  microphones.setMuted(true);
  await microphones.create("device");
  assert.deepEqual(nodes[0].send[0], { muted: true });
});

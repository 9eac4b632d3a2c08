import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualMicrophones } from "../../probe/virtual-microphone.js";
import { fromBase64 } from "../../audio/pcm16.js";
import { settled } from "../support/audio-window.js";
import { listeningSink } from "../support/fakes.js";

function make() {
  /** @type {{ send: any[], receive: (message: any) => void, closed: boolean }[]} */
  const nodes = [];
  /** @type {any[]} */
  const destinations = [];
  /** @type {any[]} */
  const inputs = [];
  const context = {
    currentTime: 0,
    sampleRate: 48000,
    createMediaStreamDestination: () => {
      const track = { kind: "audio", readyState: "live", enabled: true };
      destinations.push({ channelCount: 2, stream: { getTracks: () => [track], getAudioTracks: () => [track] } });
      return destinations.at(-1);
    },
  };
  const graph = {
    mode: "worklet",
    open: async () => context,
    createMicrophone: (/** @type {any} */ _, /** @type {any} */ receive, /** @type {any[]} */ initial) => {
      const node = { send: [...initial], receive, closed: false };
      nodes.push(node);
      inputs.push({ connect() {} });
      return { node: inputs.at(-1), send: (/** @type {any} */ m) => node.send.push(m), close: () => { node.closed = true; } };
    },
  };
  const sink = listeningSink();
  return { microphones: new VirtualMicrophones(/** @type {any} */ (sink), /** @type {any} */ (graph)), nodes, sink, context, destinations, inputs };
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

test("a microphone that opens while the first one is asked joins the clip, too", async () => {
  const { microphones, nodes } = make();
  const first = await microphones.create("device");
  const playing = microphones.play("a", pcm, null, 1);
  await microphones.create("device");
  assert.equal(nodes[1].send.filter(({ play }) => play).length, 0, "nobody knows when it starts");
  nodes[0].receive({ started: { id: "a", frame: 256 } });
  assert.equal(await playing, 256);
  assert.deepEqual([nodes[1].send.at(-1).play.startFrame, nodes[1].send.at(-1).play.joins], [256, true]);
  assert.equal(first.isGone, false);
});

test("a microphone that is closed before it answers has begun nothing", { timeout: 1_000 }, async () => {
  const { microphones, nodes } = make();
  const first = await microphones.create("device");
  const playing = microphones.play("a", pcm, null, 1);
  const second = await microphones.create("device");
  const stopping = microphones.stop(null, 0);
  microphones.close(first);
  assert.equal(await playing, null);
  nodes[0].receive({ started: { id: "a", frame: 256 } });
  await microphones.create("device");
  assert.equal(nodes[2].send.filter(({ play }) => play).length, 0);
  microphones.close(second);
  assert.equal(await stopping, null, "as long as one is open it may answer");
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
  assert.deepEqual(sink.of("microphone.stopped"), [{ microphone: "microphone-0", ended: false }]);
});

test("a microphone whose device is gone ended by itself", async () => {
  const { microphones, sink } = make();
  const microphone = await microphones.create("device");
  microphone.isGone = true;
  microphones.close(microphone);
  assert.deepEqual(sink.of("microphone.stopped"), [{ microphone: "microphone-0", ended: true }]);
});

test("muting holds for microphones that open later", async () => {
  const { microphones, nodes } = make();
  microphones.setMuted(true);
  await microphones.create("device");
  assert.deepEqual(nodes[0].send[0], { muted: true });
});

test("a microphone that opens while a clip sounds joins it, one that opens after it does not", async () => {
  const { microphones, nodes, context } = make();
  await microphones.create("device");
  for (const [id, frame] of /** @type {[string, number][]} */ ([["over", 0], ["sounds", 47_999]])) {
    void microphones.play(id, pcm, null, 1);
    context.currentTime = frame / 48_000;
    nodes[0].receive({ started: { id, frame } });
    await settled();
  }
  await microphones.create("device");
  assert.deepEqual(nodes[1].send.filter(({ play }) => play).map(({ play }) => play.id), ["sounds"]);
});

test("clips are stopped by name or all, in every microphone and for those to come", async () => {
  const { microphones, nodes } = make();
  await microphones.create("device");
  await microphones.create("device");
  for (const id of ["a", "b", "c"]) {
    void microphones.play(id, pcm, null, 1);
    nodes[0].receive({ started: { id, frame: 1e9 } });
  }
  const stopping = microphones.stop(["a", "nobody"], 480);
  for (const node of nodes) {
    const { sources, fadeFrames } = node.send.at(-1).stop;
    assert.deepEqual([sources, fadeFrames], [["a", "nobody"], 480]);
  }
  nodes[0].receive({ started: { id: nodes[0].send.at(-1).stop.id, frame: 256 } });
  assert.equal(await stopping, 256);
  await microphones.create("device");
  assert.deepEqual(nodes[2].send.filter(({ play }) => play).map(({ play }) => play.id), ["b", "c"]);
  void microphones.stop(null, 0);
  await microphones.create("device");
  assert.deepEqual(nodes[3].send, [{ muted: false }]);
});

test("a start that nobody waits for is none", async () => {
  const { microphones, nodes } = make();
  await microphones.create("device");
  assert.doesNotThrow(() => nodes[0].receive({ started: { id: "nobody", frame: 1 } }));
  const playing = microphones.play("a", pcm, 480, 1);
  nodes[0].receive({ started: { id: "a", frame: 480 } });
  nodes[0].receive({ started: { id: "a", frame: 999 } });
  assert.equal(await playing, 480);
  await microphones.create("device");
  assert.equal(nodes[1].send.at(-1).play.startFrame, 480);
});

test("what is captured is told under the microphone's name, with its samples", async () => {
  const { microphones, nodes, sink } = make();
  await microphones.create("device");
  await microphones.create("device");
  nodes[1].receive({ batch: { frame: 0, pcm } });
  const [told] = sink.of("microphone.samples");
  assert.equal(told.microphone, "microphone-1");
  assert.deepEqual(fromBase64(told.pcm), pcm);
});

test("one of two tracks is enough to let sound through", async () => {
  const { microphones, nodes, sink } = make();
  const microphone = await microphones.create("device");
  const copy = /** @type {any} */ ({ kind: "audio", readyState: "live", enabled: true });
  microphone.tracks.add(copy);
  const [first] = /** @type {any[]} */ ([...microphone.tracks]);
  first.enabled = false;
  microphones.refresh(microphone);
  assert.deepEqual(sink.of("microphone.enabled").at(-1), { microphone: "microphone-0", enabled: true });
  copy.readyState = "ended";
  microphones.refresh(microphone);
  assert.equal(sink.of("microphone.enabled").at(-1)?.enabled, false);
  assert.equal(nodes[0].closed, false);
});

test("a page that switches its track on all the time is told once", async () => {
  const { microphones, sink } = make();
  const microphone = await microphones.create("device");
  const [track] = /** @type {any[]} */ ([...microphone.tracks]);
  for (const enabled of [true, true, false, false, true]) {
    track.enabled = enabled;
    microphones.refresh(microphone);
  }
  assert.deepEqual(sink.of("microphone.enabled").map(({ enabled }) => enabled), [true, false, true]);
});

test("a closed microphone hears no command, and a clip starts in the next one", async () => {
  const { microphones, nodes } = make();
  const microphone = await microphones.create("device");
  await microphones.create("device");
  microphones.close(microphone);
  assert.deepEqual(nodes[0].send.at(-1), { end: true });
  microphones.setMuted(true);
  assert.deepEqual(nodes[0].send.at(-1), { end: true });
  void microphones.play("a", pcm, null, 1);
  assert.equal(nodes[1].send.at(-1).play.joins, false);
});

test("a microphone is one channel, and told with its rate and how it is made", async () => {
  const { microphones, destinations, sink } = make();
  await microphones.create("Headset");
  assert.equal(destinations[0].channelCount, 1);
  assert.deepEqual(sink.of("microphone.started"), [
    { microphone: "microphone-0", device: "Headset", sample_rate_hz: 48_000, mode: "worklet" },
  ]);
});

test("a noise is in every microphone, and in those to come; its start is told", async () => {
  const { microphones, nodes } = make();
  assert.equal(await microphones.setNoise(pcm, 0.25, 480), null, "no microphone is open");
  await microphones.create("device");
  await microphones.create("device");
  const changing = microphones.setNoise(pcm, 0.5, 480);
  const sent = nodes.map(({ send }) => send.at(-1).noise);
  assert.deepEqual(sent.map(({ gain, fadeFrames, samples }) => [gain, fadeFrames, ...samples]), [[0.5, 480, 0.5, -0.5], [0.5, 480, 0.5, -0.5]]);
  nodes[1].receive({ started: { id: sent[1].id, frame: 384 } });
  assert.equal(await changing, 384);
  await microphones.create("device");
  assert.ok(nodes[2].send.some(({ noise }) => noise?.gain === 0.5));
  void microphones.setNoise(null, 0, 0);
  await microphones.create("device");
  assert.ok(!nodes[3].send.some(({ noise }) => noise?.samples));
});

test("what a microphone does to its sound holds in every one, and in those to come at once", async () => {
  const { microphones, nodes } = make();
  const plan = { gain: 0.5, fadeFrames: 480, limit: null, taps: null, dropouts: null, echo: null };
  assert.equal(await microphones.setEffects(plan), null, "no microphone is open");
  await microphones.create("device");
  assert.deepEqual(nodes[0].send[0].effects.plan, { ...plan, fadeFrames: 0 });
  const changing = microphones.setEffects({ ...plan, gain: 0.25 });
  const { id, plan: sent } = nodes[0].send.at(-1).effects;
  assert.deepEqual([sent.gain, sent.fadeFrames], [0.25, 480]);
  nodes[0].receive({ started: { id, frame: 128 } });
  assert.equal(await changing, 128);
});

test("what is heard goes into every microphone, so that it can be cut into", async () => {
  const { microphones, inputs } = make();
  await microphones.create("device");
  /** @type {any[]} */
  const reached = [];
  microphones.hear(/** @type {any} */ ({ connect: (/** @type {any} */ node) => reached.push(node) }));
  await microphones.create("device");
  assert.deepEqual(reached, inputs);
  assert.equal(reached.length, 2);
});

test("a microphone that is closed is no more fed with what is heard", async () => {
  const { microphones, inputs } = make();
  const microphone = await microphones.create("device");
  await microphones.create("device");
  const fed = new Set();
  microphones.hear(/** @type {any} */ ({ connect: fed.add.bind(fed), disconnect: fed.delete.bind(fed) }));
  assert.deepEqual([...fed], inputs);
  microphones.close(microphone);
  assert.deepEqual([...fed], [inputs[1]]);
});

test("the first microphone decides when to cut in, and the others join it", async () => {
  const { microphones, nodes } = make();
  assert.equal(microphones.cutIn("a", pcm, 1, 480, 96, 0), false, "no microphone is open");
  assert.equal(await microphones.settleCutIn("a", 0), null);
  await microphones.create("device");
  await microphones.create("device");
  assert.equal(microphones.cutIn("a", pcm, 0.5, 480, 96, 24), true);
  const { samples, ...asked } = nodes[0].send.at(-1).cutIn;
  assert.deepEqual(asked, { id: "a", gain: 0.5, afterFrames: 480, leadFrames: 96, sinceFrame: 24 });
  assert.deepEqual([...samples], [0.5, -0.5]);
  const settling = microphones.settleCutIn("a", 1_000);
  assert.deepEqual(nodes[0].send.at(-1), { settle: { id: "a", onset: 1_000 } });
  const decided = { id: "a", onset: 960, frame: 1_344, bySound: true };
  nodes[0].receive({ decided });
  nodes[0].receive({ decided });
  assert.deepEqual(await settling, decided);
  const { play } = nodes[1].send.at(-1);
  assert.deepEqual([play.id, play.startFrame, play.gain, play.joins], ["a", 1_344, 0.5, true]);
});

test("a microphone that was closed before it was asked, or while it is, decides nothing", { timeout: 1_000 }, async () => {
  const { microphones, nodes } = make();
  const first = await microphones.create("device");
  microphones.cutIn("before", pcm, 1, 480, 0, 0);
  microphones.close(first);
  const second = await microphones.create("device");
  assert.equal(await microphones.settleCutIn("before", 1_000), null, "another one knows nothing of it");
  assert.ok(!nodes[1].send.some(({ settle }) => settle));
  microphones.cutIn("while", pcm, 1, 480, 0, 0);
  const settling = microphones.settleCutIn("while", 1_000);
  await microphones.create("device");
  microphones.close(second);
  assert.equal(await settling, null);
  assert.ok(!nodes[2].send.some(({ play }) => play), "what was not placed is joined by nobody");
  assert.equal(microphones.clips.size, 0);
});

test("where no answer comes, nothing is cut into", async () => {
  const { microphones, nodes } = make();
  await microphones.create("device");
  microphones.cutIn("a", pcm, 1, 480, 0, 0);
  assert.equal(await microphones.settleCutIn("a", null), null);
  assert.deepEqual(nodes[0].send.at(-1), { settle: { id: "a", onset: null } });
  assert.equal(await microphones.settleCutIn("a", 0), null, "it was settled before");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { AudioGraph } from "../../audio/audio-graph.js";
import { INPUTS } from "../../audio/listening-node.js";
import { audioWindow } from "../support/audio-window.js";
import { listeningSink } from "../support/fakes.js";

const SOURCE = 'registerProcessor("x")';

function make({ tapFrames = 4864, wallMs = 5_000 } = {}) {
  const { target, state } = audioWindow();
  const sink = listeningSink();
  const graph = new AudioGraph(/** @type {any} */ (sink), target, SOURCE, { wallMs: () => wallMs }, tapFrames);
  return { graph, target, state, sink };
}

/** A graph of a page whose policy forbids worklets. */
async function makeScripted(options = {}) {
  const made = make(options);
  made.state.allows = () => false;
  const context = /** @type {any} */ (await made.graph.open());
  return { ...made, context };
}

test("there is one context, made when it is first needed, running and with no device", async () => {
  const { graph, state, sink } = make();
  assert.equal(state.contexts.length, 0);
  const [first, second] = await Promise.all([graph.open(), graph.open()]);
  assert.equal(first, second);
  assert.equal(state.contexts.length, 1);
  assert.equal(first.state, "running");
  assert.deepEqual(state.contexts[0].options.sinkId, { type: "none" });
  assert.equal(state.contexts[0].options.sampleRate, 48_000);
  assert.deepEqual(sink.of("fallback"), []);
});

test("the address of the worklets' source is given back", async () => {
  const { graph, state } = make();
  await graph.open();
  assert.deepEqual(state.modules, ["blob:0"]);
  assert.deepEqual(state.revoked, ["blob:0"]);
});

test("a browser that knows no such sink gets a device, and says so", async () => {
  const { graph, state, sink } = make();
  state.knowsSinks = false;
  await graph.open();
  assert.equal("sinkId" in state.contexts[0].options, false);
  assert.deepEqual(sink.of("fallback").map(({ what, why }) => [what, why]), [
    ["an audio device for none", "TypeError: no such sink"],
  ]);
});

test("where blobs may not be read the source is in the address itself", async () => {
  const { graph, state, sink } = make();
  state.allows = (url) => !url.startsWith("blob:");
  await graph.open();
  assert.equal(decodeURIComponent(state.modules[1]), `data:text/javascript,${SOURCE}`);
  assert.deepEqual(state.revoked, ["blob:0"]);
  assert.equal(graph.mode, "worklet");
  assert.deepEqual(sink.of("fallback"), []);
  assert.deepEqual(sink.of("probe.refused").map(({ address }) => address), ["blob:0"]);
});

test("a policy against worklets is told, and script processors do the work", async () => {
  const { graph, context, sink } = await makeScripted();
  assert.equal(graph.mode, "script_processor");
  assert.equal(context.worklets.length, 0);
  assert.match(sink.of("fallback")[0].why, /AbortError/);
  const refused = sink.of("probe.refused").map(({ address }) => address);
  assert.deepEqual(refused, ["blob:0", `data:text/javascript,${encodeURIComponent(SOURCE)}`.slice(0, 60)]);
});

test("what a page does later to the classes it shares with us changes nothing", async () => {
  const { graph, target, state } = make();
  const fail = () => {
    throw new Error("the page's own");
  };
  Object.assign(target, { AudioContext: fail, AudioWorkletNode: fail, Blob: fail });
  target.URL.createObjectURL = target.URL.revokeObjectURL = fail;
  await graph.open();
  assert.equal(state.contexts.length, 1);
  assert.deepEqual(state.revoked, ["blob:0"]);
});

test("a window without audio refuses each time, with the browser's error", async () => {
  const { target } = audioWindow();
  delete target.AudioContext;
  const graph = new AudioGraph(/** @type {any} */ (listeningSink()), target, SOURCE, { wallMs: () => 0 });
  await assert.rejects(graph.open(), TypeError);
  await assert.rejects(graph.open(), TypeError);
});

test("an anchor of the audio thread is told in page time, with what the clock's steps add to it", async () => {
  const { graph, sink, state } = make({ wallMs: 5_000 }); // page time is 1 000 then
  await graph.open();
  const [clock] = state.contexts[0].worklets;
  assert.equal(clock.name, "harness-listening");
  assert.ok(clock.to.has(state.contexts[0].destination), "what leads nowhere is not rendered");
  clock.fire({ anchor: { frame: 4_800, wallMs: 4_900.5, uncertaintyMs: 5 } });
  assert.deepEqual(sink.of("audio.anchor"), [
    { frame: 4_800, page_ms: 900, sample_rate_hz: 48_000, uncertainty_ms: 5.5 },
  ]);
});

test("without worklets the clock is read on the main thread", async () => {
  const { context, sink } = await makeScripted();
  for (let frame = 0; frame <= 3 * 2048; frame += 2048) context.scripts[0].render(frame / 48_000);
  const [anchor] = sink.of("audio.anchor");
  assert.equal(anchor.frame, 3 * 2048);
  assert.equal(anchor.sample_rate_hz, 48_000);
});

test("a microphone on the audio thread knows what it is told before its first frame", async () => {
  const { graph, state } = make();
  const context = await graph.open();
  /** @type {any[]} */
  const received = [];
  const microphone = graph.createMicrophone(context, (message) => received.push(message), [{ muted: true }]);
  const node = state.contexts[0].worklets[1];
  assert.deepEqual(node.options.processorOptions, { initial: [{ muted: true }] });
  assert.deepEqual([node.options.numberOfInputs, node.options.outputChannelCount], [1, [1]]);
  node.fire({ started: { id: "a", frame: 3 } });
  assert.deepEqual(received, [{ started: { id: "a", frame: 3 } }]);
  microphone.send({ enabled: false });
  assert.deepEqual(node.port.posted, [{ enabled: false }]);
  microphone.node.connect(context.destination);
  microphone.close();
  assert.equal(node.to.size, 0);
});

test("a microphone without worklets does the same on the main thread", async () => {
  const { graph, context } = await makeScripted();
  context.currentTime = 1;
  /** @type {any[]} */
  const received = [];
  const play = { id: "a", samples: new Float32Array(4096).fill(0.5), startFrame: null, gain: 1, joins: false };
  const microphone = graph.createMicrophone(context, (message) => received.push(message), [{ play }]);
  assert.deepEqual(received, [{ started: { id: "a", frame: 48_000 } }]);
  const node = context.scripts[1];
  assert.equal(node.to.size, 0, "who asked for it connects it");
  assert.equal(node.render(1)[2047], 0.5);
  microphone.send({ enabled: false });
  assert.equal(node.render(1 + 2048 / 48_000)[0], 0);
  microphone.send({ end: true });
  const frames = received.filter(({ batch }) => batch).map(({ batch }) => batch.pcm.length);
  assert.equal(frames.reduce((sum, n) => sum + n), 4096);
  microphone.close();
  assert.equal(node.to.size, 0);
});

test("a tap on the audio thread is rendered, and delivers the rest when it is closed", async () => {
  const { graph, state } = make({ tapFrames: 1024 });
  const context = await graph.open();
  /** @type {any[]} */
  const batches = [];
  const tap = graph.createTap(context, (batch) => batches.push(batch));
  const [node, ...others] = state.contexts[0].worklets;
  assert.deepEqual([tap.node, others], [node, []], "what keeps the time listens, too");
  assert.deepEqual(node.options.processorOptions, { batchFrames: 1024, keepsTime: true });
  node.hear(tap.input, 0, Int16Array.of(1));
  tap.close();
  node.hear(tap.input, 1, Int16Array.of(2));
  assert.deepEqual(batches.map(({ frame }) => frame), [0, 1]);
});

test("a page with many tracks has another node for every few", async () => {
  const { graph, state } = make();
  const context = await graph.open();
  const taps = Array.from({ length: 2 * INPUTS + 1 }, () => graph.createTap(context, () => {}));
  const { worklets } = state.contexts[0];
  assert.equal(worklets.length, 3);
  assert.equal(new Set(taps.map(({ node, input }) => `${worklets.indexOf(node)} ${input}`)).size, taps.length);
  assert.deepEqual(worklets.map(({ options }) => options.processorOptions.keepsTime), [true, false, false]);
});

test("a tap without worklets delivers what it hears, and the rest when it is closed", async () => {
  const { graph, context } = await makeScripted({ tapFrames: 4096 });
  /** @type {any[]} */
  const batches = [];
  const tap = graph.createTap(context, (batch) => batches.push(batch));
  context.scripts[1].render(0, 0.5);
  assert.deepEqual(batches, []);
  tap.close();
  assert.deepEqual(batches.map(({ frame, pcm }) => [frame, pcm.length, pcm[0]]), [[0, 2048, 16384]]);
});

test("the jitter of a script processor's time is none of its frames; a lost block is a gap", async () => {
  const { graph, context } = await makeScripted({ tapFrames: 2048 });
  /** @type {number[]} */
  const frames = [];
  graph.createTap(context, ({ frame }) => frames.push(frame));
  const block = 2048 / 48_000;
  for (const at of [0, block + 0.005, 2 * block - 0.005, 5 * block]) context.scripts[1].render(at);
  assert.deepEqual(frames, [0, 2048, 4096, 5 * 2048]);
});

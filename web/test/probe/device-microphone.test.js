import assert from "node:assert/strict";
import { test } from "node:test";
import { AudioGraph } from "../../audio/audio-graph.js";
import { DeviceMicrophones } from "../../probe/device-microphone.js";
import { audioWindow } from "../support/audio-window.js";
import { listeningSink } from "../support/fakes.js";

function make() {
  const { target, state } = audioWindow();
  const sink = listeningSink();
  const graph = new AudioGraph(/** @type {any} */ (sink), target, "", { wallMs: () => 0 });
  const microphones = new DeviceMicrophones(/** @type {any} */ (sink), graph, target);
  const undo = microphones.install();
  const track = new target.MediaStreamTrack("device");
  const stream = new target.MediaStream([track]);
  const getUserMedia = microphones.answer(async () => stream);
  return { target, state, sink, microphones, undo, track, stream, getUserMedia };
}

test("the page gets the browser's own stream, and what it captures is told", async () => {
  const { getUserMedia, stream, sink, state } = make();
  assert.equal(await getUserMedia({ audio: true }), stream);
  assert.deepEqual(sink.of("microphone.started"), [
    { microphone: "device-0", device: "label of device", sample_rate_hz: 48_000, mode: "device" },
  ]);
  state.contexts[0].worklets[0].hear(0, 64, new Int16Array(3));
  assert.deepEqual(sink.of("microphone.samples"), [{ microphone: "device-0", frame: 64, frames: 3, pcm: "" }]);
});

test("a page that is refused gets the browser's error", async () => {
  const { microphones, sink } = make();
  const error = new DOMException("Permission denied", "NotAllowedError");
  const getUserMedia = microphones.answer(() => Promise.reject(error));
  await assert.rejects(getUserMedia({ audio: true }), (thrown) => thrown === error);
  assert.deepEqual(sink.told, []);
});

test("a stream without audio is passed on", async () => {
  const { target, microphones, sink, state } = make();
  const video = Object.assign(new target.MediaStreamTrack("camera"), { kind: "video" });
  const stream = new target.MediaStream([video]);
  assert.equal(await microphones.answer(async () => stream)({ video: true }), stream);
  assert.deepEqual([sink.told, state.contexts], [[], []]);
});

for (const [how, ended, end] of /** @type {[string, boolean, (track: any) => void][]} */ ([
  ["the page stops it", false, (track) => track.stop()],
  ["the device is pulled out", true, (track) => track.fire("ended", { isTrusted: true })],
])) {
  test(`it ends, once, when ${how}`, async () => {
    const { getUserMedia, track, sink, state } = make();
    await getUserMedia({ audio: true });
    end(track);
    track.stop();
    assert.equal(track.readyState, "ended");
    assert.deepEqual(sink.of("microphone.stopped"), [{ microphone: "device-0", ended }]);
    assert.deepEqual(state.contexts[0].worklets[0].port.posted.at(-1), { close: 0 });
    assert.equal(state.contexts[0].sources[0].to.size, 0);
  });
}

test("an end that a page made up is none", async () => {
  const { getUserMedia, track, sink } = make();
  await getUserMedia({ audio: true });
  track.fire("ended", { isTrusted: false });
  assert.deepEqual(sink.of("microphone.stopped"), []);
});

test("other tracks stop as ever", () => {
  const { target, sink } = make();
  const other = new target.MediaStreamTrack("other");
  other.stop();
  assert.equal(other.readyState, "ended");
  assert.deepEqual(sink.told, []);
});

test("each device has a name of its own", async () => {
  const { target, microphones, sink } = make();
  const tracks = [new target.MediaStreamTrack("a"), new target.MediaStreamTrack("b")];
  await microphones.answer(async () => new target.MediaStream(tracks))({ audio: true });
  tracks[1].stop();
  assert.deepEqual(sink.of("microphone.started").map(({ microphone }) => microphone), ["device-0", "device-1"]);
  assert.deepEqual(sink.of("microphone.stopped"), [{ microphone: "device-1", ended: false }]);
});

test("where we cannot listen the page has its microphone all the same, and that is told", async () => {
  const { target } = audioWindow();
  delete target.AudioContext;
  const sink = /** @type {any} */ (listeningSink());
  const graph = new AudioGraph(sink, target, "", { wallMs: () => 0 });
  const stream = new target.MediaStream([new target.MediaStreamTrack("device")]);
  const getUserMedia = new DeviceMicrophones(sink, graph, target).answer(async () => stream);
  assert.equal(await getUserMedia({ audio: true }), stream);
  assert.match(sink.of("page.error")[0].message, /^cannot listen to the microphone: TypeError/);
});

test("a MediaStream that a page puts in the place of the browser's is not used", async () => {
  const { target, getUserMedia, sink } = make();
  target.MediaStream = () => {
    throw new Error("the page's own");
  };
  await getUserMedia({ audio: true });
  assert.equal(sink.of("microphone.started").length, 1);
});

test("afterwards a track's stop is the browser's", async () => {
  const { getUserMedia, undo, track, sink } = make();
  await getUserMedia({ audio: true });
  undo();
  track.stop();
  assert.deepEqual(sink.of("microphone.stopped"), []);
});

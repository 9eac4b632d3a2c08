import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneReaders } from "../../probe/microphone-readers.js";
import { NodeConnections } from "../../probe/node-connections.js";
import { audioWindow } from "../support/audio-window.js";
import { collectGarbage } from "../support/collect.js";
import { listeningSink } from "../support/fakes.js";

function make() {
  const { target } = audioWindow();
  target.MediaRecorder = class {};
  target.MediaStreamTrackProcessor = class {};
  const sink = listeningSink();
  const connections = new NodeConnections(target);
  const readers = new MicrophoneReaders(/** @type {any} */ (sink), target, connections);
  const undo = readers.install();
  const track = new target.MediaStreamTrack("microphone");
  const stream = new target.MediaStream([track]);
  readers.add(stream);
  const context = new target.AudioContext();
  const told = () => sink.of("microphone.read").map(({ by }) => by);
  return { target, readers, connections, undo, track, stream, context, told };
}

test("a recorder of the microphone is told once, and one of anything else never", () => {
  const { target, stream, told } = make();
  new target.MediaRecorder(new target.MediaStream([new target.MediaStreamTrack("other")]));
  assert.deepEqual(told(), []);
  new target.MediaRecorder(stream);
  new target.MediaRecorder(stream.clone());
  assert.deepEqual(told(), ["recorder"]);
});

test("a track processor is told, of a copy of the track, too", () => {
  const { target, track, told } = make();
  new target.MediaStreamTrackProcessor({ track: new target.MediaStreamTrack("other") });
  new target.MediaStreamTrackProcessor();
  assert.deepEqual(told(), []);
  new target.MediaStreamTrackProcessor({ track: track.clone() });
  assert.deepEqual(told(), ["track_processor"]);
});

test("a graph whose nodes hand samples to scripts is told, a meter is none", () => {
  const { target, readers, connections, stream, context, told } = make();
  const source = new target.MediaStreamAudioSourceNode(context, {});
  readers.takeStream(new target.MediaStream([new target.MediaStreamTrack("other")]), {});
  readers.takeStream(stream, source);
  const [gain, meter] = [new target.GainNode(context), new target.AnalyserNode(context)];
  connections.add(source, gain);
  connections.add(gain, meter);
  readers.look();
  assert.deepEqual(told(), []);
  connections.add(gain, new target.AudioWorkletNode(context, "capture", {}));
  readers.look();
  readers.look();
  assert.deepEqual(told(), ["audio_graph"]);
});

for (const [when, isBefore] of /** @type {[string, boolean][]} */ ([["before", true], ["after", false]])) {
  test(`a recorder of a graph that a microphone goes into is told, made ${when} that`, () => {
    const { target, readers, connections, stream, context, told } = make();
    const source = new target.MediaStreamAudioSourceNode(context, {});
    readers.takeStream(stream, source);
    const [gain, mixed] = [new target.GainNode(context), context.createMediaStreamDestination()];
    connections.add(source, gain);
    if (isBefore) new target.MediaRecorder(mixed.stream);
    new target.MediaRecorder(context.createMediaStreamDestination().stream);
    readers.look();
    assert.deepEqual(told(), [], "no microphone goes into it");
    connections.add(gain, mixed);
    readers.look();
    if (!isBefore) new target.MediaRecorder(mixed.stream);
    assert.deepEqual(told(), ["recorder"]);
  });
}

test("a graph that is gone is no reader", async () => {
  const { target, readers, stream, context, told } = make();
  (() => readers.takeStream(stream, new target.MediaStreamAudioSourceNode(context, {})))();
  await collectGarbage();
  readers.look();
  assert.equal(readers.sources.size, 0);
  assert.deepEqual(told(), []);
});

test("what is no stream is the page's own mistake", () => {
  const { target, readers, undo } = make();
  new target.MediaRecorder("no stream");
  readers.takeStream(7, {});
  undo();
  assert.equal(readers.sources.size, 0);
});

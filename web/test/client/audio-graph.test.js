import assert from "node:assert/strict";
import { test } from "node:test";
import { AudioGraph } from "../../client/audio-graph.js";
import { FakeAudio } from "../support/dom.js";
import { FakeAudioContext } from "./support/fake-audio.js";
import { FakeStream } from "./support/fake-window.js";

function setUp(firstState) {
  FakeAudioContext.reset(firstState);
  const element = new FakeAudio("audio", null);
  return { element, graph: new AudioGraph({ AudioContext: FakeAudioContext }, element), context: () => FakeAudioContext.all.at(-1) };
}

test("nothing is opened before it is needed, and then once", () => {
  const { graph, context } = setUp();
  graph.setVolume(0.5);
  assert.equal(FakeAudioContext.all.length, 0);
  graph.start();
  graph.start();
  assert.equal(FakeAudioContext.all.length, 1);
  assert.equal(context().gain.gain.value, 0.5, "the volume that was set before");
});

test("the assistant is heard through the gain, and by the muted element too", () => {
  const { graph, element, context } = setUp();
  const stream = new FakeStream();
  graph.playRemote(stream);
  assert.equal(element.srcObject, stream);
  assert.equal(element.muted, true);
  assert.equal(element.paused, false);
  assert.deepEqual(context().gain.to, [context().destination]);
});

test("an element that may not play is no error: the sound comes through the gain", async () => {
  const { graph, element } = setUp();
  element.allowed = Promise.reject(new DOMException("aborted", "AbortError"));
  graph.playRemote(new FakeStream());
  await assert.rejects(element.allowed);
});

test("a change of the volume glides, in a call and from where it is", () => {
  const { graph, context } = setUp();
  graph.start();
  graph.setVolume(2);
  const [[volume, at_s, glide_s]] = context().gain.gain.glides;
  assert.deepEqual([volume, at_s], [2, 3]);
  assert.ok(glide_s > 0 && glide_s < 0.1);
  assert.equal(graph.volume, 2);
});

test("both sides are measured, each where it is", () => {
  const { graph, context } = setUp();
  assert.deepEqual(graph.levels_dbfs(), { user: -Infinity, assistant: -Infinity });
  graph.watchMicrophone(new FakeStream());
  context().amplitude = 0.1;
  assert.equal(Math.round(graph.levels_dbfs().user), -20);
  assert.equal(graph.levels_dbfs().assistant, -Infinity);
  graph.playRemote(new FakeStream());
  assert.equal(Math.round(graph.levels_dbfs().assistant), -20);
});

test("the microphone is not played back to the person", () => {
  const { graph, context } = setUp();
  const made = [];
  graph.start();
  const create = context().createMediaStreamSource.bind(context());
  context().createMediaStreamSource = (stream) => made.push(create(stream)) && made.at(-1);
  graph.watchMicrophone(new FakeStream());
  assert.deepEqual(made[0].to.map(({ name }) => name), ["analyser"]);
});

test("a stream without sound is played by the element, and has no level", () => {
  const { graph } = setUp();
  graph.playRemote(new FakeStream([]));
  graph.watchMicrophone(new FakeStream([]));
  assert.deepEqual(graph.levels_dbfs(), { user: -Infinity, assistant: -Infinity });
});

test("sound is unlocked where the browser allows it, or nothing is open", async () => {
  const { graph } = setUp();
  assert.equal(await graph.unlock(), true);
  graph.start();
  assert.equal(await graph.unlock(), true);
});

test("where the browser wants a touch first, that is known after half a second", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { graph } = setUp("suspended");
  graph.start();
  const unlocked = graph.unlock();
  context.mock.timers.tick(500);
  assert.equal(await unlocked, false);
  FakeAudioContext.isTouched = true;
  const again = graph.unlock();
  assert.equal(await again, true);
});

test("after a call everything is released, and the next one begins with the same volume", () => {
  const { graph, element, context } = setUp();
  graph.setVolume(1.5);
  graph.playRemote(new FakeStream());
  const first = context();
  first.amplitude = 0.5;
  graph.stop();
  assert.equal(first.state, "closed");
  assert.equal(element.srcObject, null);
  assert.deepEqual(graph.levels_dbfs(), { user: -Infinity, assistant: -Infinity });
  graph.stop();
  graph.start();
  assert.notEqual(context(), first);
  assert.equal(context().gain.gain.value, 1.5);
});

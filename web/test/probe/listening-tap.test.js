import assert from "node:assert/strict";
import { test } from "node:test";
import { AudioGraph } from "../../audio/audio-graph.js";
import { fromBase64 } from "../../audio/pcm16.js";
import { ListeningTaps } from "../../probe/listening-tap.js";
import { audioWindow } from "../support/audio-window.js";
import { listeningSink } from "../support/fakes.js";

/** @param {(target: any) => void} [prepare] */
function make(prepare) {
  const { target, state } = audioWindow();
  prepare?.(target);
  const sink = listeningSink();
  const graph = new AudioGraph(/** @type {any} */ (sink), target, "", { wallMs: () => 0 });
  /** @type {any[][]} */
  const asked = [];
  const note = (/** @type {string} */ what) => (/** @type {any[]} */ ...args) => void asked.push([what, ...args]);
  const playback = {
    expect: note("expect"),
    leaveOut: note("leaveOut"),
    add: (/** @type {any[]} */ ...args) => {
      note("add")(...args);
      return note("takeOut");
    },
  };
  const taps = new ListeningTaps(/** @type {any} */ (sink), graph, target, /** @type {any} */ (playback));
  const track = new target.MediaStreamTrack("remote");
  const node = () => state.contexts[0].worklets[0];
  return { target, state, sink, graph, taps, track, asked, node };
}

test("what is received on a track is told, with its frames and its level", async () => {
  const { taps, track, sink, state, node } = make();
  await taps.listen("connection-0", track, track.id);
  assert.deepEqual(sink.of("tap.started"), [
    { connection: "connection-0", track: "remote", sample_rate_hz: 48_000, mode: "worklet" },
  ]);
  assert.ok(state.contexts[0].sources[0].to.has(node()));
  node().hear(0, 128, Int16Array.of(16384, -16384));
  node().hear(0, 130, new Int16Array(2));
  const [sound, silence] = sink.of("heard.samples");
  assert.deepEqual([sound.track, sound.frame, sound.rms_dbfs], ["remote", 128, -6.02]);
  assert.deepEqual(fromBase64(sound.pcm), Int16Array.of(16384, -16384));
  assert.deepEqual(silence, { track: "remote", frame: 130, frames: 2, pcm: "", rms_dbfs: -120 });
});

test("the track is pulled by a muted element that is no part of the page", async () => {
  const { taps, track, asked, target } = make();
  await taps.listen("connection-0", track, track.id);
  const [, pull] = asked.find(([what]) => what === "leaveOut") ?? [];
  assert.ok(pull instanceof target.Audio);
  assert.equal(pull.muted, true);
  assert.deepEqual(pull.srcObject.getAudioTracks().map((/** @type {any} */ { id }) => id), ["remote again"]);
});

test("a track that its page disables is received all the same", async () => {
  const { taps, track, state } = make();
  const listening = taps.listen("connection-0", track, track.id);
  track.enabled = false; // by the page's own listener, which runs after this
  await listening;
  const { mediaStream: stream } = [...state.contexts[0].sources][0].options;
  assert.equal(stream.getAudioTracks()[0].enabled, true);
});

test("a track that was disabled before it came is received, too", async () => {
  const { taps, track, state } = make(({ MediaStreamTrack }) => {
    MediaStreamTrack.prototype.clone = function () {
      return Object.assign(new MediaStreamTrack("again"), { isOn: this.isOn });
    };
  });
  track.enabled = false;
  await taps.listen("connection-0", track, track.id);
  assert.equal([...state.contexts[0].sources][0].options.mediaStream.getAudioTracks()[0].enabled, true);
});

test("the track is known as remote before the page can have it", () => {
  const { taps, track, asked } = make();
  void taps.listen("connection-0", track, track.id); // the page's own listener runs after this
  assert.deepEqual(asked, [["expect", track, "connection-0"]]);
});

test("when the track ends the rest is delivered and everything let go, once", async () => {
  const { taps, track, sink, asked, node, state } = make();
  await taps.listen("connection-0", track, track.id);
  const [, pull] = asked.find(([what]) => what === "leaveOut") ?? [];
  track.fire("ended", { isTrusted: true });
  assert.deepEqual(node().port.posted.at(-1), { close: 0 });
  assert.equal(state.contexts[0].sources[0].to.size, 0);
  assert.equal(pull.srcObject, null);
  assert.equal(asked.filter(([what]) => what === "takeOut").length, 1);
  assert.deepEqual(sink.of("tap.stopped"), [{ track: "remote" }]);
  assert.equal(taps.kept.size, 0);
});

test("an end that a page made up is none", async () => {
  const { taps, track, sink, node } = make();
  await taps.listen("connection-0", track, track.id);
  track.fire("ended", { isTrusted: false });
  assert.deepEqual(sink.of("tap.stopped"), []);
  node().hear(0, 0, Int16Array.of(1));
  assert.equal(sink.of("heard.samples").length, 1);
});

test("classes that a page replaces before the track comes are not used", async () => {
  const { taps, track, target, sink } = make();
  const fail = () => {
    throw new Error("the page's own");
  };
  Object.assign(target, { Audio: fail, MediaStream: fail });
  await taps.listen("connection-0", track, track.id);
  assert.equal(sink.of("tap.started").length, 1);
});

test("without audio the caller is told, and nothing is said to have started", async () => {
  const { target } = audioWindow();
  delete target.AudioContext;
  const sink = /** @type {any} */ (listeningSink());
  const taps = new ListeningTaps(sink, new AudioGraph(sink, target, "", { wallMs: () => 0 }), target);
  await assert.rejects(taps.listen("connection-0", new target.MediaStreamTrack(), "remote"), TypeError);
  assert.deepEqual(sink.of("tap.started"), []);
});

test("a peer that plays nothing is listened to as well", async () => {
  const { target, graph, sink, track } = make();
  const taps = new ListeningTaps(/** @type {any} */ (sink), graph, target);
  await taps.listen("peer", track, track.id);
  track.fire("ended", {});
  assert.deepEqual(sink.told.map(({ type }) => type), ["tap.started", "tap.stopped"]);
});

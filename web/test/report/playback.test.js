import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTask } from "node:timers/promises";
import { Playback } from "../../report/playback.js";
import { FakeAudioContext, openReport } from "./support/report-page.js";

function setUp() {
  const { audio, draw, framesAsked } = openReport();
  /** @type {any[][]} */
  const told = [];
  const playback = new Playback(audio, {
    onPlayed: (seconds) => told.push(["played", seconds]),
    onStopped: (seconds) => told.push(["stopped", seconds]),
    onState: (isPlaying) => told.push(["playing", isPlaying]),
  });
  return { audio, draw, framesAsked, told, playback, of: (kind) => told.filter(([name]) => name === kind).map(([, value]) => value) };
}

test("while it plays the moment is told with every frame, and no longer", () => {
  const { audio, draw, framesAsked, playback, of } = setUp();
  playback.play();
  audio.currentTime = 1.25;
  draw(0);
  audio.currentTime = 1.5;
  draw(16);
  assert.deepEqual(of("played"), [1.25, 1.5]);
  playback.pause();
  draw(32);
  draw(48);
  assert.deepEqual(of("played"), [1.25, 1.5]);
  assert.equal(framesAsked(), 0);
  assert.deepEqual(of("playing"), [true, false]);
});

test("in a window without frames the recording's own events tell the moment", () => {
  const { audio, playback, of } = setUp();
  playback.play();
  audio.reach(3);
  assert.deepEqual(of("played"), [3]);
});

test("where the sound stopped is told, as the last frame may have been before it", () => {
  const { audio, playback, of } = setUp();
  playback.play();
  audio.currentTime = 2.75;
  playback.pause();
  assert.deepEqual(of("stopped"), [2.75]);
});

test("a stop on the way to another place tells nothing: that place was told", () => {
  const { audio, playback, of } = setUp();
  playback.play();
  audio.seeking = true;
  playback.pause();
  assert.deepEqual(of("stopped"), []);
});

test("a browser that refuses to play is shown as not playing", async () => {
  const { audio, playback, of } = setUp();
  audio.allowed = Promise.reject(new DOMException("no", "NotAllowedError"));
  playback.play();
  audio.paused = true;
  await nextTask();
  assert.equal(of("playing").at(-1), false);
});

test("speed and place are the recording's own", () => {
  const { audio, playback } = setUp();
  playback.speed = 1.5;
  playback.seek(4);
  assert.deepEqual([audio.playbackRate, audio.currentTime], [1.5, 4]);
});

test("sent is in the left ear and heard in the right until somebody chooses", () => {
  const { playback } = setUp();
  playback.play();
  assert.equal(FakeAudioContext.all.length, 0, "as it is recorded: nothing needs a route");
});

for (const [what, loudness] of Object.entries({
  stereo: [1, 0, 0, 1], mono: [0.7, 0.7, 0.7, 0.7], sent: [1, 1, 0, 0], heard: [0, 0, 1, 1], unknown: [1, 0, 0, 1],
})) {
  test(`listening to ${what} sends each side to the ears it belongs in`, () => {
    const { playback } = setUp();
    playback.listenTo(what);
    const [context] = FakeAudioContext.all;
    assert.deepEqual(context.loudness, loudness);
    assert.deepEqual(context.connections.filter(([from]) => from === "splitter").map(([, to, side]) => [to, side]), [
      ["gain0", 0], ["gain1", 0], ["gain2", 1], ["gain3", 1],
    ]);
    assert.deepEqual(context.connections.find(([from]) => from === "merger"), ["merger", "ears"]);
    assert.deepEqual(context.connections.filter(([, to]) => to === "merger").map(([from, , , ear]) => [from, ear]), [
      ["gain0", 0], ["gain1", 1], ["gain2", 0], ["gain3", 1],
    ]);
  });
}

test("choosing again changes the loudness, and makes no second route", () => {
  const { playback } = setUp();
  playback.listenTo("sent");
  playback.listenTo("heard");
  assert.equal(FakeAudioContext.all.length, 1);
  assert.deepEqual(FakeAudioContext.all[0].loudness, [0, 0, 1, 1]);
});

test("a stretch plays what was heard, ends where it ends, and gives the choice back", () => {
  const { audio, playback } = setUp();
  playback.listenTo("sent");
  const [context] = FakeAudioContext.all;
  playback.seek(3);
  playback.playHeardUpTo(4.5);
  assert.deepEqual(context.loudness, [0, 0, 1, 1]);
  audio.reach(4.4);
  assert.equal(playback.isPlaying, true);
  audio.reach(4.51);
  assert.equal(playback.isPlaying, false);
  assert.deepEqual(context.loudness, [1, 1, 0, 0]);
  playback.play();
  audio.reach(6);
  assert.equal(playback.isPlaying, true, "what is played next is no stretch");
});

test("a stretch that is stopped by hand gives the choice back too", () => {
  const { playback } = setUp();
  playback.playHeardUpTo(4.5);
  playback.pause();
  assert.deepEqual(FakeAudioContext.all[0].loudness, [1, 0, 0, 1]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTask } from "node:timers/promises";
import { VOICE_CONSTRAINTS, enableTracks, openMicrophone, stopTracks, untilAborted } from "../../client/microphone.js";
import { FakeStream, FakeTrack } from "./support/fake-window.js";

const never = new AbortController().signal;

/** A question to the person that a test answers. */
function question() {
  const asked = [];
  const devices = { getUserMedia: (constraints) => {
    asked.push(constraints);
    return new Promise((resolve, reject) => Object.assign(devices, { allow: resolve, refuse: reject }));
  } };
  return { devices, asked };
}

test("only sound is asked for, with what the page wants of it", async () => {
  const { devices, asked } = question();
  const opening = openMicrophone(devices, VOICE_CONSTRAINTS, never);
  const stream = new FakeStream();
  devices.allow(stream);
  assert.equal(await opening, stream);
  assert.deepEqual(asked, [{
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true }, video: false,
  }]);
});

test("a page that is not secure is told so, and how to open it", async () => {
  for (const devices of [undefined, {}]) {
    await assert.rejects(openMicrophone(devices, {}, never), { code: "insecure_page", hint: /https/ });
  }
});

test("a refusal is told in plain words", async () => {
  const { devices } = question();
  const opening = openMicrophone(devices, {}, never);
  devices.refuse(new DOMException("denied", "NotAllowedError"));
  await assert.rejects(opening, { code: "microphone_denied" });
});

test("who hangs up during the question is not kept waiting, and a late yes is given back", async () => {
  const { devices } = question();
  const attempt = new AbortController();
  const opening = openMicrophone(devices, {}, attempt.signal);
  const reason = new Error("closed");
  attempt.abort(reason);
  await assert.rejects(opening, reason);
  const stream = new FakeStream();
  devices.allow(stream);
  await nextTask();
  assert.equal(stream.tracks[0].readyState, "ended");
});

test("a late no after hanging up is nobody's error", async () => {
  const { devices } = question();
  const attempt = new AbortController();
  const opening = openMicrophone(devices, {}, attempt.signal);
  attempt.abort(new Error("closed"));
  await assert.rejects(opening, /closed/);
  devices.refuse(new DOMException("denied", "NotAllowedError"));
  await nextTask();
});

test("all tracks are stopped, or muted and unmuted; no stream is fine", () => {
  const stream = new FakeStream([new FakeTrack(), new FakeTrack()]);
  enableTracks(stream, false);
  assert.deepEqual(stream.tracks.map(({ enabled }) => enabled), [false, false]);
  enableTracks(stream, true);
  assert.deepEqual(stream.tracks.map(({ enabled, readyState }) => [enabled, readyState]), [[true, "live"], [true, "live"]]);
  stopTracks(stream);
  assert.deepEqual(stream.tracks.map(({ readyState }) => readyState), ["ended", "ended"]);
  stopTracks(null);
  enableTracks(null, true);
});

test("a promise ends by itself or with the signal, whichever is first", async () => {
  const attempt = new AbortController();
  assert.equal(await untilAborted(Promise.resolve(3), attempt.signal), 3);
  await assert.rejects(untilAborted(Promise.reject(new Error("own")), attempt.signal), /own/);
  const waiting = untilAborted(new Promise(() => {}), attempt.signal);
  attempt.abort(new Error("over"));
  await assert.rejects(waiting, /over/);
  await assert.rejects(untilAborted(new Promise(() => {}), attempt.signal), /over/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneDevice } from "../../probe/microphone-device.js";
import { TrackPatches } from "../../probe/wrap-media-stream-track.js";

class OverconstrainedError extends Error {
  /** @param {string} constraint */
  constructor(constraint) { super(); this.constraint = constraint; }
}

function make() {
  class MediaStreamTrack {
    readyState = "live";
    on = true;
    get label() { return "MediaStreamAudioDestinationNode"; }
    get enabled() { return this.on; }
    set enabled(value) { this.on = value; }
    getSettings() { return { raw: true }; }
    getConstraints() { return {}; }
    getCapabilities() { return {}; }
    async applyConstraints() {}
    stop() { this.readyState = "ended"; }
    clone() { return new MediaStreamTrack(); }
  }
  class MediaStream {
    /** @type {any[]} */ tracks = [];
    getAudioTracks() { return this.tracks; }
    clone() { const copy = new MediaStream(); copy.tracks = this.tracks.map(() => new MediaStreamTrack()); return copy; }
  }
  const device = new MicrophoneDevice("1".repeat(64));
  /** @type {any[]} */
  const refreshed = [];
  const patches = new TrackPatches(device, /** @type {any} */ ({ refresh: (/** @type {any} */ m) => refreshed.push(m) }), { MediaStreamTrack, MediaStream, OverconstrainedError });
  patches.install();
  const microphone = /** @type {any} */ ({ id: "m", tracks: new Set() });
  const track = /** @type {any} */ (new MediaStreamTrack());
  patches.add(track, { microphone, settings: device.settingsFor(true), constraints: {} });
  return { track, microphone, refreshed, device, MediaStreamTrack, MediaStream };
}

test("a patched track speaks as the device, any other as it is", () => {
  const { track, device, MediaStreamTrack } = make();
  assert.equal(track.label, `Default - ${device.label}`);
  assert.equal(track.getSettings().deviceId, "default");
  assert.equal(track.getCapabilities().sampleRate.max, 48000);
  const other = new MediaStreamTrack();
  assert.equal(other.label, "MediaStreamAudioDestinationNode");
  assert.deepEqual(other.getSettings(), { raw: true });
});

test("what the page is given cannot change the device", () => {
  const { track } = make();
  track.getSettings().deviceId = "changed";
  track.getConstraints().audio = "changed";
  assert.equal(track.getSettings().deviceId, "default");
  assert.deepEqual(track.getConstraints(), {});
});

test("applied constraints are kept, impossible ones refused and without effect", async () => {
  const { track } = make();
  await track.applyConstraints({ noiseSuppression: false });
  assert.equal(track.getSettings().noiseSuppression, false);
  await assert.rejects(track.applyConstraints({ sampleRate: { exact: 1 } }), OverconstrainedError);
  assert.deepEqual(track.getConstraints(), { noiseSuppression: false });
});

test("copies are of the same microphone, by track or by stream", () => {
  const { track, microphone, MediaStream } = make();
  const copy = track.clone();
  assert.equal(copy.label, track.label);
  const stream = new MediaStream();
  stream.tracks = [track];
  const [copied] = stream.clone().getAudioTracks();
  assert.equal(copied.label, track.label);
  assert.equal(microphone.tracks.size, 3);
});

test("enabling and stopping are noticed, after they have happened", () => {
  const { track, microphone, refreshed } = make();
  track.enabled = false;
  assert.equal(track.enabled, false);
  track.stop();
  assert.equal(track.readyState, "ended");
  assert.deepEqual(refreshed, [microphone, microphone]);
});

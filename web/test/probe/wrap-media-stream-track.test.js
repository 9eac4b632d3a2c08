import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneDevice, Unsatisfied } from "../../probe/microphone-device.js";
import { toPageError, TrackPatches } from "../../probe/wrap-media-stream-track.js";

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
  const undo = patches.install();
  const microphone = /** @type {any} */ ({ id: "m", tracks: new Set() });
  const track = /** @type {any} */ (new MediaStreamTrack());
  patches.add(track, { microphone, settings: device.settingsFor(true), constraints: {} });
  return { track, microphone, refreshed, device, patches, undo, MediaStreamTrack, MediaStream };
}

test("a patched track speaks as the device, any other as it is", () => {
  const { track, device, refreshed, MediaStreamTrack } = make();
  assert.equal(track.label, `Default - ${device.label}`);
  assert.equal(track.getSettings().deviceId, "default");
  assert.equal(track.getCapabilities().sampleRate.max, 48000);
  const other = new MediaStreamTrack();
  assert.equal(other.label, "MediaStreamAudioDestinationNode");
  assert.deepEqual(other.getSettings(), { raw: true });
  other.enabled = false;
  other.stop();
  assert.deepEqual([other.enabled, other.readyState, refreshed], [false, "ended", []]);
});

test("what the page is given cannot change the device", () => {
  const { track } = make();
  track.getSettings().deviceId = "changed";
  track.getConstraints().audio = "changed";
  assert.equal(track.getSettings().deviceId, "default");
  assert.deepEqual(track.getConstraints(), {});
});

test("applied constraints are kept, impossible ones refused; a running microphone stays as it is", async () => {
  const { track } = make();
  await track.applyConstraints({ noiseSuppression: false });
  assert.equal(track.getSettings().noiseSuppression, true);
  await assert.rejects(track.applyConstraints({ sampleRate: { exact: 1 } }), OverconstrainedError);
  assert.deepEqual(track.getConstraints(), { noiseSuppression: false });
});

for (const [asked, refused] of /** @type {[any, string | null][]} */ ([
  [undefined, null],
  [{ echoCancellation: false }, null],
  [{ echoCancellation: { ideal: false } }, null],
  [{ echoCancellation: { exact: true } }, null],
  [{ echoCancellation: { exact: false } }, "echoCancellation"],
  [{ noiseSuppression: { exact: false } }, "noiseSuppression"],
  [{ advanced: [{ echoCancellation: false }] }, null],
  [{ sampleRate: 16_000 }, null],
  [{ deviceId: { exact: "x" } }, "deviceId"],
  [{ groupId: { exact: "x" } }, "groupId"],
])) {
  test(`applying ${JSON.stringify(asked)} is answered as by Chromium`, async () => {
    const { track } = make();
    const before = track.getSettings();
    const error = await track.applyConstraints(asked).then(() => null, (/** @type {any} */ found) => found);
    assert.equal(error && error.constraint, refused);
    assert.deepEqual(track.getConstraints(), refused ? {} : (asked ?? {}));
    assert.deepEqual(track.getSettings(), before);
  });
}

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

test("a device named by its id is no default one", () => {
  const { device, patches, microphone, MediaStreamTrack } = make();
  const track = /** @type {any} */ (new MediaStreamTrack());
  const constraints = { deviceId: { exact: device.deviceId } };
  patches.add(track, { microphone, settings: device.settingsFor(constraints), constraints });
  assert.equal(track.label, device.label);
  assert.equal(track.getSettings().deviceId, device.deviceId);
});

test("a page that changes what it asked with changes nothing afterwards", async () => {
  const { track } = make();
  const asked = { echoCancellation: false, advanced: [{ sampleRate: 48_000 }] };
  await track.applyConstraints(asked);
  asked.echoCancellation = true;
  asked.advanced[0].sampleRate = 1;
  assert.equal(track.getConstraints().echoCancellation, false);
  assert.equal(track.getConstraints().advanced[0].sampleRate, 48_000);
});

test("constraints that cannot be kept are refused with the browser's error, and change nothing", async () => {
  const { track } = make();
  await assert.rejects(track.applyConstraints({ note: () => 1 }), { name: "DataCloneError" });
  await assert.rejects(track.applyConstraints({ get deviceId() { throw new RangeError("a joke"); } }), RangeError);
  assert.equal(track.getSettings().deviceId, "default");
  assert.deepEqual(track.getConstraints(), {});
});

test("a copy goes its own way", async () => {
  const { track } = make();
  const copy = track.clone();
  await copy.applyConstraints({ noiseSuppression: false });
  copy.enabled = false;
  assert.deepEqual([track.getConstraints(), track.enabled], [{}, true]);
  assert.deepEqual(copy.getConstraints(), { noiseSuppression: false });
});

test("a copy of another track is another track", () => {
  const { MediaStreamTrack, MediaStream, microphone } = make();
  const stream = new MediaStream();
  stream.tracks = [new MediaStreamTrack()];
  assert.equal(stream.clone().getAudioTracks()[0].label, "MediaStreamAudioDestinationNode");
  assert.equal(new MediaStreamTrack().clone().label, "MediaStreamAudioDestinationNode");
  assert.equal(microphone.tracks.size, 1);
});

test("each answer of a patched track is one of the browser's kind: a promise, a fresh object", async () => {
  const { track } = make();
  assert.equal(await track.applyConstraints({}), undefined);
  assert.notEqual(track.getSettings(), track.getSettings());
  assert.notEqual(track.getCapabilities().sampleRate, track.getCapabilities().sampleRate);
  assert.deepEqual(Object.keys(track), ["readyState", "on"], "nothing of ours is on it");
});

test("methods called on what is no track fail as the browser's do", () => {
  const { MediaStreamTrack } = make();
  const { stop } = MediaStreamTrack.prototype;
  const { set } = /** @type {any} */ (Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, "enabled"));
  assert.throws(() => stop.call(/** @type {any} */ (undefined)), TypeError);
  assert.throws(() => set.call(undefined, true), TypeError);
});

test("only what the device cannot meet becomes an error of the page's window", () => {
  const error = new Error("another");
  assert.equal(toPageError(error, {}), error);
  const made = toPageError(new Unsatisfied("groupId"), { OverconstrainedError });
  assert.ok(made instanceof OverconstrainedError);
  assert.equal(made.constraint, "groupId");
});

test("afterwards tracks are the browser's", () => {
  const { track, undo } = make();
  undo();
  assert.equal(track.label, "MediaStreamAudioDestinationNode");
  assert.deepEqual(track.getSettings(), { raw: true });
});

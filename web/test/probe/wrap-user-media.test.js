import assert from "node:assert/strict";
import { test } from "node:test";
import { MicrophoneDevice } from "../../probe/microphone-device.js";
import { virtualAnswer, wrapEnumerateDevices, wrapUserMedia } from "../../probe/wrap-user-media.js";
import { listeningSink } from "../support/fakes.js";

class MediaStream {
  /** @param {any[]} tracks */
  constructor(tracks) { this.tracks = tracks; }
  getTracks() { return this.tracks; }
  getAudioTracks() { return this.tracks.filter(({ kind }) => kind === "audio"); }
  getVideoTracks() { return this.tracks.filter(({ kind }) => kind === "video"); }
}
class OverconstrainedError extends Error {
  /** @param {string} constraint */
  constructor(constraint) { super(); this.name = "OverconstrainedError"; this.constraint = constraint; }
}

function make({ allowed = true, camera = true } = {}) {
  /** @type {any[]} */
  const asked = [];
  class MediaDevices {
    async getUserMedia(/** @type {any} */ constraints) {
      asked.push(constraints);
      if (!constraints?.video) throw new TypeError("nothing asked for");
      return new MediaStream([{ id: "v", kind: "video", label: "camera" }]);
    }
    async enumerateDevices() { return [{ kind: "audioinput", label: "the machine's own" }, { kind: "videoinput", label: "fake_device_0", toJSON: () => ({}) }]; }
  }
  class MediaDeviceInfo {}
  const target = { MediaDevices, MediaDeviceInfo, MediaStream, OverconstrainedError, DOMException,
    document: { permissionsPolicy: { allowsFeature: () => allowed } } };
  const sink = listeningSink();
  const device = new MicrophoneDevice("0".repeat(64));
  const patched = new Map();
  const microphones = { create: async () => ({ stream: new MediaStream([{ id: "a", kind: "audio", label: "raw" }]), tracks: new Set() }) };
  const patches = { add: (/** @type {any} */ track, /** @type {any} */ how) => patched.set(track, how) };
  const answer = virtualAnswer(/** @type {any} */ ({ device, microphones, patches, camera, target }));
  wrapUserMedia({ sink: /** @type {any} */ (sink), target, answer });
  wrapEnumerateDevices({ device, camera, target });
  return { devices: new MediaDevices(), sink, asked, patched };
}

test("audio comes from the virtual microphone and the browser is not asked", async () => {
  const { devices, sink, asked, patched } = make();
  const stream = await devices.getUserMedia({ audio: { echoCancellation: false } });
  assert.ok(stream instanceof MediaStream);
  assert.deepEqual(asked, []);
  const [how] = patched.values();
  assert.equal(how.settings.echoCancellation, false);
  assert.deepEqual(how.constraints, { echoCancellation: false });
  assert.deepEqual(sink.told.map(({ type }) => type), ["user_media.requested", "user_media.granted"]);
  assert.equal(sink.told[0].data.call, sink.told[1].data.call);
});

test("video is the browser's, also beside audio", async () => {
  const { devices, asked } = make();
  const stream = await devices.getUserMedia({ audio: true, video: { width: 640 } });
  assert.deepEqual(asked, [{ audio: false, video: { width: 640 } }]);
  assert.deepEqual(stream.getTracks().map(({ kind }) => kind), ["audio", "video"]);
});

test("without a camera the browser is not asked for one, and none is listed", async () => {
  const { devices, asked, sink } = make({ camera: false });
  for (const audio of [true, false]) {
    await assert.rejects(devices.getUserMedia({ audio, video: true }), { name: "NotFoundError" });
  }
  assert.deepEqual(asked, []);
  assert.equal(sink.of("user_media.refused").length, 2);
  assert.ok(!(await devices.enumerateDevices()).some(({ kind }) => kind === "videoinput"));
});

test("constraints that are no object are the browser's to refuse, and told as none", async () => {
  const { devices, sink } = make();
  for (const constraints of [["audio"], "audio", 7]) {
    await assert.rejects(devices.getUserMedia(/** @type {any} */ (constraints)), TypeError);
  }
  assert.deepEqual(sink.of("user_media.requested").map((told) => told.constraints), [{}, {}, {}]);
});

test("an error reaches the page as the browser made it, and is told", async () => {
  const { devices, sink } = make();
  await assert.rejects(devices.getUserMedia(/** @type {any} */ (undefined)), TypeError);
  assert.equal(sink.of("user_media.refused")[0].name, "TypeError");
  await assert.rejects(devices.getUserMedia({ audio: { deviceId: { exact: "x" } } }), OverconstrainedError);
});

test("a frame that may not use the microphone is refused, and sees no devices", async () => {
  const { devices } = make({ allowed: false });
  await assert.rejects(devices.getUserMedia({ audio: true }), { name: "NotAllowedError" });
  assert.deepEqual((await devices.enumerateDevices()).map(({ kind }) => kind), ["videoinput"]);
});

test("the machine's own microphones are not listed, ours is", async () => {
  const { devices } = make();
  const listed = await devices.enumerateDevices();
  assert.deepEqual(listed.map(({ kind }) => kind), ["audioinput", "audioinput", "videoinput"]);
  assert.equal(listed[2].label, "Integrated Camera");
  assert.equal(JSON.parse(JSON.stringify(listed[0])).deviceId, "default");
});

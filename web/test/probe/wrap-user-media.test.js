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

/** @param {{ allowed?: boolean, camera?: boolean, refused?: any, refusal?: any, document?: any }} [options] */
function make(options = {}) {
  const { allowed = true, camera = true, refusal = null } = options;
  const policy = { permissionsPolicy: { allowsFeature: () => allowed } };
  const document = "document" in options ? options.document : policy;
  /** @type {any[]} */
  const asked = [];
  /** @type {any[]} */
  const granted = [];
  const ask = async (/** @type {any} */ constraints) => {
    asked.push(constraints);
    if (refusal) throw refusal;
    if (!constraints?.video && constraints?.video !== null) throw new TypeError("nothing asked for");
    return new MediaStream([{ id: "v", kind: "video", label: "camera" }]);
  };
  class MediaDevices {
    getUserMedia(/** @type {any} */ constraints) { return ask(constraints); }
    async enumerateDevices() { return [{ kind: "audioinput", label: "the machine's own" }, { kind: "videoinput", label: "fake_device_0", toJSON: () => ({}) }]; }
  }
  class MediaDeviceInfo {}
  /** @this {any} @param {any} constraints @param {any} ok @param {any} failed */
  function askWithCallbacks(constraints, ok, failed) {
    if (!ok || !failed) throw new TypeError("callbacks required");
    ask(constraints).then(ok, failed);
  }
  class Navigator {}
  const navigator = /** @type {any} */ (new Navigator());
  Object.assign(Navigator.prototype, { getUserMedia: askWithCallbacks, webkitGetUserMedia: askWithCallbacks });
  const target = {
    MediaDevices, MediaDeviceInfo, MediaStream, Navigator, OverconstrainedError, DOMException, document,
  };
  const sink = listeningSink();
  const device = new MicrophoneDevice("0".repeat(64));
  const patched = new Map();
  const microphones = { create: async () => ({ stream: new MediaStream([{ id: "a", kind: "audio", label: "raw" }]), tracks: new Set() }) };
  const access = { refusal: () => options.refused ?? null, entries: () => (options.refused ? [] : device.entries()), grant() {} };
  const patches = { add: (/** @type {any} */ track, /** @type {any} */ how) => patched.set(track, how) };
  const answer = virtualAnswer(/** @type {any} */ ({ device, microphones, patches, access, camera, target }));
  const undos = [
    wrapUserMedia({ sink: /** @type {any} */ (sink), target, answer, onGranted: (stream) => granted.push(stream) }),
    wrapEnumerateDevices(/** @type {any} */ ({ device, access, camera, target })),
  ];
  const undo = () => undos.forEach((back) => back());
  return { devices: new MediaDevices(), navigator, target, sink, asked, granted, patched, undo };
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

test("null is a wish like an empty one, of the microphone and of the camera", async () => {
  const { devices, asked, patched } = make();
  await devices.getUserMedia({ audio: null });
  assert.deepEqual(asked, []);
  assert.deepEqual([...patched.values()].map(({ constraints }) => constraints), [{}]);
  await devices.getUserMedia({ audio: true, video: null });
  assert.deepEqual(asked, [{ audio: false, video: null }]);
});

test("old constraints are the virtual microphone's, and mixed with new ones the browser's to refuse", async () => {
  const { devices, asked, patched } = make();
  await devices.getUserMedia({ audio: { mandatory: { echoCancellation: false } } });
  assert.deepEqual([...patched.values()].map(({ constraints }) => constraints), [{ echoCancellation: { exact: false } }]);
  const mixed = { audio: { mandatory: {}, echoCancellation: true } };
  await assert.rejects(devices.getUserMedia(mixed), TypeError);
  assert.deepEqual(asked, [mixed]);
});

test("who gets no microphone is told why, and neither the browser nor the camera is asked", async () => {
  const { devices, asked, granted, sink } = make({ refused: new DOMException("Permission dismissed", "NotAllowedError") });
  await assert.rejects(devices.getUserMedia({ audio: true, video: true }), { name: "NotAllowedError" });
  assert.deepEqual(asked, []);
  assert.deepEqual(granted, []);
  assert.deepEqual(sink.of("user_media.refused")[0].reason, "Permission dismissed");
  assert.deepEqual((await devices.enumerateDevices()).map(({ kind }) => kind), ["videoinput"]);
});

test("who gets one is told of before the page has it", async () => {
  const { devices, granted } = make();
  assert.deepEqual([await devices.getUserMedia({ audio: true })], granted);
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

/** The old form, as a promise of what the page's callbacks get. @param {any} navigator @param {any} constraints */
const askOldWay = (navigator, constraints, name = "webkitGetUserMedia") =>
  new Promise((resolve, reject) => navigator[name](constraints, resolve, reject));

test("the old forms with callbacks are answered and told as the new one", async () => {
  const { navigator, sink, asked } = make();
  assert.ok((await askOldWay(navigator, { audio: true })) instanceof MediaStream);
  assert.ok((await askOldWay(navigator, { audio: true }, "getUserMedia")) instanceof MediaStream);
  assert.deepEqual(asked, []);
  await askOldWay(navigator, { video: true });
  assert.deepEqual(asked, [{ video: true }]);
  await assert.rejects(askOldWay(navigator, {}), TypeError);
  assert.deepEqual(sink.of("user_media.requested").map(({ call }) => call), [0, 1, 2, 3].map((n) => `getUserMedia-${n}`));
  assert.equal(sink.of("user_media.refused")[0].call, "getUserMedia-3");
});

test("an old call without its callbacks is the browser's to refuse", () => {
  const { navigator, sink } = make();
  for (const args of [[], [{ audio: true }], [{ audio: true }, () => {}], [{ audio: true }, null, null]]) {
    assert.throws(() => navigator.webkitGetUserMedia(...args), new TypeError("callbacks required"));
  }
  assert.deepEqual(sink.told, []);
});

test("a page gets a promise of the browser's kind, at once, and each call is its own", async () => {
  const { devices, sink } = make();
  const [first, second] = [devices.getUserMedia({ audio: true }), devices.getUserMedia({ audio: true })];
  assert.equal(Object.getPrototypeOf(first), Promise.prototype);
  assert.notEqual(await first, await second);
  assert.deepEqual(sink.of("user_media.granted").map(({ call }) => call), ["getUserMedia-0", "getUserMedia-1"]);
});

test("constraints that hold anything are told as far as they can be", async () => {
  const { devices, sink } = make();
  const cyclic = /** @type {any} */ ({ audio: true });
  cyclic.self = cyclic;
  await devices.getUserMedia(cyclic);
  await devices.getUserMedia({ audio: true, get extra() { throw new Error("a joke"); } });
  await devices.getUserMedia({ audio: { echoCancellation: true, note: () => 1 } });
  await assert.rejects(devices.getUserMedia(/** @type {any} */ (null)), TypeError);
  assert.deepEqual(sink.of("user_media.requested").map(({ constraints }) => constraints), [
    {}, {}, { audio: { echoCancellation: true } }, {},
  ]);
});

test("a refusal that is no error object is told by its text", async () => {
  const { devices, sink } = make({ refusal: "because" });
  await assert.rejects(devices.getUserMedia({ video: true }), (thrown) => thrown === "because");
  assert.deepEqual(sink.of("user_media.refused").map(({ name, reason }) => [name, reason]), [["Error", "because"]]);
});

test("where the camera is refused no microphone is opened", async () => {
  const { devices, patched } = make({ refusal: new DOMException("no", "NotAllowedError") });
  await assert.rejects(devices.getUserMedia({ audio: true, video: true }), { name: "NotAllowedError" });
  assert.equal(patched.size, 0);
});

test("a required constraint that no device meets is refused by its name", async () => {
  const { devices, sink, asked } = make();
  await assert.rejects(devices.getUserMedia({ audio: { sampleRate: { exact: 8_000 } }, video: true }), {
    name: "OverconstrainedError", constraint: "sampleRate",
  });
  assert.deepEqual(asked, [], "before the browser is asked for a picture");
  assert.equal(sink.of("user_media.refused")[0].name, "OverconstrainedError");
});

test("a browser whose frames have no such policy lets every frame have the microphone", async () => {
  for (const document of [undefined, {}, { featurePolicy: { allowsFeature: () => true } }, { permissionsPolicy: {} }]) {
    const { devices } = make({ document });
    await assert.doesNotReject(devices.getUserMedia({ audio: true }));
  }
});

test("a listed microphone is of the browser's class, says what it can, and hides its fields as that does", async () => {
  const { devices, target } = make();
  const [info] = /** @type {any[]} */ (await devices.enumerateDevices());
  assert.ok(info instanceof target.MediaDeviceInfo);
  assert.deepEqual(Object.keys(info), []);
  assert.deepEqual(Object.keys(info.toJSON()), ["kind", "deviceId", "groupId", "label"]);
  assert.equal(info.getCapabilities().channelCount.max, 1);
  info.toJSON().label = "changed";
  assert.equal(info.toJSON().label, "Default - Headset Microphone");
});

test("afterwards the browser answers itself", async () => {
  const { devices, asked, sink, undo } = make();
  undo();
  await assert.rejects(devices.getUserMedia({ audio: true }), TypeError);
  assert.equal(asked.length, 1);
  assert.equal((await devices.enumerateDevices())[0].label, "the machine's own");
  assert.deepEqual(sink.told, []);
});

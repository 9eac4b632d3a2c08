import assert from "node:assert/strict";
import { test } from "node:test";
import { installProbe } from "../../probe/probe.js";
import { settled } from "../support/audio-window.js";
import { probeWindow } from "../support/probe-window.js";

const OPTIONS = {
  binding: "wayOut",
  key: "secret key",
  windowsKey: "w-secret",
  microphone: /** @type {"virtual" | "device"} */ ("virtual"),
  access: /** @type {import("../../probe/microphone-access.js").Access} */ ("allow"),
  camera: false,
  autoplay: /** @type {"allowed" | "user-gesture"} */ ("allowed"),
  deviceSeed: "ab".repeat(32),
  statsEveryMs: 0,
  workletSource: "",
  relay: /** @type {import("../../probe/relay-routes.js").Relay | null} */ (null),
};

/** @param {Partial<typeof OPTIONS>} [options] @param {(target: any) => void} [before] The page's first script. */
function make(options = {}, before = () => {}) {
  const made = probeWindow();
  before(made.target);
  installProbe(made.target, { ...OPTIONS, ...options });
  /** What has been told, after the sink's beat. @param {string} type */
  const of = (type) => {
    for (const timer of made.timers) if (timer.ms <= 4) timer.task();
    return made.envelopes.filter((one) => one.type === type).map(({ data }) => data);
  };
  return { ...made, of, devices: made.target.MediaDevices && new made.target.MediaDevices() };
}

test("a page is told as loaded at once, without what its address hides", () => {
  const { envelopes } = make();
  const [first] = envelopes;
  assert.deepEqual([first.type, first.seq, first.frame_id], ["page.loaded", 0, "a5".repeat(8)]);
  assert.deepEqual(first.data, { url: "https://***@host/path?***", is_top: true });
});

test("a frame in a page is none at the top", () => {
  const { of } = make({}, (target) => {
    target.top = {};
  });
  assert.equal(of("page.loaded")[0].is_top, false);
});

test("the way out is not left on the window", () => {
  assert.equal("wayOut" in make().target, false);
});

for (const binding of [undefined, "no function", {}]) {
  test(`where the way out is ${typeof binding} the page is left as it is`, () => {
    const { target, envelopes } = make({}, (page) => {
      page.wayOut = binding;
      page.before = page.MediaDevices.prototype.getUserMedia;
    });
    assert.equal(target.MediaDevices.prototype.getUserMedia, target.before);
    assert.deepEqual(envelopes, []);
  });
}

/** All that a page can see of its classes: the shape of every property, and how functions print. @param {any} target */
function shapes(target) {
  const print = target.Function.prototype.toString;
  /** @param {any} value */
  const shape = (value) => typeof value === "function"
    ? [value.name, value.length, Reflect.apply(print, value, []), Object.getOwnPropertyNames(value).join()]
    : typeof value;
  /** @param {any} owner */
  const properties = (owner) =>
    Object.entries(Object.getOwnPropertyDescriptors(owner)).map(([name, { value, get, set, ...flags }]) =>
      [name, shape(value), shape(get), shape(set), flags]);
  const classes = Object.keys(target).filter((name) => typeof target[name] === "function" && target[name].prototype);
  return [shape(print), properties(target), ...classes.map((name) => properties(target[name].prototype))];
}

test("a page sees its window and its classes as they were", () => {
  for (const microphone of /** @type {const} */ (["virtual", "device"])) {
    /** @type {any} */
    let before;
    const { target, of } = make({ microphone }, (page) => {
      const { wayOut, ...rest } = page;
      before = shapes(rest);
    });
    assert.deepEqual(shapes(target), before);
    assert.deepEqual(of("page.error"), []);
    assert.equal(target.RTCPeerConnection.prototype.constructor, target.RTCPeerConnection);
  }
});

test("who knows the key commands the page, and nobody else", () => {
  const { target } = make();
  assert.equal(target.Navigator.prototype.javaEnabled["secret key"].now(), 1_000_005);
  assert.equal(target.Navigator.prototype.javaEnabled["another key"], undefined);
});

test("where a relay stands before remote peers, the browser gets its addresses and the trace the page's", async () => {
  const { target, of } = make({ relay: { host: "127.0.0.1", fronts: [7001], sink: 7099 } });
  const peer = new target.RTCPeerConnection();
  const sdp = "m=audio 9 X\na=ice-ufrag:peer\na=candidate:1 1 udp 9 192.0.2.2 2222 typ host\n";
  await peer.setRemoteDescription({ type: "answer", sdp });
  await settled();
  assert.match(peer.remoteDescription.sdp, /127\.0\.0\.1 7001/);
  assert.equal(of("peer_connection.answer")[0].sdp, sdp);
  assert.equal(of("peer_connection.relayed")[0].connection, "connection-0");
});

test("the virtual microphone answers, and the browser's own is not asked", async () => {
  const { devices, of, target } = make();
  const [track] = (await devices.getUserMedia({ audio: true })).getTracks();
  await settled();
  assert.deepEqual(devices.asked, []);
  assert.equal(track.label, "Default - Headset Microphone");
  assert.equal(of("microphone.started")[0].mode, "worklet");
  const listed = await devices.enumerateDevices();
  assert.ok(listed.every((/** @type {any} */ info) => info instanceof target.InputDeviceInfo));
  await assert.rejects(devices.getUserMedia({ video: true }), { name: "NotFoundError" });
});

test("in device mode the browser's own microphone answers, and is listened to", async () => {
  const { devices, of } = make({ microphone: "device" });
  const [track] = (await devices.getUserMedia({ audio: true })).getTracks();
  await settled();
  assert.equal(track.id, "the machine's own");
  assert.deepEqual(devices.asked, [{ audio: true }]);
  assert.equal(of("microphone.started")[0].mode, "device");
  assert.deepEqual((await devices.enumerateDevices()).map(({ label }) => label), ["the machine's own"]);
});

test("a remote track is listened to, received and played", async () => {
  const { target, of } = make();
  const peer = new target.RTCPeerConnection();
  const track = new target.MediaStreamTrack("remote");
  peer.fire("track", { track, streams: [] });
  await settled();
  assert.equal(of("tap.started")[0].track, "remote");
  assert.equal(of("playback.changed")[0].reason, "no element plays the track");
  new target.Audio().srcObject = new target.MediaStream([track]);
  assert.equal(of("playback.changed").at(-1).via, "element");
});

test("a track that cannot be listened to is told, and the page's call goes on", async () => {
  const { target, of } = make({}, (page) => delete page.AudioContext);
  const peer = new target.RTCPeerConnection();
  peer.fire("track", { track: new target.MediaStreamTrack("remote"), streams: [] });
  await settled();
  assert.equal(of("tap.failed")[0].track, "remote");
  assert.match(of("tap.failed")[0].why, /^TypeError/);
  await assert.doesNotReject(peer.setRemoteDescription({ type: "answer", sdp: "v=0" }));
});

test("statistics come at the interval asked for", async () => {
  const { target, timers, of } = make({ statsEveryMs: 250 });
  const peer = new target.RTCPeerConnection();
  peer.connectionState = "connected";
  const [timer] = timers.filter(({ ms }) => ms === 250);
  await timer.task();
  await settled();
  assert.deepEqual(of("stats"), [{ connection: "connection-0", report: [{ type: "transport" }] }]);
});

test("errors of the page are told, whatever it makes of them", async () => {
  const { fire, of } = make();
  fire("error", { message: "boo" });
  assert.doesNotThrow(() => fire("error", { get message() { throw new Error("a joke"); } }));
  assert.doesNotThrow(() => fire("error", { message: { toString: null } }));
  fire("pagehide", { isTrusted: true });
  assert.deepEqual(of("page.error"), [{ message: "boo" }]);
});

test("a page that goes says so in its last moment; one that only says it does not go", () => {
  const { fire, of } = make();
  fire("pagehide", { isTrusted: false });
  assert.deepEqual(of("page.unloaded"), []);
  fire("pagehide", { isTrusted: true });
  assert.deepEqual(of("page.unloaded"), [{ url: "https://***@host/path?***" }]);
});

test("what cannot be installed is told, and the page still works", async () => {
  const { devices, of } = make({}, (page) => Object.freeze(page.MediaDevices.prototype));
  assert.match(of("page.error")[0].message, /^the probe could not be installed: TypeError/);
  assert.equal(of("page.loaded").length, 1);
  assert.equal((await devices.getUserMedia({ audio: true })).getTracks()[0].id, "the machine's own");
});

test("a window without WebRTC, devices or audio is no error", () => {
  const { of } = make({}, (page) => {
    for (const name of Object.keys(page)) if (/^(Audio|Media|RTC|HTML|Gain|Base|Nav)/.test(name)) delete page[name];
  });
  assert.deepEqual(of("page.error"), []);
  assert.equal(of("page.loaded").length, 1);
});

test("what a person does on a page that tells of it is told", () => {
  const { fire, of } = make();
  fire("voicecall", { detail: { type: "close.clicked" } });
  assert.deepEqual(of("close.clicked"), [{}]);
});

test("a page that is to wait for a click is refused, until it has a microphone", async () => {
  const { target, devices, of } = make({ autoplay: "user-gesture" });
  const speaker = new target.HTMLMediaElement();
  speaker.now.paused = true;
  speaker.srcObject = new target.MediaStream([new target.MediaStreamTrack("remote")]);
  await assert.rejects(speaker.play(), { name: "NotAllowedError" });
  await devices.getUserMedia({ audio: true });
  await assert.doesNotReject(speaker.play());
  assert.deepEqual(of("page.error"), []);
});

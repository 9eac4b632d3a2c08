import assert from "node:assert/strict";
import { test } from "node:test";
import { PeerConnections } from "../../probe/wrap-peer-connection.js";
import { listeningSink, Target } from "../support/fakes.js";

function make({ oldName = false } = {}) {
  class RTCPeerConnection extends Target {
    signalingState = "stable";
    connectionState = "new";
    /** @type {any} */ localDescription = null;
    async setLocalDescription(/** @type {any} */ _given) { this.localDescription = { type: "offer", sdp: "v=0\na=ice-pwd:secret" }; }
    async setRemoteDescription() { throw new Error("bad answer"); }
    async addIceCandidate() {}
    createDataChannel(/** @type {string} */ label) { return { label }; }
    close() { this.signalingState = "closed"; }
  }
  /** @type {any} */
  const target = { RTCPeerConnection, ...(oldName ? { webkitRTCPeerConnection: RTCPeerConnection } : {}) };
  const sink = listeningSink();
  /** @type {any} */
  const heard = [];
  /** @type {any[]} */
  const created = [];
  /** @type {any} */
  const channels = [];
  const undo = new PeerConnections({
    sink: /** @type {any} */ (sink),
    target,
    channels: /** @type {any} */ ({ observe: (...args) => channels.push(args) }),
    onRemoteTrack: (_, track) => heard.push(track),
    onCreated: (...args) => created.push(args),
  }).install();
  return { created, sink, target, heard, channels, undo, native: RTCPeerConnection };
}

test("a connection made by the page is the browser's own object", () => {
  const { target, native, sink, undo } = make();
  const peer = new target.RTCPeerConnection({ iceServers: [{ urls: "turn:a", credential: "c" }] });
  assert.ok(peer instanceof native);
  assert.ok(peer instanceof target.RTCPeerConnection);
  assert.equal(peer.constructor, target.RTCPeerConnection);
  class Own extends target.RTCPeerConnection {}
  assert.ok(new Own() instanceof Own);
  assert.deepEqual(sink.of("peer_connection.created").map(({ connection }) => connection), ["connection-0", "connection-1"]);
  assert.equal(sink.told[0].data.configuration.iceServers[0].credential, "***");
  undo();
  assert.equal(target.RTCPeerConnection, native);
  assert.equal(native.prototype.constructor, native);
});

test("descriptions are told once they are set, without passwords; errors are passed on", async () => {
  const { target, sink } = make();
  const peer = new target.RTCPeerConnection();
  await peer.setLocalDescription();
  assert.deepEqual(sink.of("peer_connection.offer"), [{ connection: "connection-0", side: "local", sdp: "v=0\na=ice-pwd:***" }]);
  await assert.rejects(peer.setRemoteDescription({ type: "answer", sdp: "nonsense" }), /bad answer/);
  assert.equal(sink.of("peer_connection.error")[0].operation, "setRemoteDescription");
});

test("states, candidates, tracks and channels are told", async () => {
  const { target, sink, heard, channels } = make();
  const peer = new target.RTCPeerConnection();
  peer.connectionState = "connected";
  peer.fire("connectionstatechange");
  peer.fire("icecandidate", { candidate: { candidate: "candidate:1" } });
  peer.fire("icecandidate", { candidate: null });
  await peer.addIceCandidate({ candidate: "candidate:2" });
  peer.fire("icecandidateerror", { url: "turn:a:3478?secret=kim", errorCode: 401, errorText: "Unauthorized" });
  const track = { id: "t", kind: "audio" };
  peer.fire("track", { track, streams: [{ id: "s" }] });
  peer.fire("track", { track, streams: [] });
  peer.createDataChannel("words");
  peer.fire("datachannel", { channel: { label: "theirs" } });
  assert.equal(sink.of("peer_connection.state")[0].state, "connected");
  assert.deepEqual(sink.of("peer_connection.candidate").map(({ side, candidate }) => [side, candidate]), [["local", "candidate:1"], ["local", null], ["remote", "candidate:2"]]);
  assert.deepEqual(sink.of("peer_connection.candidate_error"), [
    { connection: "connection-0", server: "turn:a:3478?***", code: 401, message: "Unauthorized" },
  ]);
  assert.deepEqual(heard, [track], "a track is listened to once");
  assert.deepEqual(channels.map((/** @type {any} */ [, , side]) => side), ["local", "remote"]);
});

test("the end is told once, the beginning to whoever watches connections", () => {
  const { target, sink, created } = make();
  const peer = new target.RTCPeerConnection();
  assert.deepEqual(created, [["connection-0", peer]]);
  peer.close();
  peer.close();
  assert.equal(sink.of("peer_connection.closed").length, 1);
});

/** Its getter works once, as the browser reads it, and throws after that. @param {string} name @param {any} value */
function onceOnly(name, value) {
  let reads = 0;
  return Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      if (reads++ > 0) throw new Error("read twice");
      return value;
    },
  });
}

test("a configuration that cannot be read again makes a connection all the same", () => {
  const { target, sink } = make();
  const configuration = onceOnly("iceServers", []);
  void (/** @type {any} */ (configuration).iceServers); // the browser's own reading
  const peer = new target.RTCPeerConnection(configuration);
  assert.equal(peer.signalingState, "stable");
  peer.fire("connectionstatechange");
  assert.deepEqual(sink.told.map(({ type }) => type), ["peer_connection.created", "peer_connection.state"]);
});

test("a candidate that cannot be read is the browser's to refuse", async () => {
  const { target, sink } = make();
  const peer = new target.RTCPeerConnection();
  await assert.doesNotReject(peer.addIceCandidate({ get candidate() { throw new Error("a joke"); } }));
  await peer.addIceCandidate();
  await peer.addIceCandidate({});
  assert.deepEqual(sink.of("peer_connection.candidate").map(({ candidate }) => candidate), [null, ""]);
});

test("a description that cannot be read again is set, and no rejection of ours is left", async () => {
  const { target, sink } = make();
  const peer = new target.RTCPeerConnection();
  await peer.setLocalDescription({ get type() { throw new Error("read twice"); } });
  await new Promise((resolve) => setImmediate(resolve)); // an unhandled rejection fails a test
  assert.equal(peer.localDescription.type, "offer");
  assert.deepEqual(sink.of("peer_connection.offer"), []);
});

test("a promise that a page gets is the browser's own, and settles as it does", async () => {
  const { target, undo, native } = make();
  undo();
  const outcome = Promise.reject(new DOMException("no", "InvalidStateError"));
  native.prototype.setRemoteDescription = () => outcome;
  const sink = listeningSink();
  new PeerConnections(/** @type {any} */ ({ sink, target, channels: {}, onRemoteTrack() {}, onCreated() {} })).install();
  const peer = new target.RTCPeerConnection();
  const given = peer.setRemoteDescription({ type: "answer", sdp: "v=0\na=ice-pwd:secret" });
  assert.equal(given, outcome);
  await assert.rejects(given, { name: "InvalidStateError" });
  assert.equal(sink.of("peer_connection.error")[0].message, "no");
});

test("the old form with callbacks is told by them, whatever its promise says", async () => {
  const { target, undo, native, sink } = make();
  undo();
  /** @type {any} */
  const bad = new DOMException("no line ends", "OperationError");
  native.prototype.setRemoteDescription = native.prototype.addIceCandidate = /** @type {any} */ (
    (/** @type {any} */ given, /** @type {any} */ done, /** @type {any} */ refused) => {
      setImmediate(() => (given.isGood ? done() : refused(bad)));
      return Promise.resolve();
    }
  );
  new PeerConnections(/** @type {any} */ ({ sink, target, channels: {}, onRemoteTrack() {}, onCreated() {} })).install();
  const peer = new target.RTCPeerConnection();
  const answer = { type: "answer", sdp: "v=0" };
  await new Promise((resolve) => peer.setRemoteDescription(answer, () => assert.fail(), resolve)).then((error) =>
    assert.equal(error, bad),
  );
  assert.deepEqual(sink.of("peer_connection.answer"), [], "it was refused");
  assert.equal(sink.of("peer_connection.error")[0].message, "no line ends");
  await new Promise((resolve) => peer.setRemoteDescription({ ...answer, isGood: true }, resolve));
  assert.equal(sink.of("peer_connection.answer").length, 1);
  await new Promise((resolve) => peer.addIceCandidate({ candidate: "candidate:1" }, () => {}, resolve));
  const { operation, candidate } = sink.of("peer_connection.error")[1];
  assert.deepEqual([operation, candidate], ["addIceCandidate", "candidate:1"]);
  peer.setRemoteDescription(answer, () => {}); // nobody hears of its refusal but we
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(sink.of("peer_connection.error").length, 3);
});

test("answers are told, provisional ones too; a rollback is none", async () => {
  const { target, sink } = make();
  const peer = new target.RTCPeerConnection();
  for (const type of ["answer", "pranswer", "rollback"]) await peer.setLocalDescription({ type, sdp: `v=0 ${type}` });
  assert.deepEqual(sink.of("peer_connection.answer").map(({ sdp }) => sdp), ["v=0 answer", "v=0 pranswer"]);
  assert.deepEqual(sink.of("peer_connection.offer"), []);
});

test("methods called on what is no connection fail as the browser's do", () => {
  const { target, sink, channels } = make();
  const { close, createDataChannel } = target.RTCPeerConnection.prototype;
  assert.throws(() => close.call(undefined), TypeError);
  assert.doesNotThrow(() => createDataChannel.call({}, "words"));
  assert.deepEqual(channels, []);
  assert.deepEqual(sink.told, []);
});

test("a page that hears its own events hears them after us, and all of them", () => {
  const { target, sink } = make();
  const peer = new target.RTCPeerConnection();
  /** @type {string[]} */
  const order = [];
  for (const event of ["iceconnectionstatechange", "icegatheringstatechange", "signalingstatechange"]) {
    peer.addEventListener(event, () => order.push(`${event} after ${sink.of("peer_connection.state").length}`));
    peer.fire(event);
  }
  assert.deepEqual(order, [
    "iceconnectionstatechange after 1", "icegatheringstatechange after 2", "signalingstatechange after 3",
  ]);
  assert.deepEqual(sink.of("peer_connection.state").map(({ kind }) => kind), ["ice", "gathering", "signaling"]);
});

test("pictures are told and not listened to", () => {
  const { target, sink, heard } = make();
  new target.RTCPeerConnection().fire("track", { track: { id: "v", kind: "video" }, streams: [] });
  assert.deepEqual(sink.of("peer_connection.track"), [{ connection: "connection-0", track: "v", kind: "video", streams: [] }]);
  assert.deepEqual(heard, []);
});

test("the old name makes the same connections", () => {
  const { target, undo, native } = make({ oldName: true });
  assert.equal(target.webkitRTCPeerConnection, target.RTCPeerConnection);
  undo();
  assert.equal(target.webkitRTCPeerConnection, native);
});

test("a window without WebRTC is left alone", () => {
  const parts = /** @type {any} */ ({ sink: listeningSink(), target: {}, channels: {} });
  assert.doesNotThrow(new PeerConnections(parts).install());
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { PeerConnections } from "../../probe/wrap-peer-connection.js";
import { listeningSink, Target } from "../support/fakes.js";

function make() {
  class RTCPeerConnection extends Target {
    signalingState = "stable";
    connectionState = "new";
    /** @type {any} */ localDescription = null;
    async setLocalDescription() { this.localDescription = { type: "offer", sdp: "v=0\na=ice-pwd:secret" }; }
    async setRemoteDescription() { throw new Error("bad answer"); }
    async addIceCandidate() {}
    createDataChannel(/** @type {string} */ label) { return { label }; }
    close() { this.signalingState = "closed"; }
  }
  /** @type {any} */
  const target = { RTCPeerConnection };
  const sink = listeningSink();
  /** @type {any} */
  const heard = [];
  /** @type {any} */
  const channels = [];
  const undo = new PeerConnections({
    sink: /** @type {any} */ (sink),
    target,
    channels: /** @type {any} */ ({ observe: (...args) => channels.push(args) }),
    onRemoteTrack: (_, track) => heard.push(track),
    onCreated: () => {},
  }).install();
  return { sink, target, heard, channels, undo, native: RTCPeerConnection };
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
  const track = { id: "t", kind: "audio" };
  peer.fire("track", { track, streams: [{ id: "s" }] });
  peer.fire("track", { track, streams: [] });
  peer.createDataChannel("words");
  peer.fire("datachannel", { channel: { label: "theirs" } });
  assert.equal(sink.of("peer_connection.state")[0].state, "connected");
  assert.deepEqual(sink.of("peer_connection.candidate").map(({ side, candidate }) => [side, candidate]), [["local", "candidate:1"], ["local", null], ["remote", "candidate:2"]]);
  assert.deepEqual(heard, [track], "a track is listened to once");
  assert.deepEqual(channels.map((/** @type {any} */ [, , side]) => side), ["local", "remote"]);
});

test("the end is told once", () => {
  const { target, sink } = make();
  const peer = new target.RTCPeerConnection();
  peer.close();
  peer.close();
  assert.equal(sink.of("peer_connection.closed").length, 1);
});

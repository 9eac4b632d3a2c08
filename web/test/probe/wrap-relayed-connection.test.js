import assert from "node:assert/strict";
import { test } from "node:test";
import { RelayedConnections } from "../../probe/wrap-relayed-connection.js";
import { listeningSink, Target } from "../support/fakes.js";

const OURS = "candidate:1 1 udp 99 192.0.2.1 1111 typ host";
const THEIRS = "candidate:2 1 udp 99 192.0.2.2 2222 typ host";
const TCP = "candidate:3 1 tcp 99 192.0.2.2 9 typ host tcptype active";
const SINK = "candidate:1 1 udp 99 127.0.0.1 7099 typ host";
const FRONT = "candidate:2 1 udp 99 127.0.0.1 7001 typ host";

/** @param {string[]} candidates */
const sdp = (...candidates) => ["v=0", "m=audio 9 X", "a=ice-ufrag:peer", ...candidates.map((one) => `a=${one}`), ""].join("\r\n");

function make() {
  class RTCSessionDescription {
    /** @param {any} init */
    constructor({ type, sdp: text }) { this.type = type; this.sdp = text; }
  }
  class RTCIceCandidate {
    /** @param {any} init */
    constructor(init) { Object.assign(this, init); }
  }
  class RTCPeerConnectionIceEvent {
    /** @param {any} candidate */
    constructor(candidate) { this.has = candidate; }
    get candidate() { return this.has; }
  }
  class RTCPeerConnection extends Target {
    /** @type {any} */ local = null;
    /** @type {any} */ remote = null;
    /** @type {any[]} */ added = [];
    get localDescription() { return this.local; }
    get currentLocalDescription() { return this.local; }
    get pendingLocalDescription() { return null; }
    get remoteDescription() { return this.remote; }
    get currentRemoteDescription() { return this.remote; }
    get pendingRemoteDescription() { return null; }
    async setLocalDescription(/** @type {any} */ given) { this.local = new RTCSessionDescription(given); }
    async setRemoteDescription(/** @type {any} */ given) { this.remote = new RTCSessionDescription(given); }
    async addIceCandidate(/** @type {any} */ ...given) { this.added.push(given); }
    async createOffer(/** @type {any} */ success) {
      const made = new RTCSessionDescription({ type: "offer", sdp: sdp(OURS) });
      return typeof success === "function" ? success(made) : made;
    }
    async createAnswer() { return new RTCSessionDescription({ type: "answer", sdp: sdp() }); }
  }
  const target = { RTCIceCandidate, RTCPeerConnection, RTCPeerConnectionIceEvent, RTCSessionDescription };
  const sink = listeningSink();
  const relay = { host: "127.0.0.1", fronts: [7001], sink: 7099 };
  const undo = new RelayedConnections({ sink: /** @type {any} */ (sink), target, relay, nameOf: () => "connection-0" }).install();
  return { peer: new RTCPeerConnection(), sink, target, undo };
}

test("the browser gets the relay's ways, and the page reads back what it gave", async () => {
  const { peer, sink } = make();
  await peer.setRemoteDescription({ type: "answer", sdp: sdp(THEIRS, TCP) });
  assert.equal(peer.remote.sdp, sdp(FRONT));
  assert.deepEqual([peer.remoteDescription.type, peer.remoteDescription.sdp], ["answer", sdp(THEIRS)]);
  assert.equal(peer.remoteDescription, peer.currentRemoteDescription);
  assert.deepEqual(sink.of("peer_connection.relayed").map(({ connection, front, why }) => [connection, front, why]), [
    ["connection-0", 0, null],
    ["connection-0", null, "tcp"],
  ]);
});

test("what the page hands out leads past nobody, in descriptions and in candidates", async () => {
  const { peer, target } = make();
  const offer = await peer.createOffer(undefined);
  assert.equal(offer.sdp, sdp(SINK));
  await peer.createOffer((/** @type {any} */ made) => assert.equal(made.sdp, sdp(SINK)));
  await peer.setLocalDescription(offer);
  assert.equal(peer.local.sdp, sdp(OURS), "the browser has its own again");
  assert.equal(peer.localDescription.sdp, sdp(SINK));
  assert.equal(peer.localDescription, peer.localDescription);
  const event = new target.RTCPeerConnectionIceEvent({ candidate: OURS, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "own" });
  assert.deepEqual({ ...event.candidate }, { candidate: SINK, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "own" });
  assert.equal(event.candidate, event.candidate);
});

test("a description or an event without candidates is the browser's own", async () => {
  const { peer, target } = make();
  await peer.setLocalDescription(await peer.createAnswer());
  assert.equal(peer.localDescription, peer.local);
  assert.equal(peer.pendingLocalDescription, null);
  assert.equal(new target.RTCPeerConnectionIceEvent(null).candidate, null);
  const last = { candidate: "" };
  assert.equal(new target.RTCPeerConnectionIceEvent(last).candidate, last);
});

test("a trickled candidate is the relay's, and one that cannot be is not added", async () => {
  const { peer } = make();
  await peer.setRemoteDescription({ type: "answer", sdp: sdp() });
  const done = () => {};
  await peer.addIceCandidate({ candidate: THEIRS, sdpMid: "0" }, done);
  await peer.addIceCandidate({ candidate: TCP, sdpMid: "0" });
  await peer.addIceCandidate({ candidate: "" });
  await peer.addIceCandidate();
  assert.equal(peer.added[0][0].candidate, FRONT);
  assert.equal(peer.added[0][1], done);
  assert.deepEqual(peer.added.slice(1), [[null], [{ candidate: "" }], []]);
});

test("methods called on what is no connection fail as the browser's do", async () => {
  const { target } = make();
  const { addIceCandidate, setRemoteDescription } = target.RTCPeerConnection.prototype;
  await assert.rejects(Reflect.apply(addIceCandidate, {}, [{ candidate: THEIRS }]), TypeError);
  await assert.rejects(Reflect.apply(setRemoteDescription, undefined, [{ type: "answer", sdp: sdp(THEIRS) }]), TypeError);
});

test("what is no description goes to the browser as it is, and the originals come back", async () => {
  const { peer, undo } = make();
  await peer.setRemoteDescription({ type: "rollback" });
  assert.equal(peer.remote.sdp, undefined);
  const hostile = { type: "answer", get sdp() { throw new Error("no"); } };
  await assert.rejects(peer.setRemoteDescription(hostile), /no/);
  undo();
  await peer.setRemoteDescription({ type: "answer", sdp: sdp(THEIRS) });
  assert.equal(peer.remoteDescription.sdp, sdp(THEIRS));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { pollStats, selectReports } from "../../probe/poll-stats.js";
import { listeningSink } from "../support/fakes.js";

/** @param {number} [everyMs] @param {() => Promise<any>} [getStats] */
function make(everyMs = 100, getStats = async () => new Map([["a", { type: "outbound-rtp", packetsSent: 3 }]])) {
  /** @type {any[]} */
  const timers = [];
  class RTCPeerConnection extends EventTarget {
    connectionState = "connected";
    getStats() { return getStats(); }
  }
  const defer = (/** @type {any} */ task, /** @type {number} */ ms) => void timers.push({ task, ms });
  const sink = listeningSink();
  const poll = pollStats(/** @type {any} */ (sink), { RTCPeerConnection }, everyMs, defer);
  const peer = /** @type {any} */ (new RTCPeerConnection());
  poll("connection-0", peer);
  return { timers, sink, peer, prototype: RTCPeerConnection.prototype };
}

test("reports come at the interval, until the connection is closed", async () => {
  const { timers, sink, peer } = make();
  assert.equal(timers[0].ms, 100);
  await timers[0].task();
  assert.deepEqual(sink.of("stats"), [{ connection: "connection-0", report: [{ type: "outbound-rtp", packetsSent: 3 }] }]);
  peer.connectionState = "closed";
  assert.equal(timers.length, 2);
  await timers[1].task();
  assert.equal(timers.length, 2);
  assert.equal(sink.of("stats").length, 1);
});

test("when a connection's state changes, what it is like at that moment is told, too", async () => {
  const { sink, peer } = make();
  for (const state of ["connecting", "connected", "disconnected", "failed", "closed"]) {
    peer.connectionState = state;
    peer.dispatchEvent(new Event("connectionstatechange"));
    await Promise.resolve();
  }
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(sink.of("stats").length, 4);
});

test("an interval of 0 asks for nothing", () => {
  assert.deepEqual(make(0).timers, []);
});

test("only what says something about a call is kept, and addresses are redacted", () => {
  const kept = selectReports([{ type: "certificate" }, { type: "local-candidate", url: "turn:u@h?x=1" }, { type: "codec" }]);
  assert.deepEqual(kept.map(({ type }) => type), ["local-candidate", "codec"]);
  assert.equal(kept[0].url, "turn:u@h?***");
});

test("a connection that is not used yet is not asked, but later is", async () => {
  const { timers, sink, peer } = make();
  peer.connectionState = "new";
  await timers[0].task();
  assert.deepEqual(sink.of("stats"), []);
  peer.connectionState = "connecting";
  await timers[1].task();
  assert.equal(sink.of("stats").length, 1);
});

test("a refusal of the browser's is nobody's error, and the next time is asked again", async () => {
  const { timers, sink, prototype } = make();
  const refusing = make(100, () => Promise.reject(new DOMException("gone", "InvalidStateError")));
  await assert.doesNotReject(refusing.timers[0].task());
  assert.deepEqual(refusing.sink.told, []);
  assert.equal(refusing.timers.length, 2);
  prototype.getStats = () => {
    throw new Error("the page's own");
  };
  await timers[0].task();
  assert.equal(sink.of("stats").length, 1, "the browser's own is asked, whatever the page put there");
});

test("what is told is a copy: a report that changes later does not change it", () => {
  const report = { type: "codec", clockRate: 48_000 };
  const [kept] = selectReports([report]);
  report.clockRate = 8_000;
  assert.equal(kept.clockRate, 48_000);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { pollStats, selectReports } from "../../probe/poll-stats.js";
import { listeningSink } from "../support/fakes.js";

function make(everyMs = 100) {
  /** @type {any[]} */
  const timers = [];
  class RTCPeerConnection {
    connectionState = "connected";
    async getStats() { return new Map([["a", { type: "outbound-rtp", packetsSent: 3 }]]); }
  }
  const defer = (/** @type {any} */ task, /** @type {number} */ ms) => void timers.push({ task, ms });
  const sink = listeningSink();
  const poll = pollStats(/** @type {any} */ (sink), { RTCPeerConnection }, everyMs, defer);
  const peer = /** @type {any} */ (new RTCPeerConnection());
  poll("connection-0", peer);
  return { timers, sink, peer };
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

test("an interval of 0 asks for nothing", () => {
  assert.deepEqual(make(0).timers, []);
});

test("only what says something about a call is kept, and addresses are redacted", () => {
  const kept = selectReports([{ type: "certificate" }, { type: "local-candidate", url: "turn:u@h?x=1" }, { type: "codec" }]);
  assert.deepEqual(kept.map(({ type }) => type), ["local-candidate", "codec"]);
  assert.equal(kept[0].url, "turn:u@h?***");
});

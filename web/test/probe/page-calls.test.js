import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_ALIKE, MOST_TOLD, PageCalls, PENDING_MS, unseen } from "../../probe/page-calls.js";
import { listeningSink } from "../support/fakes.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

function make() {
  class RTCPeerConnection {
    /** @type {any} */ answer = undefined;
    addTrack(/** @type {any} */ _track) { return { sender: true }; }
    removeTrack() { throw new DOMException("no sender of it", "InvalidAccessError"); }
    createOffer() { return this.answer; }
    setLocalDescription() { return Promise.reject(new DOMException("a=ice-pwd:secret", "InvalidStateError")); }
    getStats() { return Promise.resolve(new Map()); }
    close() {}
  }
  class RTCDataChannel {
    isOpen = true;
    send(/** @type {any} */ _text) { if (!this.isOpen) throw new DOMException("not open", "InvalidStateError"); }
  }
  class HTMLMediaElement {
    loud = 1;
    get volume() { return this.loud; }
    set volume(loud) { this.loud = loud; }
  }
  const sink = listeningSink();
  const clock = { nowMs: 10_000 };
  /** @type {{ task: () => void, ms: number }[]} */
  const timers = [];
  const ours = new HTMLMediaElement();
  const calls = new PageCalls({
    sink: /** @type {any} */ ({ ...sink, pageMs: () => clock.nowMs }),
    target: { Promise, RTCPeerConnection, RTCDataChannel, HTMLMediaElement },
    defer: (task, ms) => void timers.push({ task, ms }),
    nameOf: (owner) => (owner === "RTCPeerConnection" ? "connection-0" : ""),
    isOurs: (object) => object === ours,
  });
  const undo = calls.install();
  const told = () => sink.of("page.webrtc_call");
  /** The timers that are due after so long. @param {number} ms */
  const after = (ms) => timers.filter((timer) => timer.ms === ms).forEach(({ task }) => task());
  return { clock, timers, told, after, undo, ours, HTMLMediaElement, peer: new RTCPeerConnection(), channel: new RTCDataChannel(), calls };
}

test("a call is told with what it was given, what came back and how long it took", () => {
  const { peer, told } = make();
  peer.addTrack("x");
  assert.deepEqual(told(), [{
    owner: "RTCPeerConnection", name: "addTrack", kind: "call", of: "connection-0", arguments: ['"x"'],
    outcome: "returned", result: "sender", error: "", message: "", took_ms: 0, line: "", count: 1,
  }]);
});

test("an error is the page's own, and told", () => {
  const { peer, told } = make();
  assert.throws(() => peer.removeTrack(), { name: "InvalidAccessError" });
  const [{ outcome, error, message }] = told();
  assert.deepEqual([outcome, error, message], ["threw", "InvalidAccessError", "no sender of it"]);
});

test("a promise is told when it is over, with the page's time until then", async () => {
  const { peer, told, clock } = make();
  /** @type {(value: any) => void} */
  let resolve = () => {};
  peer.answer = new Promise((done) => (resolve = done));
  const given = peer.createOffer();
  assert.deepEqual(told(), []);
  clock.nowMs += 12.5;
  resolve("the offer");
  assert.equal(await given, "the offer");
  const [{ outcome, result, took_ms }] = told();
  assert.deepEqual([outcome, result, took_ms], ["resolved", "offer", 12.5]);
});

test("a refusal reaches the page, and is told without secrets", async () => {
  const { peer, told } = make();
  await assert.rejects(peer.setLocalDescription(), { name: "InvalidStateError" });
  const [{ outcome, error, message }] = told();
  assert.deepEqual([outcome, error, message], ["rejected", "InvalidStateError", "a=ice-pwd:***"]);
});

test("a promise that stays open is told as such, and again when it is over", async () => {
  const { peer, told, after } = make();
  /** @type {(value: any) => void} */
  let resolve = () => {};
  peer.answer = new Promise((done) => (resolve = done));
  peer.createOffer();
  after(PENDING_MS);
  resolve("late");
  await settled();
  after(PENDING_MS);
  assert.deepEqual(told().map(({ outcome }) => outcome), ["pending", "resolved"]);
});

test("what is no promise is the page's as it is", () => {
  const { peer, told } = make();
  peer.answer = "no promise";
  assert.equal(peer.createOffer(), "no promise");
  assert.equal(told()[0].outcome, "returned");
});

test("an attribute that is set is told; reading it is not", () => {
  const { HTMLMediaElement, told } = make();
  const element = new HTMLMediaElement();
  element.volume = 0.5;
  assert.equal(element.volume, 0.5);
  const [{ kind, name, arguments: given }, ...more] = told();
  assert.deepEqual([kind, name, given, more], ["set", "volume", ["0.5"], []]);
});

test("what comes in numbers is one entry a second", () => {
  const { channel, peer, told, timers, after } = make();
  for (let i = 0; i < 5_000; i++) channel.send("x");
  for (let i = 0; i < 300; i++) peer.getStats();
  assert.deepEqual([told(), timers.length], [[], 1]);
  after(1000);
  assert.deepEqual(told().map(({ name, count, arguments: given }) => [name, count, given]), [["getStats", 300, []], ["send", 5_000, []]]);
  channel.send("x");
  assert.equal(timers.length, 2);
});

test("failures of what is counted are counted too, with the last one's words", () => {
  const { channel, told, after } = make();
  channel.isOpen = false;
  for (let i = 0; i < 3; i++) assert.throws(() => channel.send("x"), { name: "InvalidStateError" });
  after(1000);
  const [{ outcome, count, error }, ...more] = told();
  assert.deepEqual([outcome, count, error, more], ["threw", 3, "InvalidStateError", []]);
});

test("a page that calls all the time cannot flood: what is too much is counted", () => {
  const { peer, HTMLMediaElement, told, after, clock } = make();
  const element = new HTMLMediaElement();
  for (let i = 0; i < 1_000; i++) element.volume = i / 1_000;
  assert.equal(told().length, MOST_ALIKE);
  for (let i = 0; i < 1_000; i++) {
    peer.addTrack("x");
    peer.close();
  }
  assert.equal(told().length, MOST_TOLD);
  after(1000);
  const counted = told().slice(MOST_TOLD).map(({ name, count }) => [name, count]);
  assert.deepEqual(counted.map(([name]) => name), ["addTrack", "close", "volume"]);
  assert.equal(counted.reduce((sum, [, count]) => sum + count, 0), 3_000 - MOST_TOLD);
  clock.nowMs += 1_000;
  peer.close();
  assert.equal(told().at(-1).count, 1);
});

test("of what is only counted, too, a promise that is watched elsewhere is passed on", async () => {
  const { peer } = make();
  const watched = Promise.reject(new DOMException("no", "InvalidStateError"));
  peer.answer = watched;
  for (let i = 0; i < MOST_ALIKE; i++) await peer.createOffer().catch(() => {});
  const given = peer.createOffer();
  assert.notEqual(given, watched);
  await assert.rejects(given, { name: "InvalidStateError" });
  peer.answer = "no promise";
  assert.equal(peer.createOffer(), "no promise");
});

test("what the probe does itself is not told", () => {
  const { ours, peer, channel, told, after } = make();
  ours.volume = 0;
  unseen(() => peer.close());
  unseen(() => channel.send("x"));
  assert.throws(() => unseen(() => { throw new Error("a joke"); }), /a joke/);
  after(1000);
  assert.deepEqual(told(), []);
  peer.close();
  assert.equal(told().length, 1);
});

test("whatever cannot be told, the page gets its answer", () => {
  const { peer, calls, told } = make();
  calls.nameOf = () => { throw new Error("a joke"); };
  assert.deepEqual(peer.addTrack("x"), { sender: true });
  assert.deepEqual(told()[0].arguments, []);
});

test("afterwards nothing is told", () => {
  const { peer, undo, told } = make();
  undo();
  peer.close();
  assert.deepEqual(told(), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAD_FRAMES, MOST_AHEAD_FRAMES, PageConnection } from "../../peer/page-connection.js";
import { toBase64 } from "../../audio/pcm16.js";
import { Target } from "../support/fakes.js";

class FakeChannel extends Target {
  /** @param {string} label */
  constructor(label) {
    super();
    this.label = label;
    this.readyState = "connecting";
    this.bufferedAmount = 0;
    /** @type {unknown[]} */
    this.sent = [];
  }
  /** @param {unknown} data */
  send(data) {
    if (data === "too much") throw new Error("full");
    this.sent.push(data);
    this.bufferedAmount += 10;
  }
}

class FakeConnection extends Target {
  constructor() {
    super();
    this.iceGatheringState = "new";
    this.connectionState = "new";
    /** @type {any} */
    this.localDescription = null;
    /** @type {FakeChannel[]} */
    this.channels = [];
  }
  getSenders() {
    return [];
  }
  addTrack() {}
  async createOffer() {
    return { type: "offer", sdp: "v=0 offer" };
  }
  /** @param {any} description */
  async setLocalDescription(description) {
    this.localDescription = description;
  }
  /** @param {string} label */
  createDataChannel(label) {
    this.channels.push(new FakeChannel(label));
    return this.channels[this.channels.length - 1];
  }
}

function make() {
  /** @type {any[][]} */
  const told = [];
  const target = {
    RTCPeerConnection: FakeConnection,
    performance: { timeOrigin: 0, now: () => 0 },
  };
  const page = new PageConnection(target, (message) => told.push(message), "");
  const connection = /** @type {FakeConnection} */ (/** @type {unknown} */ (page.connection));
  return { page, connection, told };
}

/** A page whose microphone keeps what it is fed. */
function makeWithMicrophone() {
  const made = make();
  /** @type {any[]} */
  const played = [];
  const context = { currentTime: 1, sampleRate: 48000 };
  made.page.context = /** @type {any} */ (context);
  made.page.microphone = /** @type {any} */ ({ send: (/** @type {any} */ m) => played.push(m.play) });
  return { ...made, context, played };
}
const frame = toBase64(new Int16Array(960).fill(16384));

test("an offer waits until all candidates are gathered", async () => {
  const { page, connection } = make();
  page.outgoing = /** @type {any} */ ({ getAudioTracks: () => [{}] });
  let offer = "";
  const asking = page.createOffer().then((sdp) => (offer = sdp));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(offer, "");
  connection.iceGatheringState = "complete";
  connection.fire("icegatheringstatechange");
  await asking;
  assert.equal(offer, "v=0 offer");
});

test("states are told as they are when they change", () => {
  const { connection, told } = make();
  connection.connectionState = "connected";
  connection.fire("connectionstatechange");
  assert.deepEqual(told, [["state", "connection", "connected"]]);
});

test("messages are told as text or as bytes, under their channel", () => {
  const { page, connection, told } = make();
  page.openChannel("events");
  const [channel] = connection.channels;
  channel.fire("open");
  channel.fire("message", { data: "hello" });
  channel.fire("message", { data: Uint8Array.of(0, 255).buffer });
  channel.fire("close");
  assert.deepEqual(told, [
    ["open", "events"],
    ["text", "events", "hello"],
    ["binary", "events", "AP8="],
    ["closed", "events"],
  ]);
});

test("a channel of the remote peer is told first", () => {
  const { connection, told } = make();
  connection.fire("datachannel", { channel: new FakeChannel("theirs") });
  assert.deepEqual(told, [["channel", "theirs"]]);
});

test("commands are done in order, and what waits is told once a channel", () => {
  const { page, connection, told } = make();
  page.openChannel("events");
  page.run([["text", "events", "a"], ["binary", "events", "AP8="], ["text", "events", "too much"]]);
  const [channel] = connection.channels;
  assert.deepEqual(channel.sent, ["a", Uint8Array.of(0, 255)]);
  assert.match(String(told[0][1]), /refused a message: Error: full/);
  assert.deepEqual(told[1], ["buffered", "events", 20]);
  channel.bufferedAmount = 0;
  channel.fire("bufferedamountlow");
  assert.deepEqual(told[2], ["buffered", "events", 0]);
});

test("fed samples follow each other, a little ahead of the clock", () => {
  const { page, played } = makeWithMicrophone();
  page.run([["feed", frame], ["feed", frame]]);
  const start = 48000 + LEAD_FRAMES;
  assert.deepEqual(played.map(({ startFrame }) => startFrame), [start, start + 960]);
  assert.equal(played[0].samples[0], 0.5);
});

test("after a pause they start again from now; too far ahead they are dropped", () => {
  const { page, context, played } = makeWithMicrophone();
  page.feed(frame);
  context.currentTime = 2;
  for (let i = 0; i < 30; i++) page.feed(frame);
  assert.equal(played[1].startFrame, 96000 + LEAD_FRAMES);
  const last = played[played.length - 1].startFrame;
  assert.ok(last <= 96000 + MOST_AHEAD_FRAMES);
  assert.ok(last > 96000 + MOST_AHEAD_FRAMES - 960);
});

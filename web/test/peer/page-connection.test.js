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
  close() {
    this.readyState = "closed";
    this.fire("close");
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
    /** @type {any[]} What was asked of it, in order. */
    this.steps = [];
    /** @type {any[]} */
    this.senders = [];
  }
  getSenders() {
    return this.senders;
  }
  /** @param {any} track @param {any} stream */
  addTrack(track, stream) {
    this.senders.push({ track, stream });
    this.steps.push("track");
  }
  async createAnswer() {
    return { type: "answer", sdp: "v=0 answer" };
  }
  /** @param {any} description */
  async setRemoteDescription({ type, sdp }) {
    if (!sdp.startsWith("v=0")) throw new Error("nonsense");
    this.steps.push(`remote ${type}`);
  }
  /** @param {any} candidate */
  async addIceCandidate(candidate) {
    this.steps.push(candidate);
  }
  async getStats() {
    return new Map([["in", { id: "in", type: "inbound-rtp", packetsReceived: 5 }]]);
  }
  close() {
    this.steps.push("close");
  }
  async createOffer() {
    return { type: "offer", sdp: "v=0 offer" };
  }
  /** @param {any} description */
  async setLocalDescription(description) {
    this.localDescription = description;
    this.steps.push(`local ${description.type}`);
  }
  /** @param {string} label */
  createDataChannel(label) {
    this.channels.push(new FakeChannel(label));
    return this.channels[this.channels.length - 1];
  }
}

/** Nodes that keep what they are connected to; worklets that a test speaks for. */
class FakeNode {
  /** @type {any[]} */
  to = [];
  /** @type {any[]} */
  posted = [];
  port = {
    postMessage: (/** @type {any} */ message) => this.posted.push(message),
    onmessage: (/** @type {any} */ _message) => {},
  };
  /** @param {any} [_context] @param {string} [name] */
  constructor(_context, name) {
    this.name = name;
    FakeNode.all.push(this);
  }
  /** @param {any} other */
  connect(other) {
    this.to.push(other);
  }
  disconnect() {
    this.to = [];
  }
  /** @type {FakeNode[]} */
  static all = [];
  /** @param {string} name */
  static named(name) {
    return FakeNode.all.filter((node) => node.name === name);
  }
}

class FakeContext {
  currentTime = 1;
  sampleRate = 48000;
  destination = "no device";
  audioWorklet = { addModule: async () => {} };
  async resume() {}
  createMediaStreamDestination() {
    return { stream: { getAudioTracks: () => [{ id: "microphone" }] }, channelCount: 2 };
  }
  createMediaStreamSource() {
    return new FakeNode(this, "source");
  }
}

function make() {
  /** @type {any[][]} */
  const told = [];
  FakeNode.all = [];
  const target = {
    RTCPeerConnection: FakeConnection,
    AudioContext: FakeContext,
    AudioWorkletNode: FakeNode,
    Audio: class {},
    MediaStream: class {},
    MediaStreamTrack: class { clone() { return this; } set enabled(/** @type {boolean} */ is) { void is; } },
    Blob,
    URL: { createObjectURL: () => "blob:1", revokeObjectURL: () => {} },
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

test("nothing is fed before the page has its audio", () => {
  const { page, told } = make();
  page.run([["feed", frame]]);
  assert.deepEqual(told, []);
});

test("started, the page has a microphone of one channel, which is what it offers", async () => {
  const { page, connection } = make();
  await page.start();
  const [microphone] = FakeNode.named("harness-virtual-microphone");
  assert.equal(microphone.to[0].channelCount, 1);
  connection.iceGatheringState = "complete";
  await page.createOffer();
  assert.deepEqual(connection.senders.map(({ track }) => track.id), ["microphone"]);
  page.feed(frame);
  assert.equal(microphone.posted[0].play.startFrame, 48000 + LEAD_FRAMES);
});

test("each frame that is fed has a name of its own, and joins the one before", () => {
  const { page, played } = makeWithMicrophone();
  page.run([["feed", frame], ["feed", frame]]);
  assert.deepEqual(played.map(({ id, gain, joins }) => [id, gain, joins]), [["frame-0", 1, true], ["frame-1", 1, true]]);
});

test("a second offer has the same microphone, not another", async () => {
  const { page, connection } = make();
  await page.start();
  connection.iceGatheringState = "complete";
  assert.equal(await page.createOffer(), "v=0 offer");
  await page.createOffer();
  assert.equal(connection.senders.length, 1);
});

test("an offer that came is answered with the microphone in it", async () => {
  const { page, connection } = make();
  await page.start();
  connection.iceGatheringState = "complete";
  assert.equal(await page.acceptOffer("v=0 theirs"), "v=0 answer");
  assert.deepEqual(connection.steps, ["remote offer", "track", "local answer"]);
});

test("an answer and candidates are handed on, and nonsense is an error of the caller", async () => {
  const { page, connection } = make();
  await page.acceptAnswer("v=0 theirs");
  await page.addCandidate("candidate:1", "0");
  assert.deepEqual(connection.steps, ["remote answer", { candidate: "candidate:1", sdpMid: "0" }]);
  await assert.rejects(page.acceptAnswer("hello"), /nonsense/);
});

test("all four states are told under their names", () => {
  const { connection, told } = make();
  Object.assign(connection, {
    connectionState: "failed", iceConnectionState: "checking", iceGatheringState: "gathering", signalingState: "stable",
  });
  for (const name of ["connection", "iceconnection", "icegathering", "signaling"]) connection.fire(`${name}statechange`);
  assert.deepEqual(told, [
    ["state", "connection", "failed"], ["state", "ice", "checking"], ["state", "gathering", "gathering"],
    ["state", "signaling", "stable"],
  ]);
});

/** @param {string} id @param {string} kind */
const track = (id, kind = "audio") => Object.assign(new Target(), { id, kind });
const turn = () => new Promise((resolve) => setTimeout(resolve));

test("what a remote track sounds like is told, as samples or as silence", async () => {
  const { page, connection, told } = make();
  await page.start();
  connection.fire("track", { track: track("t1"), streams: [{ id: "s1" }, { id: "s2" }] });
  await turn();
  const [listening] = FakeNode.named("harness-listening");
  listening.port.onmessage({ data: { heard: [{ input: 0, frame: 0, pcm: new Int16Array(2) }] } });
  listening.port.onmessage({ data: { heard: [{ input: 0, frame: 2, pcm: Int16Array.of(1, -1) }] } });
  assert.deepEqual(told, [["track", "t1", ["s1", "s2"]], ["heard", "", 2], ["heard", "AQD//w==", 2]]);
});

test("a track of pictures is not listened to", async () => {
  const { connection, told } = make();
  connection.fire("track", { track: track("t1", "video"), streams: [] });
  await turn();
  assert.deepEqual(told, []);
});

test("a track that cannot be listened to is told with the reason", async () => {
  const { page, connection, told } = make();
  page.graph.open = async () => {
    throw new Error("no audio here");
  };
  connection.fire("track", { track: track("t1"), streams: [] });
  await turn();
  assert.deepEqual(told, [["track", "t1", []], ["error", "Error: no audio here"]]);
});

test("a channel that is open when it comes is told as open at once, and takes bytes as bytes", () => {
  const { connection, told } = make();
  const channel = Object.assign(new FakeChannel("theirs"), { readyState: "open" });
  connection.fire("datachannel", { channel });
  assert.deepEqual(told, [["channel", "theirs"], ["open", "theirs"]]);
  assert.equal(/** @type {any} */ (channel).binaryType, "arraybuffer");
});

test("a message of many bytes arrives whole", () => {
  const { page, connection, told } = make();
  page.openChannel("events");
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => i % 251);
  connection.channels[0].fire("message", { data: bytes.buffer });
  assert.deepEqual(Buffer.from(told[0][2], "base64"), Buffer.from(bytes));
});

test("a channel is closed by its label; an unknown label is nobody's error", () => {
  const { page, told } = make();
  page.openChannel("events");
  page.run([["close", "events"], ["close", "gone"], ["text", "gone", "a"]]);
  assert.deepEqual(told, [["closed", "events"], ["buffered", "gone", 0]]);
});

test("statistics are plain data, and closing closes the connection", async () => {
  const { page, connection } = make();
  assert.deepEqual(await page.stats(), { in: { id: "in", type: "inbound-rtp", packetsReceived: 5 } });
  page.close();
  assert.deepEqual(connection.steps, ["close"]);
});

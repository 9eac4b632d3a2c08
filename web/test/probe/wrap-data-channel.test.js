import assert from "node:assert/strict";
import { test } from "node:test";
import { DataChannels } from "../../probe/wrap-data-channel.js";
import { listeningSink, Target } from "../support/fakes.js";

function make() {
  class RTCDataChannel extends Target {
    label = "words";
    readyState = "connecting";
    /** @type {any[]} */
    sent = [];
    send(/** @type {any} */ data) { this.sent.push(data); }
  }
  const sink = listeningSink();
  const channels = new DataChannels(/** @type {any} */ (sink), { RTCDataChannel });
  const undo = channels.install();
  const channel = new RTCDataChannel();
  return { sink, channels, channel, undo, RTCDataChannel, open: (/** @type {any} */ side) => channels.observe(/** @type {any} */ (channel), "connection-0", side) };
}

test("messages are reported both ways, text whole and bytes by their length", () => {
  const { sink, channel, open } = make();
  open("local");
  channel.send("hello");
  channel.send(new Uint8Array(3));
  channel.fire("message", { data: "answer" });
  assert.deepEqual(
    sink.of("data_channel.message").map(({ direction, text, bytes_length }) => [direction, text, bytes_length]),
    [["sent", "hello", 5], ["sent", null, 3], ["received", "answer", 6]],
  );
  assert.equal(channel.sent.length, 2);
});

test("a channel that is open already is told as open once", () => {
  const { sink, channel, open } = make();
  channel.readyState = "open";
  open("remote");
  channel.fire("open");
  assert.equal(sink.of("data_channel.open").length, 1);
});

test("Python's text goes through an open channel of that label only", () => {
  const { channels, channel, open } = make();
  open("local");
  assert.equal(channels.send("words", "early"), false);
  channel.readyState = "open";
  assert.equal(channels.send("others", "x"), false);
  assert.equal(channels.send("words", "now"), true);
  assert.deepEqual(channel.sent, ["now"]);
});

test("the end is told once, with errors before it", () => {
  const { sink, channel, open } = make();
  open("local");
  channel.fire("error", { error: { message: "lost" } });
  channel.fire("close");
  channel.fire("close");
  assert.equal(sink.of("data_channel.error")[0].message, "lost");
  assert.equal(sink.of("data_channel.closed").length, 1);
});

for (const [what, data, text, bytes] of /** @type {[string, any, string | null, number][]} */ ([
  ["null", null, "null", 4],
  ["undefined", undefined, "undefined", 9],
  ["a number", 42, "42", 2],
  ["an object", {}, "[object Object]", 15],
  ["a wide text", "東京", "東京", 6],
  ["an empty text", "", "", 0],
  ["a buffer", new ArrayBuffer(7), null, 7],
  ["a part of a buffer", new Uint8Array(9).subarray(2, 5), null, 3],
  ["a Blob", new Blob(["abc"]), null, 3],
])) {
  test(`${what} is sent as the browser sends it, and told as what is sent`, () => {
    const { sink, channel, open } = make();
    open("local");
    channel.send(data);
    assert.equal(channel.sent[0], data);
    const [told] = sink.of("data_channel.message");
    assert.deepEqual([told.text, told.bytes_length], [text, bytes]);
  });
}

test("what cannot be read again is sent, and not told", () => {
  const { sink, channel, open } = make();
  open("local");
  for (const trap of [{ get byteLength() { throw new Error("a joke"); } }, { toString() { throw new Error("a joke"); } }]) {
    assert.doesNotThrow(() => channel.send(trap));
  }
  assert.equal(channel.sent.length, 2);
  assert.deepEqual(sink.of("data_channel.message"), []);
});

test("a message that the browser refuses is none", () => {
  const { sink, channels, channel, open, undo, RTCDataChannel } = make();
  undo();
  const error = new DOMException("not open", "InvalidStateError");
  RTCDataChannel.prototype.send = () => {
    throw error;
  };
  channels.install();
  open("local");
  assert.throws(() => channel.send("early"), (thrown) => thrown === error);
  assert.deepEqual(sink.of("data_channel.message"), []);
});

test("a channel that nobody observes is the page's own", () => {
  const { sink, channel } = make();
  channel.send("hello");
  assert.deepEqual([channel.sent, sink.told], [["hello"], []]);
});

test("a channel keeps its name among many, and the label it was made with", () => {
  const { sink, channels, RTCDataChannel } = make();
  const made = ["a", "b", "a"].map((label) => Object.assign(new RTCDataChannel(), { label }));
  made.forEach((channel) => channels.observe(/** @type {any} */ (channel), "connection-0", "local"));
  made[2].fire("message", { data: "third" });
  assert.deepEqual(sink.of("data_channel.created").map(({ channel, label }) => [channel, label]), [
    ["channel-0", "a"], ["channel-1", "b"], ["channel-2", "a"],
  ]);
  assert.equal(sink.of("data_channel.message")[0].channel, "channel-2");
});

test("Python's text goes past a channel that has closed to the next of its label", () => {
  const { channels, RTCDataChannel } = make();
  const [first, second] = [new RTCDataChannel(), new RTCDataChannel()];
  for (const channel of [first, second]) {
    channel.readyState = "open";
    channels.observe(/** @type {any} */ (channel), "connection-0", "local");
  }
  first.readyState = "closed";
  assert.equal(channels.send("words", "hello"), true);
  assert.deepEqual([first.sent, second.sent], [[], ["hello"]]);
});

test("an end that a page made up is none; an error without words is told", () => {
  const { sink, channels, channel, open } = make();
  open("local");
  channel.fire("close", { isTrusted: false });
  channel.fire("error", {});
  channel.readyState = "open";
  assert.deepEqual(sink.of("data_channel.closed"), []);
  assert.equal(sink.of("data_channel.error")[0].message, "unknown");
  assert.equal(channels.send("words", "still there"), true);
});

test("a send on what is no channel gets the browser's own error", () => {
  const { sink, RTCDataChannel, channels, undo } = make();
  undo();
  RTCDataChannel.prototype.send = () => { throw new TypeError("Illegal invocation"); };
  channels.install();
  assert.throws(() => RTCDataChannel.prototype.send.call(undefined, "x"), /Illegal invocation/);
  assert.deepEqual(sink.told, []);
});

test("a send that the browser refuses is told with the channel's state, and still throws", () => {
  const { sink, channel, RTCDataChannel, channels, undo } = make();
  undo();
  RTCDataChannel.prototype.send = () => { throw new Error("not open"); };
  channels.install();
  channels.observe(/** @type {any} */ (channel), "connection-0", "local");
  assert.throws(() => channel.send("early"), /not open/);
  assert.equal(sink.of("data_channel.message").length, 0);
  const [{ state, message, label }] = sink.of("data_channel.send_failed");
  assert.deepEqual([state, message, label], ["connecting", "not open", "words"]);
});

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
  channels.install();
  const channel = new RTCDataChannel();
  return { sink, channels, channel, open: (/** @type {any} */ side) => channels.observe(/** @type {any} */ (channel), "connection-0", side) };
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { WebSockets } from "../../probe/wrap-web-socket.js";
import { listeningSink, Target } from "../support/fakes.js";

const SOUND = "A".repeat(4_000);

function make() {
  class WebSocket extends Target {
    readyState = 0;
    protocol = "realtime";
    /** @type {any[]} */
    sent = [];
    /** @param {string} url */
    constructor(url) {
      super();
      this.url = url;
    }
    send(/** @type {any} */ data) { this.sent.push(data); }
  }
  const sink = listeningSink();
  let nowMs = 0;
  sink.pageMs = () => nowMs;
  const target = { WebSocket };
  const sockets = new WebSockets(/** @type {any} */ (sink), target);
  const undo = sockets.install();
  const open = (url = "wss://me:secret@voice.example/v1/realtime?key=secret") => new target.WebSocket(url);
  return { sink, sockets, open, undo, target, WebSocket, wait: (/** @type {number} */ ms) => void (nowMs += ms) };
}

test("a WebSocket's life is told, with its address and no secret of it", () => {
  const { sink, open, target, WebSocket } = make();
  const socket = open();
  assert.ok(socket instanceof WebSocket, "the page gets the browser's own");
  assert.equal(target.WebSocket.name, "WebSocket");
  socket.fire("open");
  socket.fire("close", { code: 1011, reason: "no", isTrusted: true });
  socket.fire("close", { code: 1011, reason: "no", isTrusted: true });
  const name = { socket: "socket-0", label: "wss://***@voice.example/v1/realtime" };
  assert.deepEqual(sink.told, [
    { type: "web_socket.created", data: name },
    { type: "web_socket.open", data: { ...name, subprotocol: "realtime" } },
    { type: "web_socket.closed", data: { ...name, code: 1011, reason: "no" } },
  ]);
});

test("messages are told both ways: texts, and bytes that hold text", () => {
  const { sink, open } = make();
  const socket = open();
  socket.send("hello");
  socket.fire("message", { data: new TextEncoder().encode("packed words").buffer });
  assert.deepEqual(
    sink.of("web_socket.message").map(({ direction, text, bytes_length, data }) => [direction, text, bytes_length, data]),
    [["sent", "hello", 5, null], ["received", null, 12, Buffer.from("packed words").toString("base64")]],
  );
  assert.deepEqual(socket.sent, ["hello"]);
});

test("sound is told once a second and direction, and never itself", () => {
  const { sink, open, wait } = make();
  const socket = open();
  for (let i = 0; i < 150; i++) {
    socket.send(`{"type":"input_audio_buffer.append","audio":"${SOUND}"}`);
    socket.fire("message", { data: new Uint8Array(640) });
    wait(20);
  }
  const told = sink.of("web_socket.message");
  assert.equal(told.filter(({ direction }) => direction === "sent").length, 3);
  assert.equal(told.filter(({ direction }) => direction === "received").length, 3);
  assert.equal(told[0].text, '{"type":"input_audio_buffer.append","audio":"…"}');
  assert.ok(told[0].bytes_length > 4_000);
});

test("how much sound went is told, also of what is not told itself", () => {
  const { sink, open, wait } = make();
  const socket = open();
  for (let i = 0; i < 101; i++) {
    socket.send(`{"type":"input_audio_buffer.append","event_id":"${i}","audio":"${SOUND}"}`);
    if (i % 50 === 0) socket.send(`{"type":"conversation.item.create","audio":"${SOUND}"}`);
    socket.fire("message", { data: new Uint8Array(640) });
    wait(20);
  }
  const told = sink.of("web_socket.message");
  /** @param {string} words */
  const bytesOf = (words) =>
    told.filter(({ direction, text }) => `${direction} ${text}`.includes(words)).map(({ sound_bytes }) => sound_bytes);
  const appended = bytesOf("append");
  assert.equal(appended.reduce((sum, bytes) => sum + bytes, 0), 101 * 3_000, "all of it, whatever its numbers' length");
  assert.deepEqual(bytesOf("item.create"), [3_000, 3_000, 3_000]);
  assert.deepEqual(bytesOf("received"), [640, 640 * 50, 640 * 50]);
});

test("words are no sound", () => {
  const { sink, open } = make();
  const socket = open();
  socket.send("hello");
  socket.send(`{"text":"${"and so on ".repeat(60)}","audio":"${SOUND}"}`);
  assert.deepEqual(sink.of("web_socket.message").map(({ sound_bytes }) => sound_bytes), [null, null]);
});

test("words beside sound are told each time", () => {
  const { sink, open } = make();
  const socket = open();
  const words = "and so on ".repeat(60);
  for (let i = 0; i < 3; i++) socket.fire("message", { data: `{"text":"${words}${i}","audio":"${SOUND}"}` });
  assert.equal(sink.of("web_socket.message").length, 3);
});

test("a huge text is told by its length alone", () => {
  const { sink, open } = make();
  open().fire("message", { data: "a b ".repeat(100_000) });
  const [{ text, bytes_length }] = sink.of("web_socket.message");
  assert.deepEqual([text, bytes_length], [null, 400_000]);
});

test("Python's text goes through an open WebSocket of that address only", () => {
  const { sockets, open } = make();
  const socket = open("ws://voice.example/talk?x=1");
  assert.equal(sockets.send("ws://voice.example/talk", "early"), false);
  socket.readyState = 1;
  assert.equal(sockets.send("ws://other.example/", "x"), false);
  assert.equal(sockets.send("ws://voice.example/talk", "now"), true);
  assert.deepEqual(socket.sent, ["now"]);
});

test("a window without WebSockets is left as it is, and everything is put back", () => {
  const sockets = new WebSockets(/** @type {any} */ (listeningSink()), {});
  assert.doesNotThrow(() => sockets.install()());
  const { undo, target, WebSocket, sink } = make();
  undo();
  assert.equal(target.WebSocket, WebSocket);
  new target.WebSocket("ws://voice.example/").send("x");
  assert.deepEqual(sink.told, []);
});

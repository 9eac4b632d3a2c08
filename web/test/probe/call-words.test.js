import assert from "node:assert/strict";
import { test } from "node:test";
import { CallWords, wordsOfError } from "../../probe/call-words.js";

class MediaStreamTrack {
  get kind() { if (!(this instanceof MediaStreamTrack)) throw new TypeError("Illegal invocation"); return "audio"; }
}
class MediaStream {
  get active() { if (!(this instanceof MediaStream)) throw new TypeError("Illegal invocation"); return false; }
}
class RTCSessionDescription {
  get type() { return "answer"; }
  get sdp() { if (!(this instanceof RTCSessionDescription)) throw new TypeError("Illegal invocation"); return "v=0\r\n".repeat(100); }
}
class RTCIceCandidate {
  get candidate() { if (!(this instanceof RTCIceCandidate)) throw new TypeError("Illegal invocation"); return "candidate:1 1 udp 1 10.0.0.1 9 typ host"; }
}
const words = new CallWords({ MediaStreamTrack, MediaStream, RTCSessionDescription, RTCIceCandidate });

for (const [what, value, told] of /** @type {[string, any, string][]} */ ([
  ["a text", "oai-events", '"oai-events"'],
  ["a number", 0.5, "0.5"],
  ["a big number", 5n, "5"],
  ["nothing", null, "null"],
  ["undefined", undefined, "undefined"],
  ["a function", () => {}, "function"],
  ["a symbol", Symbol("x"), "symbol"],
  ["a track", new MediaStreamTrack(), "audio"],
  ["a stream", new MediaStream(), "stream"],
  ["a description of the browser's", new RTCSessionDescription(), "answer, 500 characters"],
  ["a description of the page's", { type: "offer", sdp: "v=0\r\n" }, "offer, 5 characters"],
  ["an SDP alone", "v=0\r\nsecret", "SDP, 11 characters"],
  ["a candidate", new RTCIceCandidate(), '"candidate:1 1 udp 1 10.0.0.1 9 typ host"'],
  ["the end of candidates", { candidate: "" }, "end of candidates"],
  ["constraints", { audio: { echoCancellation: true }, video: false }, "{audio: {echoCancellation: true}, video: false}"],
  ["a list", ["a", 1, [2]], '["a", 1, [2]]'],
  ["what is deep", { a: { b: { c: { d: { e: 1 } } } } }, "{a: {b: {c: {d: …}}}}"],
  ["another object", new Date(), "object"],
])) {
  test(`${what} in a few words`, () => assert.deepEqual(words.ofAll([value]), [told]));
}

test("secrets are none of what is told", () => {
  const configuration = { iceServers: [{ urls: "turn:turn.example:3478?transport=udp&t=secret", username: "me", credential: "secret" }] };
  const told = words.ofAll([configuration, "https://me:secret@host/x?key=secret", "Bearer sk-secret-secret", { apiKey: "secret" }]).join();
  assert.doesNotMatch(told, /secret|\bme\b/);
  assert.match(told, /turn\.example/);
});

test("a key that is cut in the middle is not told", () => {
  const [told] = words.ofAll([`${"x".repeat(50)} sk-${"s".repeat(500)}`]);
  assert.doesNotMatch(told, /sss/);
});

test("nothing of the page's runs, and what is long is cut", () => {
  const trap = { get audio() { throw new Error("a joke"); }, other: 1 };
  assert.deepEqual(words.ofAll([trap]), ["{other: 1}"]);
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`name${i}`, "x".repeat(1_000)]));
  const told = words.ofAll([many, Array(1_000).fill("x".repeat(1_000)), ..."abcdefgh"]);
  assert.equal(told.length, 4);
  assert.ok(told.every((one) => one.length <= 160));
  /** @type {any} */
  const round = {};
  round.round = round;
  assert.deepEqual(words.ofAll([round]), ["{round: {round: {round: {round: …}}}}"]);
});

test("a list with holes and of many, and a long object", () => {
  assert.deepEqual(words.ofAll([[1, 2, 3, 4, 5, 6, 7, 8, 9]]), ["[1, 2, 3, 4, 5, 6, 7, 8, …]"]);
  assert.match(words.ofAll([{ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1, i: 1 }])[0], /h: 1, …}$/);
});

test("a browser without some of the classes", () => {
  assert.deepEqual(new CallWords({}).ofAll([new MediaStreamTrack()]), ["object"]);
});

test("an error by its name and words", () => {
  assert.deepEqual(wordsOfError(null), { name: "", message: "" });
  assert.deepEqual(wordsOfError(undefined), { name: "", message: "" });
  assert.deepEqual(wordsOfError(new TypeError("no")), { name: "TypeError", message: "no" });
  assert.deepEqual(wordsOfError("thrown"), { name: "Error", message: "thrown" });
  assert.deepEqual(wordsOfError({}), { name: "Error", message: "" });
  const { message } = wordsOfError(new Error(`'turn:h?token=secret' ${"x".repeat(900)}`));
  assert.doesNotMatch(message, /secret/);
  assert.equal(message.length, 300);
});

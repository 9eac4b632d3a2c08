import assert from "node:assert/strict";
import { test } from "node:test";
import { createSink, ENVELOPE_VERSION } from "../../probe/sink.js";

/** A sink whose clock, timer and way out are in the test's hand. */
/** @param {any} [options] */
function make(options = {}) {
  const state = { nowMs: 0, payloads: /** @type {any[][]} */ ([]), deferred: /** @type {any[]} */ ([]), broken: false };
  const sink = createSink({
    send: (payload) => {
      if (state.broken) throw new Error("going away");
      state.payloads.push(JSON.parse(payload));
    },
    frameId: "realm",
    time: {
      pageMs: () => state.nowMs,
      defer: (task, afterMs) => state.deferred.push({ task, afterMs }),
      soon: queueMicrotask,
    },
    ...options,
  });
  return { sink, state };
}
const tick = () => new Promise((resolve) => setImmediate(resolve));

test("the first envelope after a quiet moment leaves at the end of its task", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  sink.emit("page.error", { message: "a" });
  sink.emit("page.error", { message: "b" });
  assert.equal(state.payloads.length, 0);
  await tick();
  assert.deepEqual(state.payloads[0].map(({ seq, data }) => [seq, data.message]), [[0, "a"], [1, "b"]]);
  assert.equal(state.payloads[0][0].page_ms, 100);
  assert.equal(state.payloads[0][0].frame_id, "realm");
});

test("under load envelopes leave together, at a steady beat", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  sink.emit("page.error", { message: "a" });
  await tick();
  state.nowMs = 101;
  for (let i = 0; i < 5; i++) sink.emit("page.error", { message: String(i) });
  await tick();
  assert.equal(state.payloads.length, 1);
  assert.deepEqual(state.deferred.map(({ afterMs }) => afterMs), [3]);
  state.deferred[0].task();
  assert.equal(state.payloads[1].length, 5);
});

const SAMPLES = { track: "a", frame: 0, frames: 1, pcm: "", rms_dbfs: -120 };

test("samples wait for those of other nodes, and leave together", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  sink.emit("heard.samples", SAMPLES);
  await tick();
  sink.emit("heard.samples", SAMPLES);
  assert.deepEqual([state.payloads.length, state.deferred.length], [0, 1]);
  state.deferred[0].task();
  assert.deepEqual(state.payloads.map((batch) => batch.length), [2]);
  sink.emit("heard.samples", SAMPLES);
  assert.deepEqual(state.deferred.length, 2);
});

test("what a page called waits for company, and whatever is in a hurry takes it along", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  sink.emit("page.webrtc_call", /** @type {any} */ ({ name: "addTrack" }));
  await tick();
  assert.deepEqual([state.payloads.length, state.deferred.length], [0, 1]);
  sink.emit("page.error", { message: "a" });
  await tick();
  assert.deepEqual(state.payloads.map((batch) => batch.map(({ type }) => type)), [["page.webrtc_call", "page.error"]]);
});

test("sound that an envelope of the batch has already is named by its number", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  const sound = { ...SAMPLES, pcm: "AQI=" };
  sink.emit("page.error", { message: "a" });
  sink.emit("heard.samples", sound);
  sink.emit("heard.samples", { ...sound, pcm: "AQM=" });
  sink.emit("heard.samples", { ...sound, track: "b" });
  sink.emit("heard.samples", SAMPLES);
  sink.flush();
  assert.deepEqual(state.payloads[0].map(({ data }) => data.pcm), [undefined, "AQI=", "AQM=", "=1", ""]);
  sink.emit("heard.samples", sound);
  sink.flush();
  assert.equal(state.payloads[1][0].data.pcm, "AQI=", "another batch has its own");
});

test("sound that did not fit is not named", () => {
  const { sink, state } = make({ capacityChars: 400 });
  state.broken = true;
  const sound = { ...SAMPLES, pcm: "A".repeat(400) };
  sink.emit("heard.samples", sound);
  sink.emit("heard.samples", sound);
  state.broken = false;
  sink.flush();
  assert.deepEqual(state.payloads[0].map(({ type }) => type), ["sink.lost"]);
});

test("samples do not wait for a timer that the browser holds back", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  sink.emit("heard.samples", SAMPLES);
  state.nowMs = 201;
  sink.emit("heard.samples", SAMPLES);
  await tick();
  assert.deepEqual(state.payloads.map((batch) => batch.length), [2]);
});

test("what is in a hurry takes waiting samples along, in their order, and nothing leaves twice", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  sink.emit("heard.samples", SAMPLES);
  sink.emit("page.error", { message: "a" });
  await tick();
  assert.deepEqual(state.payloads[0].map(({ type }) => type), ["heard.samples", "page.error"]);
  state.deferred.forEach(({ task }) => task());
  assert.equal(state.payloads.length, 1);
});

test("what the page sends waits a little for what answers it", async () => {
  const { sink, state } = make();
  state.nowMs = 100;
  const message = { connection: "c", channel: "d", label: "l", text: "{}", bytes_length: 2, data: null };
  sink.emit("data_channel.message", { ...message, direction: "sent" });
  await tick();
  assert.equal(state.payloads.length, 0);
  sink.emit("data_channel.message", { ...message, direction: "received" });
  await tick();
  assert.deepEqual(state.payloads[0].map(({ data }) => data.direction), ["sent", "received"]);
  state.deferred.forEach(({ task }) => task());
  state.nowMs = 200;
  sink.emit("data_channel.message", { ...message, direction: "sent" });
  state.deferred.at(-1).task();
  assert.equal(state.payloads[1].length, 1, "and no longer than that");
});

test("the audio clock is told at once the first time, and then goes with the next sound", async () => {
  const { sink, state } = make();
  const anchor = { frame: 0, page_ms: 0, sample_rate_hz: 48_000, uncertainty_ms: 1 };
  state.nowMs = 100;
  sink.emit("audio.anchor", anchor);
  await tick();
  assert.equal(state.payloads.length, 1);
  state.nowMs = 600;
  sink.emit("audio.anchor", anchor);
  state.nowMs = 650;
  sink.emit("heard.samples", SAMPLES);
  await tick();
  assert.equal(state.payloads.length, 1);
  const [late, soon] = state.deferred;
  assert.ok(soon.afterMs < late.afterMs);
  soon.task();
  assert.deepEqual(state.payloads[1].map(({ type }) => type), ["audio.anchor", "heard.samples"]);
  late.task();
  assert.equal(state.payloads.length, 2);
});

test("what waits less long takes along what waits for longer", () => {
  const { sink, state } = make();
  const message = { connection: "c", channel: "d", label: "l", text: "{}", bytes_length: 2, data: null };
  state.nowMs = 100;
  sink.emit("heard.samples", SAMPLES);
  sink.emit("data_channel.message", { ...message, direction: "sent" });
  sink.emit("heard.samples", SAMPLES);
  assert.deepEqual(state.deferred.map(({ afterMs }) => afterMs), [30, 4]);
  state.deferred[1].task();
  assert.equal(state.payloads[0].length, 3);
});

test("what does not fit is counted, reported, and leaves a gap in the numbers", async () => {
  const { sink, state } = make({ capacityChars: 250 });
  state.broken = true;
  for (let i = 0; i < 5; i++) sink.emit("page.error", { message: "x" });
  await tick();
  state.broken = false;
  sink.flush();
  const [batch] = state.payloads;
  const lost = batch.filter(({ type }) => type === "sink.lost");
  assert.deepEqual(lost.map(({ data }) => data.count), [3]);
  assert.deepEqual(batch.map(({ seq }) => seq), [0, 1, 5]);
});

test("a way out that fails loses nothing that fits", async () => {
  const { sink, state } = make();
  state.broken = true;
  sink.emit("page.error", { message: "a" });
  await tick();
  state.broken = false;
  sink.emit("page.error", { message: "b" });
  await tick();
  state.deferred.forEach(({ task }) => task());
  assert.deepEqual(state.payloads.flat().map(({ seq }) => seq), [0, 1]);
});

test("an envelope says its version, its frame, its number, its time and its type, in plain JSON", () => {
  const { sink, state } = make();
  state.nowMs = 12.5;
  sink.emit("page.error", { message: "a" });
  sink.flush();
  assert.deepEqual(state.payloads[0], [
    { v: ENVELOPE_VERSION, frame_id: "realm", seq: 0, page_ms: 12.5, type: "page.error", data: { message: "a" } },
  ]);
  assert.equal(sink.frameId, "realm");
});

test("with nothing to say nothing is sent", async () => {
  const { sink, state } = make();
  sink.flush();
  sink.emit("page.error", { message: "a" });
  sink.flush();
  await tick();
  state.deferred.forEach(({ task }) => task());
  assert.equal(state.payloads.length, 1);
});

test("without a way out nothing is sent, and nothing fails", async () => {
  const { sink, state } = make({ send: undefined });
  sink.emit("page.error", { message: "a" });
  sink.flush();
  await tick();
  assert.deepEqual(state.payloads, []);
});

test("a loss is told once, and what comes after it is counted on", async () => {
  const { sink, state } = make({ capacityChars: 120 });
  state.broken = true;
  for (let i = 0; i < 3; i++) sink.emit("page.error", { message: "x" });
  state.broken = false;
  sink.flush();
  sink.emit("page.error", { message: "y" });
  sink.flush();
  const told = state.payloads.flat();
  assert.deepEqual(told.map(({ type, seq }) => [type, seq]), [["page.error", 0], ["sink.lost", 3], ["page.error", 4]]);
  assert.equal(told[1].data.count, 2);
});

test("room is free again once a batch has left", () => {
  const { sink, state } = make({ capacityChars: 200 });
  for (let i = 0; i < 10; i++) {
    sink.emit("page.error", { message: "x" });
    sink.flush();
  }
  assert.deepEqual(state.payloads.flat().map(({ seq }) => seq), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("one that is larger than all the room is lost alone", () => {
  const { sink, state } = make({ capacityChars: 200 });
  sink.emit("page.error", { message: "x".repeat(1_000) });
  sink.emit("page.error", { message: "small" });
  sink.flush();
  assert.deepEqual(state.payloads.flat().map(({ type }) => type), ["page.error", "sink.lost"]);
  assert.equal(state.payloads[0][0].data.message, "small");
});

test("a page that replaces the methods of arrays and texts changes no envelope", () => {
  const { sink, state } = make();
  const { push, join } = Array.prototype;
  const fail = () => {
    throw new Error("the page's own");
  };
  Object.assign(Array.prototype, { push: fail, join: fail });
  try {
    sink.emit("page.error", { message: "a" });
    sink.emit("page.error", { message: "b" });
  } finally {
    Object.defineProperty(Array.prototype, "push", { value: push, enumerable: false });
    Object.defineProperty(Array.prototype, "join", { value: join, enumerable: false });
  }
  sink.flush();
  assert.equal(state.payloads.flat().length, 2);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSink } from "../../probe/sink.js";

/** A sink whose clock, timer and way out are in the test's hand. */
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

import assert from "node:assert/strict";
import { test } from "node:test";
import { watchAudioContexts } from "../../probe/audio-contexts.js";
import { audioWindow } from "../support/audio-window.js";
import { listeningSink } from "../support/fakes.js";

function make() {
  const { target } = audioWindow();
  const native = target.AudioContext;
  const sink = listeningSink();
  const undo = watchAudioContexts(target, /** @type {any} */ (sink));
  return { target, native, sink, undo };
}

test("each context has a name of its own, and is the browser's own object", () => {
  const { target, native, sink, undo } = make();
  assert.ok(new target.AudioContext() instanceof native);
  new target.AudioContext();
  assert.deepEqual(
    sink.of("audio_context.created").map(({ context }) => context),
    ["audio-context-0", "audio-context-1"],
  );
  assert.equal(typeof sink.of("audio_context.created")[0].line, "string");
  undo();
  assert.equal(target.AudioContext, native);
});

test("its states are told as they come", async () => {
  const { target, sink } = make();
  const context = new target.AudioContext();
  await context.resume();
  context.fire("statechange");
  await context.close();
  context.fire("statechange");
  assert.deepEqual(sink.of("audio_context.state"), [
    { context: "audio-context-0", state: "running" },
    { context: "audio-context-0", state: "closed" },
  ]);
});

test("a window without Web Audio is no error", () => {
  watchAudioContexts({}, /** @type {any} */ (listeningSink()))();
});

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { audioThread } from "../../support/audio-thread.js";

const thread = audioThread();
await import("../../../audio/worklets/audio-clock.js");
const AudioClock = thread.processors.get("harness-audio-clock");

test("it pairs frames with the wall clock as long as the context lives", () => {
  mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  try {
    const clock = new AudioClock();
    for (let frame = 0; frame <= 48_000; frame += 480) {
      thread.at(frame);
      mock.timers.setTime(1_000_000 + frame / 48);
      assert.equal(clock.process(), true);
    }
    const { posted } = clock.port;
    assert.ok(posted.length >= 2, "soon once, then twice a second");
    for (const { frame, wallMs } of posted) {
      assert.ok(Math.abs(wallMs - 1_000_000 - frame / 48) <= 0.5, `${wallMs} for frame ${frame}`);
    }
  } finally {
    mock.timers.reset();
  }
});

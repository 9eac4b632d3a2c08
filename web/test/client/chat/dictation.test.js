// Dictation: recorded while a person speaks, then handed on; or forgotten.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dictation } from "../../../client/chat/dictation.js";
import { FakeStream } from "../support/fake-window.js";
import { settle } from "../support/chat-page.js";
import { FakeRecorder } from "../support/fake-recorder.js";

function make({ onSound = async () => {}, getUserMedia = async () => new FakeStream() } = {}) {
  const states = [];
  const timers = [];
  const target = {
    MediaRecorder: FakeRecorder,
    navigator: { mediaDevices: { getUserMedia } },
    setTimeout: (call) => timers.push(call),
    clearTimeout: () => {},
  };
  const dictation = new Dictation(target, { onChange: () => states.push(dictation.state), onSound });
  return { dictation, states, timers };
}

test("it listens until it is pressed again, then writes down what was said", async () => {
  const heard = [];
  const { dictation, states } = make({ onSound: async (sound) => heard.push([await sound.text(), sound.type]) });
  assert.equal(dictation.isPossible, true);
  const over = dictation.toggle();
  await settle();
  assert.equal(dictation.state, "listening");
  await dictation.toggle();
  await over;
  assert.deepEqual(heard, [["sound", "audio/webm"]]);
  assert.deepEqual(states, ["listening", "listening", "writing", "off"]);
  assert.equal(FakeRecorder.last.stream.tracks[0].readyState, "ended");
});

test("it ends by itself after two minutes", async () => {
  const heard = [];
  const { dictation, timers } = make({ onSound: async (sound) => heard.push(sound) });
  const over = dictation.toggle();
  await settle();
  timers[0]();
  await over;
  assert.equal(heard.length, 1);
});

test("what is cancelled is forgotten, also while the microphone is asked for", async () => {
  const heard = [];
  const { dictation } = make({ onSound: async (sound) => heard.push(sound) });
  const over = dictation.toggle();
  await settle();
  dictation.cancel();
  await over;
  const asking = make({ getUserMedia: () => new Promise(() => {}) });
  const waiting = asking.dictation.toggle();
  await asking.dictation.toggle(); // nothing more is begun meanwhile
  asking.dictation.cancel();
  await waiting;
  assert.deepEqual([heard.length, dictation.state, asking.dictation.state], [0, "off", "off"]);
});

test("a microphone that cannot be had, and words that cannot be read, are told", async () => {
  const { dictation } = make({ getUserMedia: async () => { throw new DOMException("", "NotAllowedError"); } });
  await assert.rejects(dictation.toggle(), { code: "microphone_denied" });
  const failing = make({ onSound: async () => { throw new Error("no words"); } }).dictation;
  const over = failing.toggle();
  await settle();
  await failing.toggle();
  await assert.rejects(over, /no words/);
  assert.equal(failing.state, "off");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEvent } from "../../client/call.js";
import { activityWords, clockWords } from "../../client/controls.js";
import { noteOf } from "../../client/conversation-view.js";
import { LevelHistory, heightOf, rms_dbfs } from "../../client/levels.js";
import { checkSecret, refusal } from "../../client/secret.js";
import { commandOf } from "../../client/shortcuts.js";
import { textOf, wordBoundary } from "../../client/turns.js";

test("levels: full scale is 0 dBFS, silence is minus infinity", () => {
  assert.equal(rms_dbfs(new Float32Array(8).fill(1)), 0);
  assert.equal(Math.round(rms_dbfs(new Float32Array(8).fill(0.1))), -20);
  assert.equal(rms_dbfs(new Float32Array(8)), -Infinity);
  assert.equal(heightOf(-Infinity), 0);
  assert.equal(heightOf(0), 1);
});

test("level history keeps its length and knows stillness", () => {
  const history = new LevelHistory(2);
  assert.equal(history.isStill, true);
  history.push({ user: 0.5, assistant: 0 });
  assert.equal(history.all.length, 2);
  assert.equal(history.isStill, false);
});

test("a cut never splits a word", () => {
  assert.equal(wordBoundary("one two three", 6), 3);
  assert.equal(wordBoundary("one two three", 7), 7);
  assert.equal(wordBoundary("one two three", 99), 13);
  assert.equal(wordBoundary("one", 1), 0);
});

test("an item's text is what was written or transcribed", () => {
  assert.equal(textOf({ type: "message", content: [{ type: "input_audio", transcript: null }] }), "");
  assert.equal(textOf({ type: "message", content: [{ type: "input_text", text: "Hi" }] }), "Hi");
  assert.equal(textOf({ type: "message" }), "");
});

test("secrets: trimmed when short-lived, refused when an API key or empty", () => {
  assert.equal(checkSecret(" Bearer ek_1 "), "ek_1");
  for (const key of ["sk-1", " SK-1", "Bearer sk-1"]) {
    assert.throws(() => checkSecret(key), (error) => error.code === "api_key_refused" && !error.message.includes(key));
  }
  assert.throws(() => checkSecret(""), { code: "bad_argument" });
  assert.throws(() => checkSecret(null), { code: "bad_argument" });
});

test("a refusal shows JSON's message, short text, or the status", async () => {
  const words = async (body) => (await refusal(new Response(body, { status: 503, statusText: "Busy" }), "No")).message;
  assert.equal(await words('{"error": {"message": "Later."}}'), "No (503): Later.");
  assert.equal(await words("upstream down"), "No (503): upstream down");
  assert.equal(await words("<html>nginx</html>"), "No (503): Busy");
});

test("keys: ours, the browser's, held ones", () => {
  const key = (name, more = {}) => commandOf({ key: name, ctrlKey: false, altKey: false, metaKey: false, repeat: false, ...more });
  assert.equal(key("M"), "mute");
  assert.equal(key("m", { ctrlKey: true }), null);
  assert.equal(key("m", { repeat: true }), null);
  assert.equal(key("+", { repeat: true }), "louder");
  assert.equal(key("Escape"), "dismiss");
  assert.equal(key("q"), null);
});

test("words for people", () => {
  assert.equal(clockWords(187_400), "3:07");
  assert.equal(activityWords({ status: "connected", isMuted: true, activity: "quiet" }), "Your microphone is off");
  assert.equal(activityWords({ status: "ended", isMuted: false, activity: "quiet" }), "");
  assert.equal(noteOf({ phase: "interrupted", heard_ms: 1840, note: "" }), "Interrupted after 1.8 s");
  assert.equal(noteOf({ phase: "interrupted", heard_ms: null, note: "" }), "Interrupted");
});

test("only JSON objects with a type are events", () => {
  assert.deepEqual(parseEvent('{"type": "x"}'), { type: "x" });
  for (const text of ["", "null", "3", "{}", '{"type": 1}', "[]"]) assert.equal(parseEvent(text), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { TurnList, roleOf, textOf, wordBoundary } from "../../client/turns.js";

const listOf = (...ids) => {
  const list = new TurnList();
  for (const id of ids) list.findOrAdd(id, "user");
  return list;
};
const ids = (list) => list.all.map(({ id }) => id);

test("a turn is made once, at the end, live and empty", () => {
  const list = listOf("a", "b");
  const turn = list.findOrAdd("c", "assistant");
  assert.deepEqual(turn, {
    id: "c", role: "assistant", text: "", phase: "live", note: "", heardCharacters: null, heard_ms: null,
  });
  assert.equal(list.findOrAdd("c", "user"), turn);
  assert.equal(turn.role, "assistant");
  assert.equal(list.find("nobody"), undefined);
  assert.deepEqual(ids(list), ["a", "b", "c"]);
});

test("a turn goes behind its predecessor, and stays where that one is not shown", () => {
  const list = listOf("a", "b", "c");
  list.placeAfter(list.find("c"), "a");
  assert.deepEqual(ids(list), ["a", "c", "b"]);
  list.placeAfter(list.find("a"), "b");
  assert.deepEqual(ids(list), ["c", "b", "a"]);
  list.placeAfter(list.find("a"), "unseen");
  list.placeAfter(list.find("a"), null);
  assert.deepEqual(ids(list), ["c", "b", "a"]);
});

test("only what is kept stays", () => {
  const list = listOf("a", "b");
  list.keep(({ id }) => id === "b");
  assert.deepEqual(ids(list), ["b"]);
});

test("people, the assistant and tools are shown; instructions are not", () => {
  assert.equal(roleOf({ type: "message", role: "user" }), "user");
  assert.equal(roleOf({ type: "message", role: "assistant" }), "assistant");
  assert.equal(roleOf({ type: "function_call" }), "tool");
  assert.equal(roleOf({ type: "message", role: "system" }), null);
  assert.equal(roleOf({ type: "function_call_output" }), null);
  assert.equal(roleOf({}), null);
});

test("an item's text is what was written or transcribed", () => {
  const message = (...content) => textOf({ type: "message", content });
  assert.equal(message({ type: "input_text", text: "Hi" }), "Hi");
  assert.equal(message({ type: "output_audio", transcript: "Good" }, { type: "output_text", text: "day." }), "Good day.");
  assert.equal(message({ type: "input_audio", transcript: null }, null), "");
  assert.equal(textOf({ type: "message" }), "");
});

test("a tool call is written as one, once its arguments are there", () => {
  assert.equal(textOf({ type: "function_call", name: "drive", arguments: '{"m":10}' }), 'drive({"m":10})');
  assert.equal(textOf({ type: "function_call", name: "drive", arguments: "" }), "");
});

test("a cut never splits a word", () => {
  assert.equal(wordBoundary("one two three", 6), 3);
  assert.equal(wordBoundary("one two three", 7), 7);
  assert.equal(wordBoundary("one two three", 99), 13);
  assert.equal(wordBoundary("one", 1), 0);
  assert.equal(wordBoundary("one two", -5), 0);
  assert.equal(wordBoundary("", 4), 0);
});

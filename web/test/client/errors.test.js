import assert from "node:assert/strict";
import { test } from "node:test";
import { CallError, asCallError, explainMicrophoneError } from "../../client/errors.js";

test("an error has a code for programs, a message and a hint for people, and what lies under it", () => {
  const cause = new TypeError("Failed to fetch");
  const error = new CallError("server_unreachable", "No answer.", { hint: "Is it on?", cause });
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.code, error.message, error.hint], [
    "CallError", "server_unreachable", "No answer.", "Is it on?",
  ]);
  assert.equal(error.cause, cause);
});

test("without more, the hint is empty and there is no cause", () => {
  const error = new CallError("closed", "The call was closed.");
  assert.equal(error.hint, "");
  assert.equal("cause" in error, false);
});

test("an error of ours stays itself; anything else thrown becomes one, with words", () => {
  const ours = new CallError("busy", "A call is there.");
  assert.equal(asCallError(ours), ours);
  assert.equal(asCallError(new Error("odd")).message, "odd");
  assert.equal(asCallError("text").message, "text");
  assert.equal(asCallError(new Error("")).message, "Something went wrong.");
  assert.equal(asCallError(undefined).code, "bad_answer");
});

for (const [name, code, message, hint] of [
  ["NotAllowedError", "microphone_denied", "The browser did not allow the microphone.", /Allow it/],
  ["SecurityError", "microphone_denied", "The browser did not allow the microphone.", /Allow it/],
  ["NotFoundError", "microphone_missing", "No microphone was found.", /Plug one in/],
  ["OverconstrainedError", "microphone_missing", "No microphone was found.", /Plug one in/],
  ["NotReadableError", "microphone_busy", "The microphone could not be opened.", /Another program/],
  ["AbortError", "microphone_busy", "The microphone could not be opened.", /Another program/],
]) {
  test(`${name} of the browser is ${code}, and says what to do`, () => {
    const told = explainMicrophoneError(new DOMException("x", name));
    assert.deepEqual([told.code, told.message], [code, message]);
    assert.match(told.hint, hint);
    assert.equal(told.cause.name, name);
  });
}

test("an error nobody foresaw is told in its own words, as far as it has any", () => {
  const words = (thrown) => explainMicrophoneError(thrown).message;
  assert.equal(words(new Error("driver lost")), "The microphone failed: driver lost");
  assert.equal(words(new TypeError("")), "The microphone failed: TypeError");
  assert.equal(words("no"), "The microphone failed: no");
  assert.equal(explainMicrophoneError("no").code, "microphone_missing");
});

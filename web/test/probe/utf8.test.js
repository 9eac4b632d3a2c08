import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8Length } from "../../probe/utf8.js";

test("a text is as long as what is sent of it", () => {
  for (const text of ["", "hello", "für", "“Grüße”", "東京", "a😀b", "\ud83d", "\ude00\ud83d"]) {
    assert.equal(utf8Length(text), new TextEncoder().encode(text).length, JSON.stringify(text));
  }
});

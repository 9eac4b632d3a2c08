import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8Length } from "../../probe/utf8.js";

test("a text is as long as what is sent of it", () => {
  for (const text of ["", "hello", "für", "“Grüße”", "東京", "a😀b", "\ud83d", "\ude00\ud83d"]) {
    assert.equal(utf8Length(text), new TextEncoder().encode(text).length, JSON.stringify(text));
  }
});

test("each length of a character begins where it begins", () => {
  for (const [point, bytes] of [[0x7f, 1], [0x80, 2], [0x7ff, 2], [0x800, 3], [0xffff, 3], [0x10000, 4], [0x10ffff, 4]]) {
    assert.equal(utf8Length(String.fromCodePoint(point)), bytes, point.toString(16));
  }
});

test("a text of a megabyte is counted whole", () => {
  assert.equal(utf8Length("aé😀".repeat(150_000)), 7 * 150_000);
});

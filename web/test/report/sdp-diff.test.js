import assert from "node:assert/strict";
import { test } from "node:test";
import { compareLines, subjectOf } from "../../report/sdp-diff.js";

const lines = (text) => text.split(" | ").map((line) => [line, ""]);

/** A row as "= same", "~ left → right", "- left" or "+ right". */
const shown = (left, right) => compareLines(lines(left), lines(right)).map(({ kind, left: l, right: r }) => ({
  same: () => `= ${l[0]}`, changed: () => `~ ${l[0]} → ${r[0]}`, left: () => `- ${l[0]}`, right: () => `+ ${r[0]}`,
})[kind]());

test("lines are the same, changed, or on one side only", () => {
  assert.deepEqual(shown("v=0 | a=setup:actpass | a=ptime:20", "v=0 | a=setup:active | a=lite"), [
    "= v=0", "~ a=setup:actpass → a=setup:active", "- a=ptime:20", "+ a=lite",
  ]);
});

test("a direction is a change of another, a codec of the same number only", () => {
  assert.deepEqual(shown("m=a | a=sendrecv | a=rtpmap:1 A | a=rtpmap:2 B", "m=a | a=recvonly | a=rtpmap:2 C"), [
    "= m=a", "~ a=sendrecv → a=recvonly", "- a=rtpmap:1 A", "~ a=rtpmap:2 B → a=rtpmap:2 C",
  ]);
});

test("candidates and streams are never changes of one another", () => {
  assert.deepEqual(shown("a=candidate:1 x", "a=candidate:2 x"), ["- a=candidate:1 x", "+ a=candidate:2 x"]);
});

test("media are compared with their own, by name where they have one", () => {
  assert.deepEqual(shown("v=0 | m=audio | a=mid:0 | m=video | a=mid:1", "v=0 | m=video | a=mid:1 | m=text | a=mid:2"), [
    "= v=0", "- m=audio", "- a=mid:0", "= m=video", "= a=mid:1", "+ m=text", "+ a=mid:2",
  ]);
  assert.deepEqual(shown("m=audio 9 | a=x", "m=audio 0 | a=x"), ["~ m=audio 9 → m=audio 0", "= a=x"]);
});

test("only lines in the same order count as the same", () => {
  assert.deepEqual(shown("a=b | a=c | a=d", "a=c | a=d | a=b"), ["- a=b", "= a=c", "= a=d", "+ a=b"]);
});

test("what a line is about", () => {
  assert.equal(subjectOf("a=sendonly"), "direction");
  assert.equal(subjectOf("a=fmtp:111 x=1"), "a=fmtp:111");
  assert.equal(subjectOf("o=- 1 2"), "o=");
  assert.equal(subjectOf(""), "");
});

test("of descriptions that are too long lines are compared in place", () => {
  const long = Array.from({ length: 2100 }, (_, n) => [`a=x${n}`, ""]);
  const pairs = compareLines(long, [...long.slice(0, 2099), ["a=y", ""]]);
  assert.equal(pairs.filter(({ kind }) => kind === "same").length, 2099);
  assert.equal(pairs.length, 2101);
});

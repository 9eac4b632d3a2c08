import assert from "node:assert/strict";
import { test } from "node:test";
import { matcherOf, neighbouringEvent, searchTextOf, unfolded } from "../../report/event-search.js";

const row = { seq: 3, t: 4, group: "wire", type: "response.done", text: "No such Voice", data: { id: "resp_7" } };

/** @param {string} query */
const finds = (query) => matcherOf(query)(searchTextOf(row));

test("a search looks through type, text and data, whatever the capitals", () => {
  for (const query of ["response.done", "no such voice", "RESP_7", '"id"']) assert.equal(finds(query), true, query);
  assert.equal(finds("wire"), false, "groups have buttons of their own");
});

test("all words of a search must be there, in any order", () => {
  assert.equal(finds("  voice   resp_7 "), true);
  assert.equal(finds("voice missing"), false);
});

test("an empty search finds everything", () => {
  assert.equal(finds(""), true);
  assert.equal(finds("   "), true);
});

test("data that is missing is nothing to be found, and no error", () => {
  assert.equal(matcherOf("x")(searchTextOf({ ...row, text: "", data: undefined })), false);
});

test("the next event is after the chosen one, among those that are shown", () => {
  const rows = [0, 1, 2, 3].map((t) => ({ ...row, t }));
  const next = (/** @type {number} */ chosen, /** @type {number} */ direction) => (
    neighbouringEvent(rows, [0, 2, 3], { chosen, nowS: 0, direction })
  );
  assert.equal(next(0, 1), 2);
  assert.equal(next(1, 1), 2, "the chosen one is not shown any more");
  assert.equal(next(3, 1), undefined);
  assert.equal(next(3, -1), 2);
  assert.equal(next(0, -1), undefined);
});

test("where none is chosen, it is the first from now on, or else the very first", () => {
  const rows = [null, 1, 2].map((t) => ({ ...row, t }));
  const first = (/** @type {number} */ nowS, visible = [0, 1, 2]) => (
    neighbouringEvent(rows, visible, { chosen: -1, nowS, direction: 1 })
  );
  assert.equal(first(0), 1, "an event without a time is not from now on");
  assert.equal(first(1.5), 2);
  assert.equal(first(9), 0);
  assert.equal(first(0, []), undefined);
});

test("JSON within texts is unfolded for reading, and what only looks like it is left", () => {
  const data = { text: '{"type": "a", "n": [1]}', other: "{half", list: ["[2]", 3, null], plain: "word" };
  assert.deepEqual(unfolded(data), {
    text: { type: "a", n: [1] }, other: "{half", list: [[2], 3, null], plain: "word",
  });
  assert.equal(unfolded(null), null);
});

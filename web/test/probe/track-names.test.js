import assert from "node:assert/strict";
import { test } from "node:test";
import { TrackNames } from "../../probe/track-names.js";

/** @param {string} id @returns {any} */
const track = (id) => ({ id });

test("a track is told by its id; another one of the same id by its connection and number, too", () => {
  const names = new TrackNames();
  const [first, second, third, other] = ["a", "a", "a", "b"].map(track);
  assert.equal(names.nameOf("connection-0", first), "a");
  assert.equal(names.nameOf("connection-1", second), "a.connection-1.2");
  assert.equal(names.nameOf("connection-1", third), "a.connection-1.3");
  assert.equal(names.nameOf("connection-1", other), "b");
});

test("a track keeps its name when it comes again", () => {
  const names = new TrackNames();
  const [first, second] = ["a", "a"].map(track);
  names.nameOf("connection-0", first);
  const name = names.nameOf("connection-1", second);
  assert.equal(names.nameOf("connection-1", second), name);
  assert.equal(names.nameOf("connection-0", first), "a");
});

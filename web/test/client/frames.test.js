import assert from "node:assert/strict";
import { test } from "node:test";
import { Frames } from "../../client/frames.js";
import { openPage } from "../support/dom.js";

function setUp() {
  const intervals = new Map();
  const page = openPage("<html></html>", {
    setInterval: (call, every_ms) => intervals.set(intervals.size + 1, { call, every_ms }) && intervals.size,
  });
  globalThis.clearInterval = (id) => intervals.delete(id);
  const drawn = [];
  const frames = new Frames((now_ms) => drawn.push(now_ms), 50);
  return { ...page, frames, drawn, intervals };
}

test("asked once or ten times, it draws once, when the browser does", () => {
  const { frames, drawn, draw } = setUp();
  for (let i = 0; i < 10; i++) frames.ask();
  assert.deepEqual(drawn, []);
  draw(16);
  draw(32);
  assert.deepEqual(drawn, [16]);
  frames.ask();
  draw(48);
  assert.deepEqual(drawn, [16, 48]);
});

test("while it is on, frames are asked for at intervals", () => {
  const { frames, drawn, draw, intervals } = setUp();
  frames.keepDrawing(true);
  draw(0);
  assert.deepEqual([...intervals.values()].map(({ every_ms }) => every_ms), [50]);
  intervals.get(1).call();
  draw(50);
  draw(66);
  assert.deepEqual(drawn, [0, 50]);
});

test("switched on again it goes on with one interval; switched off it draws once more", () => {
  const { frames, drawn, draw, intervals } = setUp();
  frames.keepDrawing(true);
  frames.keepDrawing(true);
  assert.equal(intervals.size, 1);
  draw(0);
  frames.keepDrawing(false);
  assert.equal(intervals.size, 0);
  draw(16);
  assert.deepEqual(drawn, [0, 16]);
});

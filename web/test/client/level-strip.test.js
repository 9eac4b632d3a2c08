import assert from "node:assert/strict";
import { test } from "node:test";
import { BAR_MS, LevelStrip } from "../../client/level-strip.js";
import { FakeCanvas } from "../support/dom.js";
import { FakeContext } from "./support/fake-canvas.js";

const LOUD = { user: -8, assistant: -Infinity };
const SILENT = { user: -Infinity, assistant: -Infinity };

/** A strip of 100 by 80 pixels: 20 bars; the line is at 40. */
function setUp({ isStill = false } = {}) {
  const canvas = new FakeCanvas("canvas", null);
  const context = new FakeContext();
  Object.assign(canvas, { context, clientWidth: 100, clientHeight: 80 });
  const state = { levels: SILENT, isStill };
  let now_ms = 10_000;
  const strip = new LevelStrip(canvas, {
    levels_dbfs: () => state.levels,
    colours: () => ({ user: "blue", assistant: "red", line: "grey" }),
    prefersStill: () => state.isStill,
  });
  const wait = (after_ms) => strip.frame((now_ms += after_ms));
  wait(0);
  return { strip, canvas, context, state, wait, hear: (levels) => {
    state.levels = levels;
    wait(BAR_MS);
  } };
}

test("the person is above the line, the assistant below it, the newest at the right", () => {
  const { context, hear } = setUp();
  hear(LOUD);
  hear({ user: -Infinity, assistant: -8 });
  const [user] = context.boxes("blue");
  const [assistant] = context.boxes("red");
  assert.ok(user[1] + user[3] <= 40 && user[3] > 30, "up to the top");
  assert.ok(assistant[1] >= 40 && assistant[3] > 30, "down to the bottom");
  assert.equal(assistant[0], 97);
  assert.equal(user[0], 92);
});

test("both at once are seen at the same place: an interruption", () => {
  const { context, hear } = setUp();
  hear({ user: -8, assistant: -8 });
  assert.equal(context.boxes("blue")[0][0], context.boxes("red")[0][0]);
  assert.equal(context.boxes("grey").length, 19, "and no dot between them");
});

test("where nobody spoke there is a dot on the line", () => {
  const { context, hear } = setUp();
  hear(LOUD);
  assert.equal(context.boxes("grey").length, 19);
  for (const [, top, , height] of context.boxes("grey")) assert.equal(top + height / 2, 40);
});

test("the oldest bars fade out at the left, where the names stand", () => {
  const { context } = setUp();
  assert.deepEqual(context.faded, {
    how: "destination-out", stops: ["rgb(0 0 0 / 1)", "rgb(0 0 0 / 0)"], from: 0, width: 195, height: 80,
  });
  assert.equal(context.globalCompositeOperation, "source-over");
});

test("while nothing is to be heard nothing is drawn, but the silence once", () => {
  const { context, wait } = setUp();
  assert.equal(context.wipes, 1);
  for (let i = 0; i < 5; i++) wait(BAR_MS);
  assert.equal(context.wipes, 1);
});

test("another size or theme is drawn although nothing is to be heard", () => {
  const { strip, canvas, context, wait } = setUp();
  Object.assign(canvas, { clientWidth: 200 });
  strip.invalidate();
  wait(BAR_MS);
  assert.equal(context.wipes, 2);
  assert.equal(canvas.width, 200);
  assert.equal(context.boxes("grey").length, 40);
});

test("on a dense screen there are more pixels, up to twice", () => {
  globalThis.devicePixelRatio = 3;
  const { canvas, context } = setUp();
  delete globalThis.devicePixelRatio;
  assert.deepEqual([canvas.width, canvas.height, context.scale], [200, 160, 2]);
});

test("time that passed without a frame is filled up with what is heard now", () => {
  const { context, state, wait } = setUp();
  state.levels = LOUD;
  wait(4 * BAR_MS);
  assert.equal(context.boxes("blue").length, 4);
});

test("frames that come too soon are no bars", () => {
  const { context, state, wait, hear } = setUp();
  hear(LOUD);
  state.levels = LOUD;
  wait(10);
  assert.equal(context.boxes("blue").length, 1);
});

test("after an hour in the background the strip is full, and goes on", () => {
  const { context, hear, wait } = setUp();
  hear(LOUD);
  wait(3_600_000);
  assert.equal(context.boxes("blue").length, 20);
  hear(SILENT);
  assert.equal(context.boxes("blue").length, 19);
});

test("the end of a call leaves an empty strip", () => {
  const { strip, context, hear, wait } = setUp();
  hear(LOUD);
  strip.clear();
  wait(1);
  assert.deepEqual(context.boxes("blue"), []);
});

test("who asked for less motion sees two meters, and those change four times a second at most", () => {
  const { context, hear, state, wait } = setUp({ isStill: true });
  hear(LOUD);
  wait(250);
  const [meter] = context.boxes("blue");
  assert.equal(meter[2], 100, "all of the width");
  assert.equal(context.boxes("red")[0][2], 0);
  const { wipes } = context;
  state.levels = { user: -30, assistant: -8 };
  wait(100);
  assert.equal(context.wipes, wipes);
  wait(200);
  assert.equal(context.wipes, wipes + 1);
  assert.ok(context.boxes("blue")[0][2] < 60);
});

test("a canvas that cannot be drawn on is no error", () => {
  const { canvas, hear } = setUp();
  canvas.context = null;
  assert.doesNotThrow(() => hear(LOUD));
});

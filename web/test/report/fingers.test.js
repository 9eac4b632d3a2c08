import assert from "node:assert/strict";
import { test } from "node:test";
import { Fingers, HOLD_MS } from "../../report/fingers.js";

/** Fingers on a screen; what was told of them, in order. The clock is the test's. */
function open(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  const tell = (name) => (what) => told.push([name, what]);
  const fingers = new Fingers({
    onTap: tell("tap"), onHold: tell("hold"), onDrag: tell("drag"), onPinch: tell("pinch"),
  });
  const at = (pointerId, clientX, clientY = 0) => ({ pointerId, clientX, clientY });
  return { fingers, told, at, wait: (ms) => t.mock.timers.tick(ms) };
}

test("a finger that comes and goes has tapped, also where it trembled", (t) => {
  const { fingers, told, at, wait } = open(t);
  fingers.down(at(1, 200));
  wait(HOLD_MS - 1);
  fingers.move(at(1, 205, 4));
  fingers.up(at(1, 205, 4));
  wait(HOLD_MS);
  assert.deepEqual(told, [["tap", 200]]);
});

test("a finger that moves at once is the browser's, to scroll by", (t) => {
  const { fingers, told, at, wait } = open(t);
  fingers.down(at(1, 200));
  fingers.move(at(1, 240));
  assert.equal(fingers.isBusy, false);
  fingers.cancel(at(1, 240));
  wait(HOLD_MS);
  fingers.move(at(1, 300));
  assert.deepEqual(told, []);
});

test("a finger that is held selects from there, up to where it is drawn", (t) => {
  const { fingers, told, at, wait } = open(t);
  fingers.down(at(1, 200));
  assert.equal(fingers.isBusy, false);
  wait(HOLD_MS);
  assert.equal(fingers.isBusy, true, "the page does not scroll by it");
  fingers.move(at(1, 260, 40));
  fingers.move(at(1, 300, 40));
  fingers.up(at(1, 300, 40));
  assert.equal(fingers.isBusy, false);
  assert.deepEqual(told, [["hold", 200], ["drag", 260], ["drag", 300]]);
});

test("two fingers pinch around their middle, and move what is between them", (t) => {
  const { fingers, told, at, wait } = open(t);
  fingers.down(at(1, 200));
  fingers.down(at(2, 300));
  assert.equal(fingers.isBusy, true);
  wait(HOLD_MS);
  fingers.move(at(2, 400));
  fingers.move(at(1, 300));
  assert.deepEqual(told, [
    ["pinch", { scale: 2, fromX: 250, toX: 300 }],
    ["pinch", { scale: 0.5, fromX: 300, toX: 350 }],
  ]);
});

test("of two fingers the one that stays neither taps nor selects", (t) => {
  const { fingers, told, at, wait } = open(t);
  fingers.down(at(1, 200));
  fingers.down(at(2, 300));
  fingers.up(at(2, 300));
  assert.equal(fingers.isBusy, false);
  wait(HOLD_MS);
  fingers.move(at(1, 260));
  fingers.up(at(1, 260));
  assert.deepEqual(told, []);
});

test("fingers that touch each other zoom by no leaps", (t) => {
  const { fingers, told, at } = open(t);
  fingers.down(at(1, 200));
  fingers.down(at(2, 201));
  fingers.move(at(2, 203));
  assert.equal(told[0][1].scale, 1);
});

test("a finger that nobody put down is none of these", (t) => {
  const { fingers, told, at } = open(t);
  fingers.move(at(9, 100));
  fingers.up(at(9, 100));
  assert.deepEqual(told, []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { HOLD_MS } from "../../report/fingers.js";
import { CallTimeline } from "../../report/timeline.js";
import { fire } from "../support/dom.js";
import { openReport } from "./support/report-page.js";

/** Lanes of 10 s on 1000 px behind labels of 100 px, in a view of 600 px; the clock is the test's. */
function open(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const report = openReport();
  const timeline = new CallTimeline(report.of("s1", "[data-timeline]"), report.data("s1"));
  const body = timeline.laneBody;
  const finger = (type, pointerId, clientX) => (
    fire(body, type, { pointerType: "touch", button: 0, pointerId, clientX, clientY: 0 })
  );
  return {
    timeline, finger,
    wait: (ms) => t.mock.timers.tick(ms),
    isKept: (type) => fire(body, type).defaultPrevented,
    said: () => report.of("s1", ".measure output").textContent,
  };
}

test("a tap moves the cursor when the finger is lifted, and clears what was selected", (t) => {
  const { timeline, finger, said } = open(t);
  timeline.selection.select(1, 2);
  finger("pointerdown", 1, 600);
  assert.equal(timeline.nowS, 0);
  finger("pointerup", 1, 600);
  assert.equal(timeline.nowS, 5);
  assert.equal(said(), "");
});

test("a finger that scrolls leaves the cursor where it is, and the browser its way", (t) => {
  const { timeline, finger, wait, isKept, said } = open(t);
  finger("pointerdown", 1, 600);
  finger("pointermove", 1, 500);
  assert.equal(isKept("touchmove"), false);
  finger("pointercancel", 1, 500);
  wait(HOLD_MS);
  assert.equal(timeline.nowS, 0);
  assert.equal(said(), "");
});

test("a finger that is held measures a stretch, and nothing scrolls or opens a menu meanwhile", (t) => {
  const { timeline, finger, wait, isKept, said } = open(t);
  finger("pointerdown", 1, 300);
  wait(HOLD_MS);
  assert.equal(timeline.nowS, 2);
  assert.deepEqual([isKept("touchmove"), isKept("contextmenu")], [true, true]);
  finger("pointermove", 1, 423.4);
  assert.equal(said(), "0:02.000 to 0:03.234: 1.234 s");
  finger("pointerup", 1, 423.4);
  assert.deepEqual([isKept("touchmove"), isKept("contextmenu")], [false, false]);
  assert.equal(said(), "0:02.000 to 0:03.234: 1.234 s", "it stays");
});

test("two fingers zoom: the moment between them stays between them", (t) => {
  const { timeline, finger, isKept } = open(t);
  finger("pointerdown", 1, 400);
  finger("pointerdown", 2, 600); // 4 s lies in the middle, at 500 px
  assert.equal(isKept("touchmove"), true);
  finger("pointermove", 2, 800);
  assert.equal(timeline.zoom, 2);
  assert.equal(timeline.leftOf(4) - timeline.scroll.scrollLeft, 600);
  assert.equal(timeline.nowS, 0, "the cursor is not moved by it");
});

test("a finger on the name of a lane does nothing on the lanes", (t) => {
  const { timeline, wait, said } = open(t);
  const label = timeline.lanes.querySelector(".label");
  fire(label, "pointerdown", { pointerType: "touch", button: 0, pointerId: 1, clientX: 600, clientY: 0 });
  wait(HOLD_MS);
  fire(label, "pointerup", { pointerType: "touch", pointerId: 1, clientX: 600, clientY: 0 });
  assert.equal(timeline.nowS, 0);
  assert.equal(said(), "");
});

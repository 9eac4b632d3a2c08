import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthText } from "../../report/selection.js";
import { Viewer } from "../../report/viewer.js";
import { fire } from "../support/dom.js";
import { openReport } from "./support/report-page.js";

/** A report of 10 s on 1000 px, of which the first 5 s are in view behind names of 100 px. */
function open(hash = "#s1@3") {
  const report = openReport(hash);
  const viewer = new Viewer();
  viewer.start();
  const { timeline } = viewer.current;
  const of = (selector) => report.of("s1", selector);
  return {
    ...report, of, viewer, timeline, selection: timeline.selection,
    drag: (from, to, more = {}) => {
      fire(timeline.lanes, "pointerdown", { button: 0, clientX: from, ...more });
      fire(report.window, "pointermove", { clientX: to });
      fire(report.window, "pointerup");
    },
    said: () => of(".measure output").textContent,
    shown: () => [".selection", ".measure .some", ".measure .hint"].filter((name) => !of(name).hidden),
  };
}

test("lengths are milliseconds, seconds or minutes", () => {
  assert.deepEqual([0.0004, 0.25, 0.9994, 0.9996, 1.2345, 59.9994, 59.9996, 123.4].map(lengthText), [
    "0 ms", "250 ms", "999 ms", "1.000 s", "1.234 s", "59.999 s", "1:00.000", "2:03.400",
  ]);
});

test("at first nothing is selected, and how to do it is told", () => {
  const { shown, said, selection } = open();
  assert.deepEqual(shown(), [".measure .hint"]);
  assert.equal(said(), "");
  assert.equal(selection.text, "");
});

test("dragging selects what it passes, in both directions, and the cursor goes along", () => {
  const { drag, said, shown, of, timeline } = open();
  drag(300, 423.4);
  assert.equal(said(), "0:02.000 to 0:03.234: 1.234 s");
  assert.deepEqual(shown(), [".selection", ".measure .some"]);
  assert.equal(of(".selection").textContent, "1.234 s");
  assert.equal(timeline.nowS.toFixed(3), "3.234");
  drag(600, 400);
  assert.equal(said(), "0:03.000 to 0:05.000: 2.000 s");
  assert.deepEqual(["--from", "--length"].map((name) => of(".selection").style.getPropertyValue(name)), ["0.3", "0.2"]);
});

test("a click selects nothing, and what was selected before is not any more", () => {
  const { drag, said, shown } = open();
  drag(300, 400);
  drag(500, 502);
  assert.equal(said(), "");
  assert.deepEqual(shown(), [".measure .hint"]);
});

test("a finger scrolls, and selects nothing", () => {
  const { drag, said } = open();
  drag(300, 400, { pointerType: "touch" });
  assert.equal(said(), "");
});

test("dragging that the browser takes away has ended", () => {
  const { window, timeline, said } = open();
  fire(timeline.lanes, "pointerdown", { button: 0, clientX: 300 });
  fire(window, "pointermove", { clientX: 400 });
  fire(window, "pointercancel");
  fire(window, "pointermove", { clientX: 500 });
  assert.equal(said(), "0:02.000 to 0:03.000: 1.000 s");
});

test("Shift and moves select from where the cursor stood, forth and back again", () => {
  const { press, said } = open();
  const after = (key) => {
    press(key, { shiftKey: true });
    return said();
  };
  assert.equal(after("ArrowRight"), "0:03.000 to 0:03.100: 100 ms");
  assert.equal(after("ArrowRight"), "0:03.000 to 0:03.200: 200 ms");
  assert.equal(after("ArrowLeft"), "0:03.000 to 0:03.100: 100 ms");
  assert.equal(after("Home"), "0:00.000 to 0:03.000: 3.000 s");
  assert.equal(after("End"), "0:03.000 to 0:10.000: 7.000 s");
});

test("moved away without Shift, the cursor begins a new selection; until then the old one stays", () => {
  const { press, said } = open();
  press("End", { shiftKey: true });
  press("Home");
  assert.equal(said(), "0:03.000 to 0:10.000: 7.000 s");
  press("ArrowRight", { shiftKey: true });
  assert.equal(said(), "0:00.000 to 0:00.100: 100 ms");
});

test("Escape and a button clear it", () => {
  const { press, said, drag, of } = open();
  drag(300, 400);
  press("Escape");
  assert.equal(said(), "");
  drag(300, 400);
  of('[data-do="selection-clear"]').click();
  assert.equal(said(), "");
});

test("it is copied as text by its button, which says so until there is another", () => {
  const { drag, copied, of } = open();
  const button = of('[data-do="selection-copy"]');
  drag(300, 400);
  button.click();
  assert.deepEqual(copied, ["0:02.000 to 0:03.000: 1.000 s"], "once");
  assert.equal(button.textContent, "Copied");
  drag(300, 500);
  assert.equal(button.textContent, "Copy");
});

test("where a browser does not let a page copy, the button says that", () => {
  const { drag, document, of } = open();
  drag(300, 400);
  document.execCommand = () => false;
  of('[data-do="selection-copy"]').click();
  assert.equal(of('[data-do="selection-copy"]').textContent, "Not copied");
});

test("it is copied by the browser's own key, but selected words and fields come first", () => {
  const report = open();
  const { drag, copy, copied, of } = report;
  assert.equal(copy(), false, "nothing is selected");
  drag(300, 400);
  assert.equal(copy(), true);
  assert.deepEqual(copied, ["0:02.000 to 0:03.000: 1.000 s"]);
  assert.equal(copy(of("input[type=search]")), false);
  globalThis.getSelection = () => "some words";
  assert.equal(copy(), false);
});

test("the view is zoomed onto it by its button", () => {
  const { drag, of, timeline } = open();
  drag(300, 400);
  of('[data-do="selection-zoom"]').click();
  assert.equal(timeline.zoom, 4);
  const { fromS, toS } = timeline.view();
  assert.deepEqual([fromS, toS], [1.875, 3.125]);
});

test("its length is written inside where it begins at the right edge of the view", () => {
  const { drag, of, draw } = open();
  const isLate = () => of(".selection").classList.contains("late");
  drag(300, 400);
  draw(16);
  assert.equal(isLate(), false);
  drag(560, 590);
  draw(32);
  assert.equal(isLate(), true);
});

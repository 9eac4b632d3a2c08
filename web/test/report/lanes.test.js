import assert from "node:assert/strict";
import { test } from "node:test";
import { Viewer } from "../../report/viewer.js";
import { fire } from "../support/dom.js";
import { FakeStorage, openReport } from "./support/report-page.js";

function open(storage) {
  const report = openReport("", storage);
  const viewer = new Viewer();
  viewer.start();
  const of = (selector) => report.of("s1", selector);
  return {
    ...report, of, viewer,
    names: () => of(".lanes").querySelectorAll("[data-lane]").map((lane) => lane.dataset.lane),
    folded: () => of(".lanes").querySelectorAll(".folded").map((lane) => lane.dataset.lane),
    row: (name) => of(".lane-menu ol").children.find((row) => row.textContent.includes(name)),
  };
}

test("a click on a name folds its lane, and the next one unfolds it; the axis has none", () => {
  const { of, folded, row } = open();
  of('[data-lane="Jitter"] .label').click();
  assert.deepEqual(folded(), ["Jitter"]);
  assert.equal(row("Jitter").querySelector("input").checked, false);
  of('[data-lane="Jitter"] .label').click();
  of(".axis .label").click();
  assert.deepEqual(folded(), []);
});

test("the menu folds and moves lanes, and the focus stays where one was", () => {
  const { names, folded, row, document } = open();
  assert.deepEqual(names(), ["Sent", "Heard", "Jitter", "Bit rate", "Wire"]);
  const box = row("Heard").querySelector("input");
  box.checked = false;
  fire(box, "change");
  assert.deepEqual(folded(), ["Heard"]);
  assert.equal(document.activeElement, row("Heard").querySelector("input"));
  row("Jitter").querySelector('[data-move="-1"]').click();
  assert.deepEqual(names(), ["Sent", "Jitter", "Heard", "Bit rate", "Wire"]);
  assert.equal(document.activeElement.getAttribute("aria-label"), "Move Jitter up");
});

test("lanes stand behind each other before the cursor, which lies over all of them", () => {
  const { of } = open();
  assert.equal(of(".lanes").children.at(-3).className, "cursor");
});

test("the choice is kept for the next report, and taken back by a button", () => {
  const storage = new FakeStorage();
  const first = open(storage);
  first.row("Bit rate").querySelector('[data-move="1"]').click();
  first.of('[data-lane="Sent"] .label').click();
  const second = open(storage);
  assert.deepEqual(second.names(), ["Sent", "Heard", "Jitter", "Wire", "Bit rate"]);
  assert.deepEqual(second.folded(), ["Sent"]);
  second.of('[data-do="lanes-reset"]').click();
  assert.deepEqual([second.names(), second.folded()], [["Sent", "Heard", "Jitter", "Bit rate", "Wire"], []]);
});

test("where the browser keeps nothing, the choice holds as long as the page is open", () => {
  const storage = new FakeStorage();
  storage.isFull = true;
  const { of, folded } = open(storage);
  of('[data-lane="Sent"] .label').click();
  assert.deepEqual(folded(), ["Sent"]);
});

test("Escape closes the menu", () => {
  const { of, document } = open();
  of(".lane-menu").open = true;
  fire(of(".lane-menu"), "keydown", { key: "a" });
  assert.equal(of(".lane-menu").open, true);
  fire(of(".lane-menu"), "keydown", { key: "Escape" });
  assert.equal(of(".lane-menu").open, false);
  assert.equal(document.activeElement, of(".lane-menu summary"));
});

test("a link to a curve unfolds it, brings it into view, and marks it", () => {
  const { of, find, folded, viewer } = open();
  const lane = of('[data-curve="bit_rate"]');
  of('[data-curve="bit_rate"] .label').click();
  find("#s1 [data-show-lane]").click();
  assert.deepEqual(folded(), []);
  assert.equal(lane.scrolledIntoView, 1);
  assert.equal(lane.classList.contains("shown-by-link"), true);
  assert.equal(viewer.current.timeline.nowS, 2);
  viewer.current.lanes.showCurve("none");
  assert.equal(lane.classList.contains("shown-by-link"), true);
});

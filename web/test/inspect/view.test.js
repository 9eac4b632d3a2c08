// What is told is shown as text, read out once, and ends with a way to the report.
import assert from "node:assert/strict";
import { test } from "node:test";
import { View, byId } from "../../inspect/view.js";
import { BOARD, FINDING, openInspection } from "./support.js";

const message = (more) => ({ lines: [], left_out: 0, ...more });

function open() {
  const page = openInspection();
  const text = (id) => page.find(`#${id}`).textContent;
  return { ...page, view: new View(), text };
}

test("lines come below each other, and those that were missed are counted", () => {
  const { view, find, text } = open();
  view.take(message({ lines: [{ text: "  1.0   page.loaded", kind: "event" }], left_out: 3 }));
  assert.deepEqual(find("#events").children.map((line) => line.textContent), ["… 3 lines before", "  1.0   page.loaded"]);
  view.take(message({ lines: [{ text: "There is no command “sya”.", kind: "problem" }] }));
  assert.equal(text("announced"), "There is no command “sya”.");
  view.clear();
  assert.equal(find("#events").childElementCount, 0);
});

test("old lines go, and whoever has scrolled up stays there", () => {
  const { view, find } = open();
  const scroller = find("#events-scroller");
  const lines = (count) => Array.from({ length: count }, (_, n) => ({ text: `line ${n}`, kind: "event" }));
  view.take(message({ lines: lines(500) }));
  assert.equal(find("#events").childElementCount, 400);
  Object.assign(scroller, { scrollHeight: 1000, clientHeight: 200, scrollTop: 100 });
  view.take(message({ lines: lines(1) }));
  assert.equal(scroller.scrollTop, 100);
  scroller.scrollTop = 790;
  view.take(message({ lines: lines(1) }));
  assert.equal(scroller.scrollTop, 1000);
});

test("findings that leave the events less room do not stop them from being followed", () => {
  const { view, find } = open();
  const scroller = find("#events-scroller");
  Object.assign(scroller, { scrollHeight: 1000, clientHeight: 400, scrollTop: 600 });
  const shown = find("#findings");
  const append = shown.replaceChildren;
  shown.replaceChildren = function (...children) {
    scroller.scrollTop = 580; // as a browser does where the box gets smaller
    return append.apply(this, children);
  };
  view.take(message({ findings: [FINDING] }));
  assert.equal(scroller.scrollTop, 1000);
});

test("the board says how it stands, and is silent about what it does not know", () => {
  const { view, find, text } = open();
  view.take(message({ board: { ...BOARD, page: "", levels_dbfs: {} } }));
  assert.equal(text("page"), "no page yet");
  view.take(message({ board: BOARD }));
  assert.equal(text("page"), "http://shop.test/voice");
  assert.equal(text("now"), "3.3 s");
  assert.deepEqual(find("#state").children.map((part) => part.textContent), BOARD.state);
  assert.equal(text("number-you"), "-20 dBFS");
  assert.equal(find("#mute").getAttribute("aria-pressed"), "false");
  view.take(message({ board: { ...BOARD, is_muted: true } }));
  assert.equal(find("#mute").getAttribute("aria-pressed"), "true");
  assert.equal(text("mute"), "Muted");
});

test("a pause is shown with its place until it is over", () => {
  const { view, find, text } = open();
  view.take(message({ board: { ...BOARD, paused_at: "call.js:12:5 in answer" } }));
  assert.equal(find("#paused").hidden, false);
  assert.equal(text("paused-at"), "call.js:12:5 in answer");
  assert.equal(text("announced"), "Paused at call.js:12:5 in answer");
  view.take(message({ board: BOARD }));
  assert.equal(find("#paused").hidden, true);
});

test("findings say what to do, as text, and are read out once each", () => {
  const { view, find, text } = open();
  view.take(message({ findings: [] }));
  assert.equal(find("#findings-none").hidden, false);
  view.take(message({ findings: [FINDING] }));
  assert.equal(find("#findings-none").hidden, true);
  assert.equal(text("findings-count"), "(1)");
  assert.equal(find(".finding-cause").textContent, "The <b>element</b> is muted.");
  assert.equal(find(".finding-to-do").textContent, "Take muted off.");
  assert.equal(find(".finding-facts").textContent, "See event 7 (playback.changed). Line: http://shop.test/call.js:12:5");
  assert.match(text("announced"), /^element_muted: /);
  view.announce("");
  const bare = { ...FINDING, name: "no_data_channel", at_s: null, evidence: [], page_line: undefined };
  view.take(message({ findings: [FINDING, bare] }));
  assert.match(text("announced"), /^no_data_channel: /);
  assert.equal(find("#findings").lastElementChild.querySelector(".finding-facts"), null);
});

test("the end has the outcome and the report, and nothing can be done any more", () => {
  const { view, find, text } = open();
  const end = { outcome: "1 finding", findings: [FINDING], report: "report.html", path: "out/inspect/report.html" };
  view.take(message({ end }));
  assert.equal(text("outcome"), "1 finding");
  assert.equal(find("#report").hidden, false);
  assert.equal(find("#report").getAttribute("href"), "./report/report.html");
  assert.equal(text("report-path"), "out/inspect/report.html");
  assert.ok(find("#quit").disabled && find("#say-text").disabled);
  view.showState("ended");
  assert.equal(text("status"), "Ended");
});

test("without a report there is no link to one", () => {
  const { view, find } = open();
  view.take(message({ end: { outcome: "No browser.", findings: [], report: null, path: "" } }));
  assert.equal(find("#report").hidden, true);
});

test("a page that lacks a part says which", () => {
  open();
  assert.throws(() => byId("nowhere"), /no #nowhere/);
});

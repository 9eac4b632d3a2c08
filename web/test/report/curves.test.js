import assert from "node:assert/strict";
import { test } from "node:test";
import { Curves } from "../../report/curves.js";
import { CallTimeline } from "../../report/timeline.js";
import { fire } from "../support/dom.js";
import { openReport } from "./support/report-page.js";

/** 10 s on 1000 px, of which 500 are in view beside the names. */
function open() {
  const report = openReport();
  const timeline = new CallTimeline(report.of("s1", "[data-timeline]"), report.data("s1"));
  const curves = new Curves(timeline, report.data("s1").curves);
  const of = (selector) => report.of("s1", selector);
  report.draw(0);
  return {
    ...report, timeline, curves, of,
    texts: (key) => of(`[data-curve="${key}"]`).querySelectorAll(".value").map((e) => e.textContent),
  };
}

test("each lane has a chart of the part of the axis that is in view", () => {
  const { charts, of } = open();
  assert.equal(charts.length, 2);
  assert.deepEqual(charts.map(({ width, scales }) => [width, scales]), [[500, [[0, 5]]], [500, [[0, 5]]]]);
  assert.equal(of('[data-curve="jitter"] .plot').style.width, "500px");
});

test("scrolling and zooming move all of them, once a frame", () => {
  const { charts, timeline, draw, framesAsked } = open();
  timeline.scroll.scrollLeft = 300;
  fire(timeline.scroll, "scroll");
  fire(timeline.scroll, "scroll");
  assert.equal(framesAsked(), 1);
  draw(16);
  assert.deepEqual(charts.map(({ scales }) => scales.at(-1)), [[3, 8], [3, 8]]);
  timeline.scroll.scrollLeft = 0;
  timeline.zoomTo(2, 0);
  draw(32);
  assert.deepEqual(charts[0].scales.at(-1), [0, 2.5]);
});

test("a wider window makes wider charts; a hidden call and a folded lane are not drawn", () => {
  const { charts, timeline, draw, document, of, resize } = open();
  timeline.scroll.clientWidth = 700;
  of('[data-curve="bit_rate"]').classList.add("folded");
  resize();
  draw(16);
  assert.deepEqual(charts.map(({ width }) => width), [600, 500]);
  document.getElementById("s1").hidden = true;
  fire(timeline.scroll, "scroll");
  draw(32);
  assert.equal(charts[0].scales.length, 2);
});

test("the values are those of the cursor, and of the mouse while it is over the lanes", () => {
  const { timeline, texts } = open();
  timeline.moveTo(2);
  assert.deepEqual(texts("jitter"), ["8.0"]);
  assert.deepEqual(texts("bit_rate"), ["↓1: 34", "↓2: 13", "↑ 41"]);
  fire(timeline.lanes, "pointermove", { clientX: 700, pointerType: "mouse" }); // 6 s
  assert.deepEqual(texts("bit_rate"), ["↓1: –", "↓2: –", "↑ –"]);
  timeline.show(3);
  assert.deepEqual(texts("jitter"), ["–"], "playing does not take them from the mouse");
  fire(timeline.lanes, "pointerleave");
  assert.deepEqual(texts("jitter"), ["4.0"]);
  fire(timeline.lanes, "pointermove", { clientX: 700, pointerType: "touch" });
  assert.deepEqual(texts("jitter"), ["4.0"]);
});

test("gaps stay gaps, and another line's moments are none", () => {
  const { charts: [, chart] } = open();
  assert.deepEqual(chart.data, [
    [1, 1.5, 2, 2.5, 6, 9],
    [30, undefined, 34, undefined, null, 31],
    [undefined, 12, undefined, 13, undefined, undefined],
    [40, undefined, 41, undefined, undefined, undefined],
  ]);
  assert.ok(chart.options.series.slice(1).every(({ spanGaps }) => spanGaps === false));
});

test("what no line leads to is a point, where points stand close too", () => {
  const { charts: [, { data, options }] } = open();
  const { filter } = options.series[1].points;
  assert.deepEqual(filter({ data }, 1, false), [5]);
  assert.deepEqual(filter({ data }, 1, false), [5]);
  assert.equal(filter({ data }, 1, true), null);
});

test("tracks of one side differ by their strokes, sides by the colours of their waveforms", () => {
  const { charts: [, { options }] } = open();
  const [, first, second, sent] = options.series;
  assert.notDeepEqual(first.dash, second.dash);
  assert.deepEqual(sent.dash, []);
  assert.deepEqual([first, sent].map(({ stroke, points }) => [stroke(), points.fill()]), [
    ["green", "green"], ["blue", "blue"],
  ]);
});

test("another theme draws them in its colours", () => {
  const { charts, of, prefer } = open();
  const { stroke } = charts[0].options.series[1];
  assert.equal(stroke(), "green");
  of("[data-timeline]").style.setProperty("--heard", "orange");
  prefer("(prefers-color-scheme: dark)", true);
  assert.equal(charts[0].redrawn, 1);
  assert.equal(stroke(), "orange");
});

test("a lane says up to where it reaches", () => {
  const { of } = open();
  assert.deepEqual(of('[data-curve="jitter"]').querySelectorAll(".limit").map((e) => e.textContent), ["8 ms"]);
});

test("a call without statistics asks for nothing", () => {
  const report = openReport();
  const timeline = new CallTimeline(report.of("s2", "[data-timeline]"), report.data("s2"));
  new Curves(timeline, []);
  assert.equal(report.framesAsked(), 0);
});

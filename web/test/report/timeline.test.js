import assert from "node:assert/strict";
import { test } from "node:test";
import { CallTimeline } from "../../report/timeline.js";
import { fire } from "../support/dom.js";
import { FakeAudioContext, openReport } from "./support/report-page.js";

/** The timeline of a call: 10 s on 1000 px behind labels of 100 px, in a view of 600 px. */
function open(id = "s1") {
  const report = openReport();
  const timeline = new CallTimeline(report.of(id, "[data-timeline]"), report.data(id));
  const of = (selector) => report.of(id, selector);
  const lanes = of(".lanes");
  return {
    ...report, timeline, lanes, of,
    scroll: of(".scroll"),
    do: (what) => of(`[data-do="${what}"]`).click(),
    choose: (what, value) => {
      of(`[data-do="${what}"]`).value = value;
      fire(of(`[data-do="${what}"]`), "change");
    },
    ticks: () => {
      while (report.framesAsked()) report.draw(16);
      return of(".axis .body").children.map(({ textContent }) => textContent);
    },
    lit: () => of(".lanes").querySelectorAll(".word.now").map(({ textContent }) => textContent),
  };
}

test("the cursor, the clock and the slider show the same moment", () => {
  const { timeline, of } = open();
  timeline.moveTo(2.5);
  assert.equal(of(".cursor").style.getPropertyValue("--now"), "0.25");
  assert.equal(of(".now").textContent, "0:02.50");
  assert.equal(of(".seek").value, "2.5");
  assert.equal(of(".seek").getAttribute("aria-valuetext"), "0:02.50");
});

test("the words said at that moment are lit: from their start on, and not at their end", () => {
  const { timeline, lit } = open();
  timeline.moveTo(3);
  assert.deepEqual(lit(), ["Good day."]);
  timeline.moveTo(4.5);
  assert.deepEqual(lit(), []);
});

test("one cannot leave the call, nor seek beyond its recording", () => {
  const { timeline, audio } = open();
  timeline.moveTo(-3);
  assert.deepEqual([timeline.nowS, audio.currentTime], [0, 0]);
  timeline.moveTo(99);
  assert.deepEqual([timeline.nowS, audio.currentTime], [10, 9]);
});

test("a moment out of view is scrolled to; a slider that is dragged scrolls nothing", () => {
  const { timeline, scroll, of } = open();
  timeline.moveTo(9);
  assert.equal(scroll.scrollLeft, 750);
  of(".seek").value = "1";
  fire(of(".seek"), "input");
  assert.equal(timeline.nowS, 1);
  assert.equal(scroll.scrollLeft, 750);
});

test("the play button plays and pauses, and says which", () => {
  const { audio, of, do: press } = open();
  press("play");
  assert.equal(audio.paused, false);
  assert.equal(of(".play").getAttribute("aria-label"), "Pause");
  press("play");
  assert.equal(audio.paused, true);
  assert.equal(of(".play").getAttribute("aria-label"), "Play");
});

test("while it plays, the cursor follows and stays in view", () => {
  const { audio, timeline, scroll, do: press } = open();
  press("play");
  audio.reach(8);
  assert.equal(timeline.nowS, 8);
  assert.equal(timeline.playing, true);
  assert.ok(scroll.scrollLeft > 0);
});

test("at the end of the recording it plays from the start again", () => {
  const { audio, timeline, do: press } = open();
  timeline.moveTo(8.97);
  press("play");
  assert.equal(audio.currentTime, 0);
  assert.equal(timeline.nowS, 0);
});

test("speed and side are chosen from lists", () => {
  const { audio, choose } = open();
  choose("speed", "0.75");
  choose("listen", "heard");
  assert.equal(audio.playbackRate, 0.75);
  assert.deepEqual(FakeAudioContext.all[0].loudness, [0, 0, 1, 1]);
});

test("a stretch is played alone, also in the middle of other sound", () => {
  const { audio, timeline, do: press } = open();
  press("play");
  timeline.playStretch(3, 4.5);
  assert.equal(timeline.nowS, 3);
  assert.equal(audio.paused, false);
  audio.reach(4.6);
  assert.equal(audio.paused, true);
  assert.equal(timeline.nowS, 4.6, "where the sound stopped");
});

test("a click on the lanes goes there, and dragging goes along until the button is let go", () => {
  const { timeline, lanes, window } = open();
  fire(lanes, "pointerdown", { button: 0, clientX: 600 });
  assert.equal(timeline.nowS, 5);
  fire(lanes, "pointermove", { clientX: 700 });
  assert.equal(timeline.nowS, 6);
  fire(window, "pointerup");
  fire(lanes, "pointermove", { clientX: 200 });
  assert.equal(timeline.nowS, 6);
});

test("a click on a label, a link or a mark, or with another button, leaves the cursor alone", () => {
  const { timeline, lanes, of } = open();
  fire(of(".label"), "pointerdown", { button: 0, clientX: 600 });
  fire(of("a.word span"), "pointerdown", { button: 0, clientX: 600 });
  fire(lanes, "pointerdown", { button: 2, clientX: 600 });
  assert.equal(timeline.nowS, 0);
});

test("the moment under the mouse is shown, under a finger not", () => {
  const { lanes, of } = open();
  fire(lanes, "pointermove", { clientX: 600, pointerType: "mouse" });
  assert.equal(of(".pointer").hidden, false);
  assert.equal(of(".pointer").style.left, "600px");
  assert.equal(of(".pointer").textContent, "0:05.00");
  fire(lanes, "pointerleave");
  assert.equal(of(".pointer").hidden, true);
  fire(lanes, "pointermove", { clientX: 600, pointerType: "touch" });
  assert.equal(of(".pointer").hidden, true);
});

test("zooming shows more marks, keeps the cursor where it is, and ends at the whole call", () => {
  const { timeline, scroll, do: press, ticks } = open();
  timeline.moveTo(4);
  press("zoom-in");
  assert.equal(timeline.zoom, 1.6);
  assert.equal(timeline.leftOf(4) - scroll.scrollLeft, 500, "as far from the left as before");
  press("zoom-in");
  assert.ok(ticks().includes("0:00.5"));
  press("zoom-out");
  assert.equal(timeline.zoom.toFixed(3), "1.600");
  press("zoom-fit");
  assert.equal(timeline.zoom, 1);
  press("zoom-out");
  assert.equal(timeline.zoom, 1);
  assert.deepEqual(ticks().slice(0, 2), ["0:00", "0:01"]);
});

test("a cursor out of view does not hold the zoom: the middle of the view does", () => {
  const { timeline, scroll } = open();
  scroll.scrollLeft = 500; // the middle of the view is at 800 px, 7 s
  timeline.zoomTo(2);
  assert.equal(Math.round(timeline.leftOf(7) - scroll.scrollLeft), 300);
});

test("the wheel zooms around the mouse with Ctrl, and scrolls the page without", () => {
  const { timeline, scroll } = open();
  assert.equal(fire(scroll, "wheel", { deltaY: -200, clientX: 400 }).defaultPrevented, false);
  assert.equal(timeline.zoom, 1);
  assert.equal(fire(scroll, "wheel", { ctrlKey: true, deltaY: -200, clientX: 400 }).defaultPrevented, true);
  assert.ok(timeline.zoom > 2.7);
  assert.equal(Math.round(timeline.leftOf(3) - scroll.scrollLeft), 400);
});

test("labels without room are left out, until one zooms in", () => {
  const { timeline, of, draw } = open();
  const crowded = () => of(".bar").classList.contains("crowded");
  assert.equal(crowded(), true);
  assert.equal(of(".word").classList.contains("crowded"), false);
  timeline.zoomTo(4);
  draw(16);
  draw(32);
  assert.equal(crowded(), false);
  assert.equal(of("[data-timeline]").classList.contains("zoomed"), true);
});

test("the marks of the axis stand where their moments are", () => {
  const { of } = open();
  assert.deepEqual(of(".axis .body").children.slice(0, 3).map(({ style }) => style.left), ["0%", "10%", "20%"]);
});

test("a window of another size gets other marks; a hidden call has none to draw", () => {
  const { document, resize, ticks, of } = open();
  const call = document.getElementById("s1");
  Object.defineProperty(of(".lanes"), "clientWidth", { get: () => 2100 });
  call.hidden = true;
  resize();
  assert.equal(ticks()[1], "0:01");
  call.hidden = false;
  resize();
  assert.equal(ticks()[1], "0:00.5");
});

test("only what is in view, and as much on both sides of it, is in the page", () => {
  const { timeline, lanes, scroll, ticks, draw } = open();
  const words = () => lanes.querySelectorAll(".word").map(({ textContent }) => textContent);
  assert.deepEqual(words(), ["Hello.", "Good day.", "Bye."]);
  timeline.moveTo(0);
  timeline.zoomTo(20); // a quarter of a second is in view
  draw(0);
  assert.deepEqual([ticks()[0], ticks().at(-1)], ["0:00.00", "0:00.45"]);
  assert.deepEqual(words(), []);
  scroll.scrollLeft = 6000;
  fire(scroll, "scroll");
  draw(16);
  assert.deepEqual(words(), ["Good day."]);
  assert.equal(ticks()[0], "0:02.75");
});

test("scrolling and zooming draw once a frame, whatever is drawn", () => {
  const { timeline, scroll, draw, framesAsked } = open();
  const views = [];
  timeline.watchers.push({ viewed: ({ drawn, fromS, toS }) => views.push([drawn, fromS, toS]) });
  timeline.zoomTo(2);
  fire(scroll, "scroll");
  timeline.zoomTo(4, 0);
  assert.equal(framesAsked(), 1);
  draw(16);
  assert.deepEqual(views.map(([, ...stretch]) => stretch), [[0, 1.25]]);
  assert.equal(framesAsked(), 1, "for the sides");
  draw(32);
  assert.equal(framesAsked(), 0);
  scroll.scrollLeft = 200;
  fire(scroll, "scroll");
  draw(48);
  assert.equal(views[2][1], 0.5);
  assert.equal(views[2][0], views[1][0], "what was drawn around the view is enough");
});

test("a stretch that is zoomed onto fills most of the view", () => {
  const { timeline, scroll } = open();
  timeline.zoomOnto({ fromS: 6, toS: 8 });
  assert.equal(timeline.zoom, 2);
  assert.equal((timeline.leftOf(7) - 100 - scroll.scrollLeft), 250, "its middle is that of the view");
  timeline.zoomOnto({ fromS: 3, toS: 3 });
  assert.equal(timeline.zoom, 2);
});

test("a call that is hidden zooms onto nothing", () => {
  const { timeline, document } = open();
  document.getElementById("s1").hidden = true;
  timeline.zoomOnto({ fromS: 6, toS: 8 });
  assert.equal(timeline.zoom, 1);
});

test("words are jumped to in both directions, and beyond the last one nothing moves", () => {
  const { timeline } = open();
  const jumps = [1, 1, 1, 1, -1].map((direction) => {
    timeline.jumpWord(direction);
    return timeline.nowS;
  });
  assert.deepEqual(jumps, [1, 3, 6, 6, 3]);
});

test("a run without a recording has a cursor and nothing to play", () => {
  const { timeline, do: press, choose, of } = open("s2");
  press("play");
  choose("listen", "heard");
  choose("speed", "2");
  timeline.playStretch(1, 2);
  timeline.pause();
  timeline.moveTo(7);
  assert.equal(timeline.playing, false);
  assert.equal(of(".now").textContent, "0:07.00");
});

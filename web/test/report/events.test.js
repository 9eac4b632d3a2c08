import assert from "node:assert/strict";
import { test } from "node:test";
import { EventList } from "../../report/events.js";
import { CallTimeline } from "../../report/timeline.js";
import { fire } from "../support/dom.js";
import { openReport } from "./support/report-page.js";

function open(rows = undefined) {
  const report = openReport();
  const of = (selector) => report.of("s1", selector);
  const all = (selector) => report.document.getElementById("s1").querySelectorAll(selector);
  const timeline = new CallTimeline(of("[data-timeline]"), report.data("s1"));
  const events = new EventList(of("[data-events]"), rows ?? report.data("s1").events, timeline);
  return {
    ...report, of, all, timeline, events,
    shown: () => all(".row").filter(({ hidden }) => !hidden).map((row) => row.querySelector(".type").textContent),
    search: (words) => {
      of("input[type=search]").value = words;
      fire(of("input[type=search]"), "input");
    },
    chosen: () => all('[aria-selected="true"]').map((row) => row.querySelector(".type").textContent),
  };
}

test("every event is a row with its time, type and words, and a bad one looks it", () => {
  const { all, of } = open();
  const cells = all(".row").map((row) => row.children.map(({ textContent }) => textContent));
  assert.deepEqual(cells[0], ["–", "header", "greeting"]);
  assert.deepEqual(cells[2], ["0:02.000", "step", "says Hello"]);
  assert.deepEqual(all(".row.bad").map(({ id }) => id), ["s1-event-3"]);
  assert.ok(all(".row").every((row) => row.getAttribute("role") === "option"), "as the list promises");
  assert.equal(of(".count").textContent, "5");
});

test("events of a lane are marked on it where they happened; those before the timeline are not", () => {
  const { all } = open();
  assert.deepEqual(all(".mark").map(({ style }) => style.left), ["5%", "40%", "60%"]);
  assert.match(all(".mark.bad")[0].title, /0:04\.000 {2}error {2}no such voice/);
});

test("reports of statistics are in the list, and not marked: curves show them", () => {
  const { all, events, timeline } = open([{ seq: 1, t: 2, group: "wire", type: "stats", text: "", data: {} }]);
  assert.equal(all(".row").length, 1);
  assert.deepEqual(all(".mark"), []);
  events.choose(0);
  assert.equal(timeline.nowS, 2);
});

test("an event a little before zero is marked at the edge, not outside", () => {
  const { all } = open([{ seq: 1, t: -0.2, group: "wire", type: "early", text: "", data: {} }]);
  assert.equal(all(".mark")[0].style.left, "0%");
});

test("a search leaves what has all its words, in the list and on the lanes", () => {
  const { shown, search, all, of } = open();
  search("RESP_7");
  assert.deepEqual(shown(), ["response.done"]);
  assert.deepEqual(all(".mark").map(({ hidden }) => hidden), [true, true, false]);
  assert.equal(of(".count").textContent, "1 of 5");
  search("nothing like it");
  assert.deepEqual(shown(), []);
  assert.equal(of(".count").textContent, "0 of 5");
  search("");
  assert.equal(of(".count").textContent, "5");
});

test("a group is put away by its button and brought back by it, also within a search", () => {
  const { shown, search, of } = open();
  const wire = of('.chip[data-group="wire"]');
  wire.click();
  assert.equal(wire.getAttribute("aria-pressed"), "false");
  assert.deepEqual(shown(), ["header", "step"]);
  search("hello");
  assert.deepEqual(shown(), ["step"]);
  wire.click();
  search("session");
  assert.deepEqual(shown(), ["session.created"]);
});

test("a click on a row shows all of the event, and its moment", () => {
  const { of, timeline, chosen } = open();
  of("#s1-event-4 .type").click();
  assert.deepEqual(chosen(), ["response.done"]);
  assert.equal(of(".details h4").textContent, "response.done");
  assert.equal(of(".details small").textContent, "0:06.000 · wire · event 4");
  assert.deepEqual(JSON.parse(of(".details pre").textContent), { id: "resp_7" });
  assert.equal(timeline.nowS, 6);
  assert.equal(of(".list").getAttribute("aria-activedescendant"), "s1-event-4");
});

test("JSON within an event's texts is shown unfolded", () => {
  const { of } = open();
  of("#s1-event-1").click();
  assert.deepEqual(JSON.parse(of(".details pre").textContent), { session: { model: "m" } });
});

test("markup in an event stays text", () => {
  const { of } = open([{ seq: 1, t: 1, group: "wire", type: "<b>x</b>", text: "<i>", data: "<img src=x>" }]);
  of(".row").click();
  assert.equal(of(".details h4").textContent, "<b>x</b>");
  assert.equal(of(".details h4").childElementCount, 0);
  assert.equal(of(".details pre").childElementCount, 0);
});

test("an event from before the timeline says so, and moves nothing", () => {
  const { of, timeline } = open();
  timeline.moveTo(5);
  of("#s1-event-0").click();
  assert.match(of(".details small").textContent, /^before the timeline began/);
  assert.equal(timeline.nowS, 5);
});

test("while sound plays an event is shown, and the sound goes on where it is", () => {
  const { of, timeline, audio } = open();
  timeline.togglePlay();
  audio.reach(1);
  of("#s1-event-4").click();
  assert.equal(audio.currentTime, 1);
  assert.equal(of(".details h4").textContent, "response.done");
});

test("a click on a mark opens its event; one beside the marks opens none", () => {
  const { of, all, chosen } = open();
  fire(of(".lanes"), "click");
  assert.deepEqual(chosen(), []);
  all(".mark")[1].click();
  assert.deepEqual(chosen(), ["error"]);
  assert.equal(all(".mark")[1].classList.contains("chosen"), true);
  all(".mark")[2].click();
  assert.deepEqual(chosen(), ["response.done"]);
  assert.equal(all(".mark")[1].classList.contains("chosen"), false);
});

test("a click between the rows chooses nothing", () => {
  const { of, chosen } = open();
  of(".list").click();
  assert.deepEqual(chosen(), []);
});

test("arrow keys in the list walk over what is shown, and nobody else hears them", () => {
  const { of, search, chosen, window } = open();
  const others = [];
  window.addEventListener("keydown", ({ key }) => others.push(key));
  search("e");
  of('.chip[data-group="harness"]').click();
  const walk = (key) => {
    const event = fire(of(".list"), "keydown", { key });
    return [...chosen(), event.defaultPrevented];
  };
  assert.deepEqual(walk("ArrowDown"), ["session.created", true]);
  assert.deepEqual(walk("ArrowDown"), ["error", true]);
  assert.deepEqual(walk("ArrowDown"), ["response.done", true]);
  assert.deepEqual(walk("ArrowDown"), ["response.done", true], "there is none after the last");
  assert.deepEqual(walk("ArrowUp"), ["error", true]);
  assert.deepEqual(walk("j"), ["error", false], "that key is the report's");
  assert.deepEqual(others, ["j"]);
});

test("a chosen row out of sight is scrolled to within the list", () => {
  const { of, events } = open();
  const list = of(".list");
  Object.assign(list, { clientHeight: 200, offsetTop: 50, scrollTop: 0 });
  Object.assign(of("#s1-event-4"), { offsetTop: 850, offsetHeight: 20 });
  Object.assign(of("#s1-event-1"), { offsetTop: 70, offsetHeight: 20 });
  events.choose(4);
  assert.equal(list.scrollTop, 660);
  events.choose(1);
  assert.equal(list.scrollTop, -20);
});

test("only a long list is marked as one, which is laid out piece by piece", () => {
  const rows = Array.from({ length: 1501 }, (_, seq) => (
    { seq, t: seq, group: "wire", type: "tick", text: "", data: null }
  ));
  assert.equal(open(rows).of(".list").classList.contains("long"), true);
  assert.equal(open(rows.slice(1)).of(".list").classList.contains("long"), false);
});

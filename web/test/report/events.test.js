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
  report.draw(0);
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
  assert.deepEqual(all(".mark").map(({ style }) => style.left), ["60%"]);
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

/** One more than a list has in the page at once, a second apart. */
const MANY = Array.from({ length: 5000 }, (_, seq) => (
  { seq, t: seq / 500, group: "wire", type: `tick ${seq}`, text: "", data: null }
));

test("a chosen event out of sight is scrolled to within the list, which names it", () => {
  const { of, events, chosen } = open(MANY);
  const list = of(".list");
  list.clientHeight = 230;
  events.choose(4000);
  assert.deepEqual(chosen(), ["tick 4000"]);
  assert.equal(list.getAttribute("aria-activedescendant"), "s1-event-4000");
  assert.equal(of(".row").id, "s1-event-3592", "and the first ones are not in the page");
  events.choose(10);
  assert.deepEqual(chosen(), ["tick 10"]);
});

test("a chosen event that the filter hides is shown whole, and no row is", () => {
  const { of, events, search, chosen } = open();
  events.choose(1);
  search("hello");
  events.choose(4);
  assert.equal(of(".details h4").textContent, "response.done");
  assert.deepEqual(chosen(), []);
  assert.equal(of(".list").getAttribute("aria-activedescendant"), null);
});

test("of events at one place one is marked, and the chosen one; a bad one is beside others", () => {
  const rows = [...MANY.slice(0, 9), { ...MANY[9], bad: true }];
  const { all, events } = open(rows); // 2 ms apart, which is 0.2 px
  const marked = () => all(".mark").map(({ dataset }) => Number(dataset.index));
  assert.deepEqual(marked(), [8, 9]);
  events.choose(5);
  assert.deepEqual(marked(), [5, 8, 9]);
  assert.deepEqual(all(".chosen").map(({ dataset }) => dataset.index), ["5"]);
  events.choose(7);
  assert.deepEqual(marked(), [7, 8, 9]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Viewer, placeOf } from "../../report/viewer.js";
import { fire } from "../support/dom.js";
import { openReport } from "./support/report-page.js";

/** The report as it is when somebody opened it. @param {string} hash */
function open(hash = "") {
  const report = openReport(hash);
  const viewer = new Viewer();
  viewer.start();
  const { document, window } = report;
  return {
    ...report, viewer,
    shown: () => document.querySelectorAll(".scenario").filter(({ hidden }) => !hidden).map(({ id }) => id),
    now: (id = viewer.currentId) => report.of(id, ".now").textContent,
    goTo: (hash) => {
      window.location.hash = hash;
      fire(window, "hashchange");
    },
    /** The browser tells of an address that a script wrote. */
    follow: () => fire(window, "hashchange"),
    focus: (selector) => document.querySelector(selector).focus(),
  };
}

test("an address names a call and a moment, and maybe a call beside it", () => {
  const alone = { besideId: "" };
  assert.deepEqual(placeOf("#s2@12.345"), { id: "s2", atS: 12.345, ...alone });
  assert.deepEqual(placeOf("#s2"), { id: "s2", atS: undefined, ...alone });
  assert.deepEqual(placeOf(""), { id: "", atS: undefined, ...alone });
  assert.deepEqual(placeOf("#s%32@0"), { id: "s2", atS: 0, ...alone });
  assert.deepEqual(placeOf("#s2@soon"), { id: "s2", atS: undefined, ...alone });
  assert.deepEqual(placeOf("#s2+s1@3"), { id: "s2", besideId: "s1", atS: 3 });
});

test("a report opens at its first call, and says that scripts run", () => {
  const { shown, document } = open();
  assert.deepEqual(shown(), ["s1"]);
  assert.equal(document.documentElement.classList.contains("scripted"), true);
  assert.equal(document.querySelectorAll(".canvas canvas").length, 2, "only what is looked at is drawn");
});

test("a link opens the report at a call and a moment", () => {
  const { shown, now } = open("#s2@7.5");
  assert.deepEqual(shown(), ["s2"]);
  assert.equal(now(), "0:07.50");
});

test("an address that names no call of this report opens the first", () => {
  assert.deepEqual(open("#elsewhere@3").shown(), ["s1"]);
});

test("another address shows another call: the first falls silent and keeps its place", () => {
  const { shown, now, goTo, viewer, audio } = open("#s1@3");
  viewer.current.timeline.togglePlay();
  goTo("#s2");
  assert.deepEqual(shown(), ["s2"]);
  assert.equal(audio.paused, true);
  goTo("#s1");
  assert.equal(now(), "0:03.00");
});

test("the overview shows which call is open, and a click on a row opens it", () => {
  const { find, document, follow, shown } = open();
  const current = () => document.querySelectorAll(".current").map((row) => row.dataset.scenarioRow);
  assert.deepEqual(current(), ["s1"]);
  find('[data-scenario-row="s2"] a').click();
  follow();
  assert.deepEqual(shown(), ["s2"]);
  assert.deepEqual(current(), ["s2"]);
});

test("there is always a link to where the cursor stands", () => {
  const { of, viewer } = open("#s2@7.5");
  assert.equal(of("s2", ".here").getAttribute("href"), "#s2@7.500");
  viewer.current.timeline.moveTo(2.25);
  assert.equal(of("s2", ".here").getAttribute("href"), "#s2@2.250");
});

test("a call is shown beside another one by its button, which takes it away again", () => {
  const { find, shown, replaced, viewer } = open("#s2");
  const pressed = () => ["s1", "s2"].map((id) => find(`[data-beside="${id}"]`).getAttribute("aria-pressed"));
  find('[data-beside="s2"]').click();
  assert.deepEqual(shown(), ["s2"], "it is there already");
  find('[data-beside="s1"]').click();
  assert.deepEqual(shown(), ["s1", "s2"]);
  assert.deepEqual(pressed(), ["true", "true"]);
  assert.equal(find("main").classList.contains("paired"), true);
  assert.deepEqual(replaced, ["#s2+s1"], "an address that shows both");
  find('[data-beside="s2"]').click();
  assert.deepEqual(shown(), ["s1"]);
  assert.equal(viewer.currentId, "s1");
  assert.deepEqual(pressed(), ["false", "false"]);
  assert.equal(find("main").classList.contains("paired"), false);
});

test("of two calls side by side the one that is pointed at leads, and the other goes along", () => {
  const { of, now, viewer, draw, press } = open("#s1+s2@3");
  const { s1, s2 } = Object.fromEntries([...viewer.openCalls].map(([id, call]) => [id, call.timeline]));
  assert.deepEqual([now("s1"), now("s2")], ["0:03.00", "0:03.00"]);
  s1.zoomTo(4);
  s1.scroll.scrollLeft = 800;
  draw(0);
  assert.equal(s2.zoom, 4);
  assert.equal(s2.scroll.scrollLeft, 800);
  fire(of("s2", ".lanes"), "wheel", {});
  assert.equal(viewer.currentId, "s2");
  press("ArrowRight");
  assert.deepEqual([now("s1"), now("s2")], ["0:04.00", "0:04.00"]);
  s2.zoomTo(2);
  draw(16);
  draw(32);
  assert.equal(s1.zoom, 2);
});

test("while one of two calls plays the other's cursor goes along, in silence", () => {
  const { viewer, audio, now } = open("#s1+s2");
  viewer.current.timeline.togglePlay();
  audio.reach(4);
  assert.deepEqual([now("s1"), now("s2")], ["0:04.00", "0:04.00"]);
});

test("a link within the call beside moves both; another call takes the place of the one that led", () => {
  const { find, shown, now, goTo, viewer } = open("#s1+s2");
  find("#s2 .jump").click();
  assert.deepEqual(shown(), ["s1", "s2"]);
  assert.deepEqual([now("s1"), now("s2")], ["0:07.25", "0:07.25"]);
  assert.equal(viewer.currentId, "s2");
  goTo("#s1+s1");
  assert.deepEqual(shown(), ["s1", "s2"], "one cannot stand beside itself");
});

test("a link to a moment goes there, also the second time", () => {
  const { find, now, viewer, replaced } = open();
  find("#s1 .jump span").click();
  assert.equal(now(), "0:07.25");
  viewer.current.timeline.moveTo(1);
  find("#s1 .jump").click();
  assert.equal(now(), "0:07.25");
  assert.deepEqual(replaced, ["#s1@7.250", "#s1@7.250"], "the way back leads out of the report");
});

test("a moment on a timeline out of the window scrolls the window there", () => {
  const { find, of } = open();
  const timeline = of("s1", "[data-timeline]");
  find("#s1 .jump").click();
  assert.equal(timeline.scrolledIntoView, 0);
  timeline.box = { top: -700, bottom: -200 };
  find("#s1 .jump").click();
  timeline.box = { top: 900, bottom: 1400 };
  find("#s1 .jump").click();
  assert.equal(timeline.scrolledIntoView, 2);
});

test("a stretch is played by its button", () => {
  const { find, now, audio } = open();
  find("#s1 .stretch span").click();
  assert.equal(now(), "0:03.00");
  assert.equal(audio.paused, false);
  audio.reach(4.5);
  assert.equal(audio.paused, true);
});

test("a click on nothing in particular is left to the browser", () => {
  const { document } = open();
  assert.equal(fire(document.body, "click").defaultPrevented, false);
});

test("keys move the cursor by seconds, with Shift by tenths, and to both ends", () => {
  const { press, now } = open("#s1@5");
  const after = (...pressed) => {
    assert.equal(press(...pressed).defaultPrevented, true);
    return now();
  };
  assert.equal(after("ArrowRight"), "0:06.00");
  assert.equal(after("ArrowLeft", { shiftKey: true }), "0:05.90");
  assert.equal(after("End"), "0:10.00");
  assert.equal(after("Home"), "0:00.00");
  assert.equal(after("n"), "0:01.00");
  assert.equal(after("n"), "0:03.00");
  assert.equal(after("p"), "0:01.00");
});

test("keys play, zoom, and walk over the events", () => {
  const { press, audio, viewer, of } = open();
  press(" ");
  assert.equal(audio.paused, false);
  press(" ");
  assert.equal(audio.paused, true);
  press("+");
  press("=");
  assert.equal(viewer.current.timeline.zoom.toFixed(2), "2.56");
  press("-");
  assert.equal(viewer.current.timeline.zoom.toFixed(2), "1.60");
  press("0");
  assert.equal(viewer.current.timeline.zoom, 1);
  press("j");
  press("j");
  press("k");
  assert.equal(of("s1", ".details h4").textContent, "session.created");
});

test("the slash leads into the search, whose letters are letters, and Escape out of it", () => {
  const { press, document, of, now } = open("#s1@5");
  press("/");
  assert.equal(document.activeElement, of("s1", "input[type=search]"));
  assert.equal(press("j").defaultPrevented, false);
  assert.equal(press("ArrowLeft").defaultPrevented, false);
  assert.equal(now(), "0:05.00");
  press("Escape");
  assert.equal(document.activeElement, document.body);
});

test("the list of keys opens by its key and its button, and no key acts below it", () => {
  const { press, find, viewer } = open();
  press("?");
  assert.equal(find("dialog.help").open, true);
  assert.equal(press("End").defaultPrevented, false);
  assert.equal(viewer.current.timeline.nowS, 0);
  find("dialog.help").open = false;
  find('[data-do="help"]').click();
  assert.equal(find("dialog.help").open, true);
});

test("brackets go to the calls beside, and not beyond the first or last", () => {
  const { press, follow, shown, window } = open();
  press("[");
  assert.equal(window.location.hash, "");
  press("]");
  follow();
  assert.deepEqual(shown(), ["s2"]);
  press("]");
  assert.equal(window.location.hash, "#s2");
  press("[");
  assert.equal(window.location.hash, "#s1");
});

test("on paper every call is drawn whole, and afterwards one is shown again", () => {
  const { window, shown, viewer } = open();
  viewer.current.timeline.zoomTo(4);
  fire(window, "beforeprint");
  assert.deepEqual(shown(), ["s1", "s2"]);
  assert.equal(viewer.openCalls.size, 2);
  assert.equal(viewer.current.timeline.zoom, 1);
  fire(window, "afterprint");
  assert.deepEqual(shown(), ["s1"]);
});

test("a finding leads to the connection that it is about, and unfolds it", () => {
  const { of, document } = open();
  const box = of("s1", '[data-connection="connection-1"]');
  assert.equal(box.open, false);
  fire(of("s1", "[data-show-connection]"), "click");
  assert.equal(box.open, true);
  assert.equal(document.activeElement, box.querySelector("summary"));
});

test("a connection that the report does not show leads nowhere", () => {
  const { of } = open();
  const link = of("s1", "[data-show-connection]");
  link.setAttribute("data-show-connection", "connection-7");
  fire(link, "click");
  assert.equal(of("s1", '[data-connection="connection-1"]').open, false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ConversationView, noteOf } from "../../client/conversation-view.js";
import { openPage } from "../support/dom.js";

function setUp() {
  const { find } = openPage(`<html><body>
    <div id="scroller"><ol id="list"></ol><div id="empty">Say hello.</div></div></body></html>`);
  const [list, scroller, empty] = ["#list", "#scroller", "#empty"].map(find);
  Object.assign(scroller, { clientHeight: 400, scrollHeight: 1000, scrollTop: 600 });
  const view = new ConversationView({ list, scroller, empty });
  return { view, list, scroller, empty, find, ids: () => list.children.map((item) => item.dataset.item) };
}

const turn = (id, more = {}) => ({
  id, role: "assistant", text: "Good day to you.", phase: "done", note: "", heardCharacters: null, heard_ms: null, ...more,
});

test("an empty conversation invites to speak, until there is a turn", () => {
  const { view, empty } = setUp();
  view.render([]);
  assert.equal(empty.hidden, false);
  view.render([turn("a")]);
  assert.equal(empty.hidden, true);
});

test("a turn shows who and what", () => {
  const { view, list } = setUp();
  view.render([turn("u", { role: "user", text: "Hi." }), turn("a"), turn("t", { role: "tool", text: "drive({})", note: "Answer: ok" })]);
  const words = list.children.map((item) => item.children.map(({ textContent }) => textContent));
  assert.deepEqual(words, [["You", "Hi."], ["Assistant", "Good day to you."], ["Tool", "drive({})", "Answer: ok"]]);
});

test("a turn is busy while it grows, so that it is read out once, whole", () => {
  const { view, list } = setUp();
  view.render([turn("a", { phase: "live", text: "Good" })]);
  assert.equal(list.children[0].getAttribute("aria-busy"), "true");
  view.render([turn("a")]);
  assert.equal(list.children[0].getAttribute("aria-busy"), "false");
  assert.equal(list.children[0].dataset.phase, "done");
});

test("before its first word a turn shows that something goes on", () => {
  const { view, find } = setUp();
  view.render([turn("u", { role: "user", text: "", phase: "live" })]);
  assert.equal(find(".turn-waiting").textContent, "Listening");
  view.render([turn("a", { text: "", phase: "live" })]);
  assert.equal(find(".turn-waiting").textContent, "Thinking");
  view.render([turn("a", { text: "", phase: "done" })]);
  assert.equal(find(".turn-waiting"), null);
});

test("what was not heard of an interrupted answer is struck out, and said to be so", () => {
  const { view, find } = setUp();
  view.render([turn("a", { phase: "interrupted", heardCharacters: 8, heard_ms: 640 })]);
  assert.equal(find(".turn-heard").textContent, "Good day");
  assert.equal(find("s.turn-unheard").textContent, " to you.");
  assert.match(find(".turn-text").textContent, /Not heard:/);
  assert.equal(find(".turn-note").textContent, "Interrupted after 0.6 s");
});

test("an answer of which nothing was heard is struck out whole", () => {
  const { view, find } = setUp();
  view.render([turn("a", { phase: "interrupted", heardCharacters: 0, heard_ms: 0 })]);
  assert.equal(find(".turn-heard").textContent, "");
  assert.equal(find(".turn-unheard").textContent, "Good day to you.");
});

test("turns keep their elements, stand in their new order, and go when they are gone", () => {
  const { view, list, ids } = setUp();
  view.render([turn("a"), turn("b")]);
  const [first] = list.children;
  view.render([turn("c"), turn("b"), turn("a")]);
  assert.deepEqual(ids(), ["c", "b", "a"]);
  assert.equal(list.children[2], first);
  view.render([turn("a")]);
  assert.deepEqual(ids(), ["a"]);
});

test("a turn that did not change is not written again", () => {
  const { view, list } = setUp();
  view.render([turn("a")]);
  const words = list.querySelector(".turn-text");
  view.render([turn("a"), turn("b")]);
  assert.equal(list.querySelector(".turn-text"), words);
});

test("the transcript follows what is new, unless the person scrolled back", () => {
  const { view, scroller } = setUp();
  view.render([turn("a")]);
  assert.equal(scroller.scrollTop, 1000);
  scroller.scrollTop = 100;
  view.render([turn("a"), turn("b")]);
  assert.equal(scroller.scrollTop, 100);
});

test("it stands still where nobody wants it to follow", () => {
  const { view, scroller } = setUp();
  view.follows = false;
  view.render([turn("a")]);
  assert.equal(scroller.scrollTop, 600);
});

test("markup in what was said stays text", () => {
  const { view, find } = setUp();
  view.render([turn("a", { text: "<b>bold</b>" })]);
  assert.equal(find(".turn-heard").childElementCount, 0);
});

test("the remark of an interruption says after how long, where that is known", () => {
  assert.equal(noteOf(turn("a", { phase: "interrupted", heard_ms: 1840 })), "Interrupted after 1.8 s");
  assert.equal(noteOf(turn("a", { phase: "interrupted" })), "Interrupted");
  assert.equal(noteOf(turn("a", { note: "Failed: Overloaded." })), "Failed: Overloaded.");
});

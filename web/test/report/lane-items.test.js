import assert from "node:assert/strict";
import { test } from "node:test";
import { LaneItems, drawnItems, itemsOfLanes, reachesOf } from "../../report/lane-items.js";
import { openPage } from "../support/dom.js";

const item = (fromS, toS, kind = "") => ({ fromS, toS, kind });
const drawn = (items, fromS, toS, pxPerS, pinned) => (
  drawnItems(items, reachesOf(items), { fromS, toS, pxPerS }, pinned)
);

test("what lies in the stretch is drawn, also what reaches into it from far before", () => {
  const items = [item(0, 100), item(1, 2), item(5, 6), item(9, 10), item(20, 21)];
  assert.deepEqual(drawn(items, 5.5, 9, 100), [0, 2, 3]);
  assert.deepEqual(drawn(items, 101, 200, 100), []);
});

test("of a kind, what is small and lies within what is drawn already is left out; of another it is not", () => {
  const near = [item(1, 1), item(1.01, 1.01), item(1.02, 1.02, "bad"), item(1.2, 1.2)];
  assert.deepEqual(drawn(near, 0, 10, 100), [1, 2, 3]);
  assert.deepEqual(drawn(near, 0, 10, 1000), [0, 1, 2, 3]);
  assert.deepEqual(drawn([item(1, 3), item(1.5, 2)], 0, 10, 100), [0, 1], "it is wide enough to be seen");
  assert.deepEqual(drawn(near, 0, 10, 100, near[0]), [0, 1, 2, 3], "a pinned one always is");
});

test("however many there are, no more are drawn than there are pixels for", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => item(i / 10, i / 10));
  assert.ok(drawn(many, 0, 2000, 0.5).length <= 1000 / 3 + 1);
});

function open() {
  const { document } = openPage("<html><body><div class=\"lane\"><b></b></div></body></html>");
  const parent = document.querySelector(".lane");
  const made = [];
  const make = (name) => () => {
    made.push(name);
    const element = document.createElement("i");
    element.textContent = name;
    return element;
  };
  const items = ["a", "b", "c", "d"].map((name, i) => (
    { fromS: i, toS: i + 0.5, kind: "", make: make(name), label: null }
  ));
  const lane = new LaneItems(parent, items.toReversed(), parent.firstElementChild);
  return { lane, items, made, texts: () => parent.children.map(({ textContent }) => textContent) };
}

test("items come and go with the view, in their order and before what stands behind them", () => {
  const { lane, made, texts } = open();
  assert.deepEqual(texts(), [""], "nothing is drawn before anything is in view");
  lane.draw({ fromS: 1, toS: 2.2, pxPerS: 100 });
  assert.deepEqual(texts(), ["b", "c", ""]);
  lane.draw({ fromS: 0, toS: 1.2, pxPerS: 100 });
  assert.deepEqual(texts(), ["a", "b", ""]);
  lane.draw({ fromS: 0, toS: 10, pxPerS: 100 });
  assert.deepEqual(texts(), ["a", "b", "c", "d", ""]);
  assert.equal(made.length, 4, "each is made once");
});

test("what may not be seen is not drawn, until it may be again", () => {
  const { lane, items, texts } = open();
  lane.draw({ fromS: 0, toS: 10, pxPerS: 100 });
  lane.show((one) => one !== items[1]);
  assert.deepEqual(texts(), ["a", "c", "d", ""]);
  lane.show(() => true);
  assert.deepEqual(texts(), ["a", "b", "c", "d", ""]);
});

const LANES = `<html><body><div class="lanes">
  <div class="body"><i class="voiced" style="left:10%;width:20%"></i><i class="voiced" style="left:50%;width:10%"></i><i class="canvas"></i>
    <div class="words"><a class="word" style="left:50%;width:10%" data-room="2"><span>Good day.</span></a></div></div>
  <div class="body"><a class="check failed" style="left:80%">x</a></div>
</div></body></html>`;

test("what Python drew is taken out of the page where it is out of view, and put back", () => {
  const lanes = openPage(LANES).document.querySelector(".lanes");
  const all = itemsOfLanes(lanes, 10);
  const drawAll = (stretch) => all.forEach((lane) => lane.draw(stretch));
  const classes = () => lanes.querySelectorAll("i, a").map(({ className }) => className);
  drawAll({ fromS: 0, toS: 4, pxPerS: 100 });
  assert.deepEqual(classes(), ["voiced", "canvas"]);
  drawAll({ fromS: 0, toS: 10, pxPerS: 10 });
  assert.deepEqual(classes(), ["voiced", "voiced", "canvas", "word crowded", "check failed"]);
  drawAll({ fromS: 5, toS: 10, pxPerS: 100 });
  assert.deepEqual(classes(), ["voiced", "canvas", "word", "check failed"]);
});

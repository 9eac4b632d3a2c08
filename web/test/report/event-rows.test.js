import assert from "node:assert/strict";
import { test } from "node:test";
import { EventRows } from "../../report/event-rows.js";
import { fire, openPage } from "../support/dom.js";

/** A list in which ten rows can be seen. */
function open(count) {
  const { document } = openPage("<html><body><div class=\"list\"></div></body></html>");
  const list = document.querySelector(".list");
  list.clientHeight = 230;
  const made = [];
  const rows = new EventRows(list, (place) => {
    made.push(place);
    const row = document.createElement("div");
    row.textContent = String(place);
    return row;
  });
  const inPage = () => rows.rows.children.map(({ textContent }) => Number(textContent));
  const padding = () => [rows.rows.style.paddingTop, rows.rows.style.paddingBottom];
  rows.show(Array.from({ length: count }, (_, i) => i));
  return { list, rows, made, inPage, padding };
}

test("a short list is whole in the page", () => {
  const { inPage, padding, list } = open(30);
  assert.equal(inPage().length, 30);
  assert.deepEqual(padding(), ["0px", "0px"]);
  assert.equal(list.style.getPropertyValue("--row"), "23px");
});

test("of a long list what can be seen is in the page, and some rows around it", () => {
  const { list, inPage, padding, made } = open(10_000);
  assert.equal(inPage().length, 410);
  list.scrollTop = 23 * 5000;
  fire(list, "scroll");
  assert.deepEqual([inPage()[0], inPage().at(-1)], [4600, 5409]);
  assert.deepEqual(padding(), [`${4600 * 23}px`, `${4590 * 23}px`]);
  const before = made.length;
  list.scrollTop += 230;
  fire(list, "scroll");
  assert.equal(made.length, before, "a little further nothing has to be made");
});

test("each row tells its place in the whole list", () => {
  const { rows } = open(10_000);
  const [first] = rows.rows.children;
  assert.deepEqual(["aria-posinset", "aria-setsize"].map((name) => first.getAttribute(name)), ["1", "10000"]);
});

test("another choice of rows begins anew, and an empty one is empty", () => {
  const { rows, inPage } = open(300);
  rows.show([7, 200, 299]);
  assert.deepEqual(inPage(), [7, 200, 299]);
  rows.show([]);
  assert.deepEqual(inPage(), []);
});

test("a row out of sight is scrolled to, and one in sight scrolls nothing", () => {
  const { list, rows } = open(10_000);
  rows.reveal(5);
  assert.equal(list.scrollTop, 0);
  rows.reveal(5000);
  assert.equal(list.scrollTop, 5001 * 23 - 230 + 40);
  assert.equal(rows.elementOf(5000).textContent, "5000");
  rows.reveal(4000);
  assert.equal(list.scrollTop, 4000 * 23 - 40);
  rows.reveal(0);
  assert.equal(list.scrollTop, 0);
  assert.equal(rows.elementOf(4000), undefined);
});

test("a row that the list does not have scrolls nothing", () => {
  const { list, rows } = open(10);
  rows.reveal(77);
  assert.equal(list.scrollTop, 0);
});

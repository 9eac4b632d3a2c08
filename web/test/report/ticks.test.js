import assert from "node:assert/strict";
import { test } from "node:test";
import { Ticks } from "../../report/ticks.js";
import { openPage } from "../support/dom.js";

test("the marks of a stretch stand where their moments are, and are drawn once", () => {
  const { document } = openPage("<html><body></body></html>");
  const ticks = new Ticks(document.body, 10);
  const drawn = { fromS: 3.5, toS: 6, pxPerS: 100 };
  ticks.draw(drawn);
  const marks = document.body.children;
  assert.deepEqual(marks.map(({ style, textContent }) => [style.left, textContent]), [
    ["30%", "0:03"], ["40%", "0:04"], ["50%", "0:05"],
  ]);
  ticks.draw(drawn);
  assert.equal(document.body.children[0], marks[0]);
});

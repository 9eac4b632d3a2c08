import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnAround } from "../../report/view.js";

const view = (fromS, toS, pxPerS = 100) => ({ fromS, toS, pxPerS });

test("what is in view is drawn, and as much on both sides, but not beyond the call", () => {
  assert.deepEqual(drawnAround(view(4, 5), 10, null), view(3, 6));
  assert.deepEqual(drawnAround(view(0.5, 1.5), 10, null), view(0, 2.5));
  assert.deepEqual(drawnAround(view(0, 10), 10, null), view(0, 10));
});

test("it stays while it holds what is in view, at the same zoom", () => {
  const before = drawnAround(view(4, 5), 10, null);
  assert.equal(drawnAround(view(5, 6), 10, before), before);
  assert.deepEqual(drawnAround(view(5.5, 6.5), 10, before), view(4.5, 7.5));
});

test("while one zooms it is the view alone, and the sides come when one has zoomed", () => {
  const before = drawnAround(view(4, 5), 10, null);
  const zoomed = drawnAround(view(5, 6, 200), 10, before);
  assert.deepEqual(zoomed, { ...view(5, 6, 200), isNarrow: true });
  assert.equal(drawnAround(view(5, 5.5, 400), 10, zoomed).isNarrow, true);
  assert.deepEqual(drawnAround(view(5, 6, 200), 10, zoomed), view(4, 7, 200));
});

test("a view that reaches a little beyond the end is held by what reaches to the end", () => {
  const before = drawnAround(view(8, 10), 10, null);
  assert.equal(drawnAround(view(8, 10.01), 10, before), before);
});

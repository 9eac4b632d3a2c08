import assert from "node:assert/strict";
import { test } from "node:test";
import { columnsOf, levelsOf } from "../../report/peaks.js";

const encoded = (bytes) => Buffer.from(Int8Array.from(bytes).buffer).toString("base64");

/** A quiet recording of so many stretches, with one loud one. */
function withPeakAt(place, count) {
  const bytes = Array.from({ length: 2 * count }, (_, i) => (i % 2 ? -1 : 1));
  bytes[2 * place] = 120;
  bytes[2 * place + 1] = -90;
  return levelsOf(encoded(bytes));
}

test("peaks are pairs of highest and lowest", () => {
  const [{ high, low }] = levelsOf(encoded([127, -127, 0, -64]));
  assert.deepEqual([[...high], [...low]], [[127, 0], [-127, -64]]);
});

test("no peaks are none", () => {
  assert.deepEqual(levelsOf("").map(({ high }) => high.length), [0]);
});

test("a long recording has coarser levels, and its highest peak is in each", () => {
  const levels = withPeakAt(12_345, 30_001);
  assert.deepEqual(levels.map(({ high }) => high.length), [30_001, 7501, 1876]);
  assert.ok(levels.every(({ high, low }) => Math.max(...high) === 120 && Math.min(...low) === -90));
});

test("a picture has the extremes of each column, however coarse it is", () => {
  const levels = withPeakAt(15_000, 30_000);
  for (const columns of [10, 100, 1000, 30_000]) {
    const { high, low } = columnsOf(levels, { from: 0, to: 1, columns });
    const loud = [...high.keys()].filter((column) => high[column] === 120);
    assert.ok(loud.includes(columns / 2), `${columns}`);
    assert.ok(loud.length <= 2, `${columns}: and only there`);
    assert.ok(loud.every((column) => low[column] === -90));
  }
});

test("a part of the recording is drawn as that part", () => {
  const levels = withPeakAt(3, 10);
  const { high } = columnsOf(levels, { from: 0.2, to: 0.5, columns: 3 });
  assert.deepEqual([...high], [1, 120, 1]);
});

test("where a stretch is wider than a column, it fills each of its columns", () => {
  const { high } = columnsOf(levelsOf(encoded([5, -5, 9, -9])), { from: 0, to: 1, columns: 6 });
  assert.deepEqual([...high], [5, 5, 5, 9, 9, 9]);
});

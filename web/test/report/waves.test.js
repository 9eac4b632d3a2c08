import assert from "node:assert/strict";
import { test } from "node:test";
import { Waves } from "../../report/waves.js";
import { openReport } from "./support/report-page.js";

/** The waves of a call of 10 s, of which 9 are recorded. */
function open(id = "s1") {
  const report = openReport();
  const root = report.of(id, "[data-timeline]");
  const waves = new Waves(root, report.data(id));
  return { ...report, root, waves, seen: report.watchWaves() };
}

const WHOLE = { fromS: 0, toS: 10, pxPerS: 100 };

test("each side is drawn on its own canvas in its own colour, over the length of the recording", () => {
  const { waves, seen } = open();
  waves.draw(WHOLE);
  assert.deepEqual(seen.map(({ canvas, colours }) => [canvas.parentElement.dataset.side, colours]), [
    ["sent", ["blue"]], ["heard", ["green"]],
  ]);
  const [{ canvas, columns }] = seen;
  assert.deepEqual([canvas.width, canvas.style.left, canvas.style.width], [900, "0%", "100%"]);
  assert.equal(columns.length, 900);
  assert.deepEqual(columns[0], [0, 3, 1, 34], "from full scale, with some air above it, to the middle");
});

test("only the stretch that is asked for is drawn, at its place", () => {
  const { waves, seen: [{ canvas }] } = open();
  waves.draw({ fromS: 3, toS: 4.5, pxPerS: 200 });
  assert.equal(canvas.width, 300);
  assert.deepEqual([canvas.style.left, canvas.style.width].map((share) => Math.round(Number.parseFloat(share) * 9)), [300, 150]);
  waves.draw({ fromS: 9.5, toS: 10, pxPerS: 200 });
  assert.equal(canvas.hidden, true, "nothing was recorded there");
});

test("the same stretch is not drawn again", () => {
  const { waves, seen } = open();
  waves.draw(WHOLE);
  waves.draw(WHOLE);
  assert.deepEqual(seen[0].colours, ["blue"]);
});

test("a screen of small pixels has a column for each of them", () => {
  const { waves, seen: [{ canvas }] } = open();
  globalThis.devicePixelRatio = 2;
  waves.draw(WHOLE);
  assert.deepEqual([canvas.width, canvas.height], [1800, 148]);
});

test("when the theme changes, or the page is printed, the waves change colour", () => {
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    const { waves, root, prefer, seen } = open();
    prefer(query, true);
    assert.deepEqual(seen[1].colours, [], "what was not drawn yet is not drawn now");
    waves.draw(WHOLE);
    root.style.setProperty("--heard", "lightgreen");
    prefer(query, false);
    assert.deepEqual(seen.map(({ colours }) => colours.at(-1)), ["blue", "lightgreen"]);
  }
});

test("a browser without canvases draws nothing, and fails in nothing", () => {
  const report = openReport();
  const waves = new Waves(report.of("s1", "[data-timeline]"), report.data("s1"));
  waves.draw(WHOLE);
  assert.equal(report.of("s1", "canvas").width, 900);
});

test("a run without a recording has no canvas", () => {
  const { waves, seen, document } = open("s2");
  waves.draw(WHOLE);
  assert.deepEqual(seen, []);
  assert.equal(document.querySelector("canvas"), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodePeaks, drawWaves } from "../../report/waves.js";
import { openReport } from "./support/report-page.js";

test("peaks are pairs of highest and lowest", () => {
  const bytes = Buffer.from(Int8Array.from([127, -127, 0, -64]).buffer);
  const [high, low] = decodePeaks(bytes.toString("base64"));
  assert.deepEqual([...high], [1, 0]);
  assert.deepEqual([...low].map((x) => Math.round(x * 100)), [-100, -50]);
});

test("no peaks are none", () => {
  assert.deepEqual(decodePeaks("").map(({ length }) => length), [0, 0]);
});

test("each side is drawn on its own canvas in its own colour, over the length of the recording", () => {
  const report = openReport();
  drawWaves(report.of("s1", "[data-timeline]"), report.data("s1"), report.audio);
  assert.deepEqual(report.waves.map(({ options }) => [options.container.dataset.side, options.waveColor]), [
    ["sent", "blue"], ["heard", "green"],
  ]);
  assert.ok(report.waves.every(({ options }) => options.duration === 9 && options.media === report.audio));
});

test("when the theme changes, or the page is printed, the waves change colour", () => {
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    const report = openReport();
    const root = report.of("s1", "[data-timeline]");
    drawWaves(root, report.data("s1"), report.audio);
    root.style.setProperty("--heard", "lightgreen");
    report.prefer(query, true);
    assert.deepEqual(report.waves.map(({ options }) => options.waveColor), ["blue", "lightgreen"]);
    assert.equal(report.waves[1].options.progressColor, "lightgreen");
  }
});

test("a run without a recording draws nothing", () => {
  const report = openReport();
  drawWaves(report.of("s2", "[data-timeline]"), report.data("s2"), null);
  assert.deepEqual(report.waves, []);
});

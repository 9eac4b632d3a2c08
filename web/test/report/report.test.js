import assert from "node:assert/strict";
import { test } from "node:test";
import { openReport } from "./support/report-page.js";

test("the script alone brings a report to life", async () => {
  const { document, press, of } = openReport("#s2@2");
  await import("../../report/report.js");
  assert.equal(document.getElementById("s1").hidden, true);
  press("ArrowRight");
  assert.equal(of("s2", ".now").textContent, "0:03.00");
});

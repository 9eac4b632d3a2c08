// A level as it is seen and as it is read out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { showLevel } from "../../inspect/levels.js";
import { openInspection } from "./support.js";

function shown(level_dbfs) {
  const { find } = openInspection();
  const meter = find("#level-you");
  showLevel(meter, find("#number-you"), level_dbfs);
  return [meter.style.getPropertyValue("--level"), meter.getAttribute("aria-valuenow"), find("#number-you").textContent];
}

test("a meter is empty at the floor and full at 0 dBFS, and never beyond", () => {
  assert.deepEqual(shown(-30), ["0.5", "-30", "-30 dBFS"]);
  assert.deepEqual(shown(3), ["1", "0", "3 dBFS"]);
  assert.deepEqual(shown(-90), ["0", "-60", "-90 dBFS"]);
});

test("where nothing was heard, no number is made up", () => {
  assert.deepEqual(shown(undefined), ["0", "-60", "nothing yet"]);
});

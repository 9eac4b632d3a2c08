// Icons by ChatKit's names.
import assert from "node:assert/strict";
import { test } from "node:test";
import { icon, iconsOf } from "../../chatkit/icons.js";
import { GLYPHS } from "../../chatkit/vendor/lucide/glyphs.js";
import { openPage } from "../support/dom.js";

openPage("<html><body></body></html>");
const drawn = (svg) => svg.children.map((part) => [part.tagName, Object.fromEntries(part.attributes)]);

test("an icon is drawn by its own name, by Lucide's, and by another of Lucide's", () => {
  assert.deepEqual(drawn(icon("search")), GLYPHS.search);
  assert.deepEqual(drawn(icon("bolt")), GLYPHS.zap);
  assert.deepEqual(drawn(icon("lucide:map-pin")), GLYPHS["map-pin"]);
  assert.equal(icon("bolt").getAttribute("data-icon"), "bolt");
  assert.deepEqual(["star", "star-filled"].map((name) => icon(name).getAttribute("fill")), ["none", "currentColor"]);
});

test("one that is not here is a ring, and none where none is named", () => {
  for (const name of ["lucide:alarm-clock-plus", "constructor", ""]) assert.deepEqual(drawn(icon(name)), GLYPHS.circle);
  assert.deepEqual([iconsOf(undefined), iconsOf(""), iconsOf(3)], [[], [], []]);
  assert.equal(iconsOf("bolt").length, 1);
});

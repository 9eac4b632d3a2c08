// Links of an answer that are for the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linksIn } from "../../chatkit/turn-actions.js";

test("a link to the page has a name and data, whatever its address holds", () => {
  const text = "See [the menu](chatkit-link://menu?day=sunday&dish=a%20soup), [x](https://a.test) and [all](chatkit-link://a%20b/) [bad](chatkit-link://%E0%A4%A).";
  assert.deepEqual(linksIn(text), [
    { label: "the menu", name: "menu", data: { day: "sunday", dish: "a soup" } },
    { label: "all", name: "a b", data: {} },
    { label: "bad", name: "%E0%A4%A", data: {} },
  ]);
});

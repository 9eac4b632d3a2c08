import assert from "node:assert/strict";
import { test } from "node:test";
import { firstFrom } from "../../report/sorted.js";

test("the first that is not less is found, also among equal ones, and behind the last", () => {
  const values = [1, 2, 2, 5];
  assert.deepEqual([0, 1, 2, 3, 5, 6].map((least) => firstFrom(values, least)), [0, 0, 1, 3, 3, 4]);
  assert.equal(firstFrom([], 1), 0);
});

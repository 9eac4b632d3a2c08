import assert from "node:assert/strict";
import { test } from "node:test";
import { pageLine } from "../../probe/page-line.js";

test("the first frame with an address is the page's; its query is no part of it", () => {
  const stack = [
    "InvalidStateError: not open",
    "    at Object.apply (<anonymous>:12:3)",
    "    at start (http://127.0.0.1:8000/call.js?key=secret:40:17)",
    "    at http://127.0.0.1:8000/other.js:1:1",
  ].join("\n");
  assert.equal(pageLine({ stack }), "http://127.0.0.1:8000/call.js:40:17");
});

test("where no frame has an address, nobody knows", () => {
  assert.equal(pageLine({ stack: "Error\n    at <anonymous>:1:1" }), "");
  assert.equal(pageLine({ stack: 5 }), "");
  assert.equal(pageLine(null), "");
});

test("a frame of a page is found from within it", () => {
  assert.equal(typeof pageLine(), "string");
});

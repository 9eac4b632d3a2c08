import assert from "node:assert/strict";
import { test } from "node:test";
import { Toasts, element } from "../../client/toasts.js";
import { openPage } from "../support/dom.js";

function setUp() {
  const { find } = openPage('<html><body><div id="toasts"></div></body></html>');
  const region = find("#toasts");
  return { region, find, toasts: new Toasts(region), messages: () => (
    region.querySelectorAll(".toast-message").map(({ textContent }) => textContent)
  ) };
}

test("an error says what happened and what to do, at once to a screen reader", () => {
  const { region, find, toasts } = setUp();
  toasts.error({ message: "No microphone was found.", hint: "Plug one in." });
  assert.equal(find(".toast").getAttribute("role"), "alert");
  assert.equal(find(".toast-message").textContent, "No microphone was found.");
  assert.equal(find(".toast-hint").textContent, "Plug one in.");
  assert.equal(region.querySelector("button").getAttribute("aria-label"), "Dismiss message");
});

test("without a hint there is no empty line for it", () => {
  const { find, toasts } = setUp();
  toasts.error({ message: "The answer failed." });
  assert.equal(find(".toast-hint"), null);
});

test("errors stay until they are dismissed, notices go by themselves", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { toasts, messages } = setUp();
  toasts.error({ message: "Broken." });
  toasts.notice("By the way.");
  context.mock.timers.tick(7_999);
  assert.deepEqual(messages(), ["Broken.", "By the way."]);
  context.mock.timers.tick(1);
  assert.deepEqual(messages(), ["Broken."]);
});

test("a notice may stay until what it asks for has happened", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { find, toasts, messages } = setUp();
  const takeAway = toasts.notice("Click to hear.", { stays: true });
  context.mock.timers.tick(60_000);
  assert.deepEqual(messages(), ["Click to hear."]);
  assert.equal(find(".toast").getAttribute("role"), "status");
  takeAway();
  takeAway();
  assert.deepEqual(messages(), []);
});

test("the same message twice stands there once, and is the newest", () => {
  const { toasts, messages } = setUp();
  toasts.error({ message: "A" });
  toasts.error({ message: "B" });
  toasts.error({ message: "A", hint: "Again." });
  assert.deepEqual(messages(), ["B", "A"]);
});

test("of many messages the last three are shown", () => {
  const { toasts, messages } = setUp();
  for (const message of ["A", "B", "C", "D"]) toasts.error({ message });
  assert.deepEqual(messages(), ["B", "C", "D"]);
});

test("dismissing takes the newest, its button its own, clearing all", () => {
  const { region, toasts, messages } = setUp();
  for (const message of ["A", "B", "C"]) toasts.error({ message });
  toasts.dismiss();
  assert.deepEqual(messages(), ["A", "B"]);
  region.querySelector("button").click();
  assert.deepEqual(messages(), ["B"]);
  toasts.clear();
  toasts.dismiss();
  assert.deepEqual(messages(), []);
});

test("what a server says is text, whatever it looks like", () => {
  const { find, toasts } = setUp();
  toasts.error({ message: "<img src=x>", hint: "<script>" });
  assert.equal(find(".toast-message").childElementCount, 0);
  assert.equal(find(".toast-message").textContent, "<img src=x>");
  assert.equal(element("p", "note").textContent, "");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { watchFocus } from "../../probe/focus.js";
import { listeningSink, Target } from "../support/fakes.js";

function make({ isTop = true, hasFocus = true } = {}) {
  const sink = listeningSink();
  const target = /** @type {any} */ (new Target());
  target.document = { hasFocus: () => hasFocus };
  target.top = isTop ? target : {};
  watchFocus(target, /** @type {any} */ (sink));
  return { target, states: () => sink.of("page.focus").map(({ state }) => state) };
}

test("a window that loses the keyboard and has it again; what changes nothing is not told", () => {
  const { target, states } = make();
  for (const event of ["focus", "blur", "blur", "focus"]) target.fire(event);
  assert.deepEqual(states(), ["blurred", "focused"]);
});

test("a window that opens behind others is focused when it first is", () => {
  const { target, states } = make({ hasFocus: false });
  target.fire("blur");
  target.fire("focus");
  assert.deepEqual(states(), ["focused"]);
});

test("of a frame its page tells", () => {
  const { target, states } = make({ isTop: false });
  target.fire("blur");
  assert.deepEqual(states(), []);
});

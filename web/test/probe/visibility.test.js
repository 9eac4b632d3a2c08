import assert from "node:assert/strict";
import { test } from "node:test";
import { watchVisibility } from "../../probe/visibility.js";
import { listeningSink, Target } from "../support/fakes.js";

class Document extends Target {
  visibilityState = "visible";
  /** @param {string} state */
  becomes(state) {
    this.visibilityState = state;
    this.fire("visibilitychange");
  }
}

function make({ isTop = true } = {}) {
  const sink = listeningSink();
  const document = new Document();
  /** @type {any} */
  const target = { document };
  target.top = isTop ? target : {};
  watchVisibility(target, /** @type {any} */ (sink));
  return { sink, document };
}

test("a page that is hidden and shown again", () => {
  const { sink, document } = make();
  document.becomes("hidden");
  document.becomes("visible");
  assert.deepEqual(sink.of("page.visibility"), [{ state: "hidden" }, { state: "visible" }]);
});

test("an event that changes nothing is not told", () => {
  const { sink, document } = make();
  document.becomes("visible");
  document.becomes("hidden");
  document.becomes("hidden");
  assert.deepEqual(sink.of("page.visibility"), [{ state: "hidden" }]);
});

test("frames are hidden with their page, which tells it", () => {
  const { sink, document } = make({ isTop: false });
  document.becomes("hidden");
  assert.deepEqual(sink.told, []);
});

test("a window without a document is no error", () => {
  const target = /** @type {any} */ ({});
  target.top = target;
  watchVisibility(target, /** @type {any} */ (listeningSink()));
});

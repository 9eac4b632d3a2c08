import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedGestures } from "../../probe/shared-natives.js";
import { UserGestures } from "../../probe/user-gestures.js";
import { Target } from "../support/fakes.js";

/** A tab's storage, which outlives its documents. */
class Storage {
  /** @type {Map<string, string>} */ kept = new Map();
  /** @param {string} key */
  getItem(key) { return this.kept.get(key) ?? null; }
  /** @param {string} key @param {string} value */
  setItem(key, value) { this.kept.set(key, value); }
  /** @param {string} key */
  removeItem(key) { this.kept.delete(key); }
}

class Navigator {
  isActive = false;
  get userActivation() { return { hasBeenActive: this.isActive }; }
}

/** A document in a tab. @param {any} [more] */
function open({ storage = new Storage(), isActive = false, ...more } = {}) {
  sharedGestures().seen = false;
  const window = new Target();
  const navigator = Object.assign(new Navigator(), { isActive });
  /** @type {any} */
  const target = Object.assign(window, {
    Navigator, navigator, Storage, sessionStorage: storage,
    document: { readyState: "loading" }, length: 0,
  });
  Object.assign(target, { top: target, parent: target }, more);
  const gestures = new UserGestures(target, "secret");
  gestures.install();
  return { gestures, target, storage, fire: window.fire.bind(window) };
}

const FOREIGN = { get document() { throw new Error("of another origin"); } };

for (const event of [
  { type: "pointerdown", pointerType: "mouse" },
  { type: "pointerup", pointerType: "touch" },
  { type: "mousedown" },
  { type: "touchend" },
  { type: "keydown", key: "a" },
]) {
  test(`${event.type} is a gesture`, () => {
    const { gestures, fire } = open();
    assert.equal(gestures.any, false);
    fire(event.type, event);
    assert.equal(gestures.any, true);
  });
}

test("a finger that goes down, Escape, and what a page makes up are none", () => {
  const { gestures, fire } = open();
  fire("pointerdown", { type: "pointerdown", pointerType: "touch" });
  fire("keydown", { type: "keydown", key: "Escape" });
  fire("mousedown", { type: "mousedown", isTrusted: false });
  assert.equal(gestures.any, false);
});

test("what the browser says of itself does not count, as DevTools change it", () => {
  assert.equal(open({ isActive: true }).gestures.any, false);
});

test("of a document that was there before, the browser is asked", () => {
  const document = { readyState: "complete" };
  assert.equal(open({ isActive: true, document }).gestures.any, true);
  assert.equal(open({ document }).gestures.any, false);
});

test("the next document of the origin knows of it, and finds nothing of ours", () => {
  const { fire, storage } = open();
  fire("pagehide");
  assert.equal(storage.kept.size, 0, "there was none");
  fire("mousedown", { type: "mousedown" });
  fire("pagehide");
  assert.equal(open({ storage }).gestures.any, true);
  assert.equal(storage.kept.size, 0);
  assert.equal(open({ storage }).gestures.any, false, "it is told once");
});

test("a document without storage is no error", () => {
  const { gestures, target, fire } = open({ storage: undefined });
  Object.defineProperty(target, "sessionStorage", { get() { throw new Error("of a sandbox"); } });
  fire("mousedown", { type: "mousedown" });
  assert.doesNotThrow(() => fire("pagehide"));
  assert.equal(gestures.any, true);
});

test("frames do not tell the next document, and hear of no storage", () => {
  const { fire, storage } = open({ top: {} });
  fire("mousedown", { type: "mousedown" });
  fire("pagehide");
  assert.equal(storage.kept.size, 0);
});

test("a click in a frame of another origin is known by the browser's word", () => {
  const around = { length: 1, 0: FOREIGN };
  assert.equal(open(around).gestures.any, false);
  assert.equal(open({ ...around, isActive: true }).gestures.any, true);
  assert.equal(open({ length: 1, 0: { document: {} }, isActive: true }).gestures.any, false);
});

test("a frame in a page of another origin cannot know, and is let play", () => {
  assert.equal(open({ parent: FOREIGN }).gestures.any, true);
});

test("a browser that knows no activation, and a bare window, are no error", () => {
  const gestures = new UserGestures({ Navigator: class {} }, "secret");
  sharedGestures().seen = false;
  assert.doesNotThrow(() => gestures.install());
  assert.equal(gestures.isActive(), false);
});

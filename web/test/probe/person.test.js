import assert from "node:assert/strict";
import { test } from "node:test";
import { tellOfPerson } from "../../client/person.js";
import { watchPerson } from "../../probe/person.js";
import { listeningSink } from "../support/fakes.js";

function make() {
  const target = new EventTarget();
  const sink = listeningSink();
  watchPerson(target, /** @type {any} */ (sink));
  return { target, sink };
}

test("what our page tells arrives", () => {
  const { target, sink } = make();
  tellOfPerson(target, { type: "microphone.clicked", is_on: false });
  tellOfPerson(target, { type: "volume.changed", volume: 0.5 });
  tellOfPerson(target, { type: "close.clicked" });
  assert.deepEqual(sink.of("microphone.clicked"), [{ is_on: false }]);
  assert.deepEqual(sink.of("volume.changed"), [{ volume: 0.5 }]);
  assert.deepEqual(sink.of("close.clicked"), [{}]);
});

test("what has no known type or shape does not", () => {
  const { target, sink } = make();
  const trap = { get type() { throw new Error("boo"); } };
  for (const detail of [null, undefined, 1, trap, { type: "sink.lost", count: 1 },
    { type: "microphone.clicked", is_on: 1 }, { type: "volume.changed", volume: NaN }]) {
    target.dispatchEvent(new CustomEvent("voicecall", { detail }));
  }
  assert.deepEqual(sink.told, []);
});

test("numbers are told as they are; facts beside them are not", () => {
  const { target, sink } = make();
  for (const volume of [0, 2, -1, Infinity, "1", 10n, {}]) {
    target.dispatchEvent(new CustomEvent("voicecall", { detail: { type: "volume.changed", volume, secret: "s" } }));
  }
  assert.deepEqual(sink.of("volume.changed"), [{ volume: 0 }, { volume: 2 }, { volume: -1 }]);
});

test("traps in every field are the page's, and those after it hear the event as ever", () => {
  const { target, sink } = make();
  let heard = 0;
  target.addEventListener("voicecall", () => (heard += 1));
  const proxy = new Proxy({}, { get() { throw new Error("boo"); } });
  for (const detail of [proxy, { type: "volume.changed", get volume() { throw new Error("boo"); } }, Object.freeze([])]) {
    assert.doesNotThrow(() => target.dispatchEvent(new CustomEvent("voicecall", { detail })));
  }
  target.dispatchEvent(new Event("voicecall")); // no detail at all
  assert.equal(heard, 4);
  assert.deepEqual(sink.told, []);
});

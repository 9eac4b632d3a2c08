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

import assert from "node:assert/strict";
import { test } from "node:test";
import { serialize } from "../../probe/serialize.js";

const DATA = {
  text: 'a "quoted" line\n\ud83d and a half pair',
  numbers: [0, -0, 1.5, 1e21, NaN, Infinity],
  nested: [{ a: null, b: [], c: {} }, [true, false]],
  gone: undefined,
  holes: [undefined, () => 1],
  work: () => 1,
};

test("plain data is written as JSON.stringify writes it", () => {
  assert.equal(serialize(DATA), JSON.stringify(DATA));
  for (const value of ["", 0, true, null, [], {}]) assert.equal(serialize(value), JSON.stringify(value));
});

test("a toJSON that a library put on the prototypes changes nothing", () => {
  const expected = JSON.stringify(DATA);
  const prototypes = /** @type {any[]} */ ([Object.prototype, Array.prototype, String.prototype, Number.prototype]);
  for (const prototype of prototypes) {
    Object.defineProperty(prototype, "toJSON", { value: () => "x", configurable: true });
  }
  try {
    assert.equal(JSON.stringify([1]), '"x"');
    assert.equal(serialize(DATA), expected);
  } finally {
    for (const prototype of prototypes) delete prototype.toJSON;
  }
});

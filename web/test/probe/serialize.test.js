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

test("what JSON has no word for is left out, or null, as the language does", () => {
  const odd = { symbol: Symbol("s"), [Symbol("key")]: 1, big: null, date: undefined, list: [Symbol("s"), undefined] };
  assert.equal(serialize(odd), JSON.stringify(odd));
  assert.equal(serialize(undefined), "null");
  assert.equal(serialize(10n), "null", "no error: a page may send anything");
});

test("only a value's own fields are written, in their order", () => {
  const value = Object.create({ inherited: 1 }, { hidden: { value: 2, enumerable: false } });
  Object.assign(value, { b: 1, a: 2, 1: 3 });
  assert.equal(serialize(value), JSON.stringify(value));
});

test("keys and texts that end a script or a line are what they were", () => {
  const value = { 'a"b': "</script>", "\u2028": "\u0000\u2029" };
  assert.deepEqual(JSON.parse(serialize(value)), value);
});

test("methods that a page replaces are not asked", () => {
  const natives = { map: Array.prototype.map, join: Array.prototype.join, stringify: JSON.stringify, keys: Object.keys };
  const expected = JSON.stringify(DATA);
  let written = "";
  const fail = () => "the page's own";
  Object.assign(Array.prototype, { map: fail, join: fail });
  JSON.stringify = fail;
  Object.keys = /** @type {any} */ (fail);
  try {
    written = serialize(DATA);
  } finally {
    JSON.stringify = natives.stringify;
    Object.keys = natives.keys;
    for (const name of /** @type {const} */ (["map", "join"])) {
      Object.defineProperty(Array.prototype, name, { value: natives[name], enumerable: false });
    }
  }
  assert.equal(written, expected);
});

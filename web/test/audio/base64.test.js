import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesFromBase64, bytesToBase64 } from "../../audio/base64.js";

const texts = /** @type {[string, string][]} */ ([
  ["", ""],
  ["f", "Zg=="],
  ["fo", "Zm8="],
  ["foo", "Zm9v"],
  ["foobar", "Zm9vYmFy"],
]);

for (const [plain, encoded] of texts) {
  test(`"${plain}" is "${encoded}", as RFC 4648 says`, () => {
    assert.equal(bytesToBase64(new TextEncoder().encode(plain)), encoded);
    assert.equal(new TextDecoder().decode(bytesFromBase64(encoded)), plain);
  });
}

test("more bytes than one call takes as arguments go through, each as it is", () => {
  const bytes = Uint8Array.from({ length: 300_001 }, (_, i) => i % 251);
  const text = bytesToBase64(bytes);
  assert.equal(text, Buffer.from(bytes).toString("base64"));
  assert.deepEqual(bytesFromBase64(text), bytes);
});

test("a view is its own bytes, not those of the buffer behind it", () => {
  const view = Uint8Array.of(1, 2, 3, 4).subarray(1, 3);
  assert.deepEqual(bytesFromBase64(bytesToBase64(view)), Uint8Array.of(2, 3));
});

test("what comes out fills its buffer, so that samples can be laid over it", () => {
  assert.equal(bytesFromBase64("Zm9vYg==").buffer.byteLength, 4);
});

for (const bad of ["Z", "Zm9v!", "Zm=9"]) {
  test(`"${bad}" is no base64`, () => {
    assert.throws(() => bytesFromBase64(bad));
  });
}

test("a browser that does it itself is asked", () => {
  const bytes = Object.assign(Uint8Array.of(1), { toBase64: () => "the browser's" });
  assert.equal(bytesToBase64(bytes), "the browser's");
  const owner = /** @type {any} */ (Uint8Array);
  const own = Object.getOwnPropertyDescriptor(owner, "fromBase64");
  owner.fromBase64 = (/** @type {string} */ text) => Uint8Array.of(text.length);
  try {
    assert.deepEqual(bytesFromBase64("abc"), Uint8Array.of(3));
  } finally {
    delete owner.fromBase64;
    if (own) Object.defineProperty(owner, "fromBase64", own);
  }
});

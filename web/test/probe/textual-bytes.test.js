import assert from "node:assert/strict";
import { test } from "node:test";
import { textualBytes } from "../../probe/textual-bytes.js";

const packed = new TextEncoder().encode('"\u0012{"label":"rtvi-ai","type":"bot-ready"}');

test("bytes that hold text are given as base64, from a buffer and from a view of one", () => {
  const base64 = Buffer.from(packed).toString("base64");
  assert.equal(textualBytes(packed), base64);
  assert.equal(textualBytes(packed.slice().buffer), base64);
  const wider = new Uint8Array([0, 0, ...packed]);
  assert.equal(textualBytes(wider.subarray(2)), base64);
});

test("silence, noise and a tone are sound, and no text", () => {
  const noise = Uint8Array.from({ length: 640 }, (_, i) => (i * 7919 + (i >> 2) * 104729) % 256);
  const tone = Int16Array.from({ length: 320 }, (_, i) => 9000 * Math.sin(i / 5));
  for (const sound of [new Uint8Array(640), noise, tone]) assert.equal(textualBytes(sound), null);
});

test("what is empty, long, or can be read later only is left out", () => {
  const long = new Uint8Array(32_001).fill(0x61);
  for (const data of [new Uint8Array(0), long, new Blob(["text"]), "text", null, {}]) {
    assert.equal(textualBytes(data), null);
  }
});

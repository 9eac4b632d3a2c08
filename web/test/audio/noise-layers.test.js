import assert from "node:assert/strict";
import { test } from "node:test";
import { NoiseLayers } from "../../audio/noise-layers.js";

/** @param {NoiseLayers} layers @param {number} frame @param {number} frames */
function render(layers, frame, frames) {
  const out = new Float32Array(frames);
  layers.render(out, frame);
  return Array.from(out, (sample) => Math.round(sample * 1e6) / 1e6);
}

test("the frame says which sample of the period it is", () => {
  const layers = new NoiseLayers();
  layers.change(Float32Array.of(0.1, 0.2, 0.3), 2, 0, 4);
  assert.deepEqual(render(layers, 4, 5), [0.4, 0.6, 0.2, 0.4, 0.6]);
});

test("one fades into the next and is gone then", () => {
  const layers = new NoiseLayers();
  layers.change(Float32Array.of(1), 0.4, 0, 0);
  layers.change(Float32Array.of(-1), 0.4, 4, 0);
  assert.deepEqual(render(layers, 0, 6), [0.4, 0.2, 0, -0.2, -0.4, -0.4]);
  layers.change(null, 0, 2, 6);
  assert.deepEqual(render(layers, 6, 3), [-0.4, -0.2, 0]);
  assert.equal(layers.layers.length, 0);
});

test("it adds to what is said", () => {
  const layers = new NoiseLayers();
  layers.change(Float32Array.of(0.25), 1, 0, 0);
  const out = Float32Array.of(0.5, 0.5);
  layers.render(out, 0);
  assert.deepEqual([...out], [0.75, 0.75]);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { MicrophoneEffects } from "../../audio/microphone-effects.js";

const NOTHING = { gain: 1, fadeFrames: 0, limit: null, taps: null, dropouts: null, echo: null };

/** The same cases as the Python side has. */
const CASES = JSON.parse(
  readFileSync(new URL("../../../tests/line/microphone_effects.json", import.meta.url), "utf8"),
);

/** @param {any} plan @returns {import("../../audio/microphone-effects.js").Plan} */
function whole(plan) {
  return { ...NOTHING, ...plan, echo: plan.echo ? { taps: null, ...plan.echo } : null };
}

/**
 * @param {MicrophoneEffects} effects @param {number} frame @param {number} block
 * @param {number[]} input @param {number[]} [heard]
 */
function apply(effects, frame, block, input, heard) {
  const all = [];
  for (let at = 0; at < input.length; at += block) {
    const out = Float32Array.from(input.slice(at, at + block));
    effects.apply(out, frame + at, heard && Float32Array.from(heard.slice(at, at + block)));
    all.push(...out);
  }
  return all;
}

/** @param {number[]} found @param {number[]} expected */
function near(found, expected) {
  assert.equal(found.length, expected.length);
  found.forEach((sample, i) => assert.ok(Math.abs(sample - expected[i]) < 1e-6, `${i}: ${found}`));
}

for (const { name, plan, frame, block, input, heard, expected } of CASES) {
  test(name, () => {
    const effects = new MicrophoneEffects();
    effects.change(whole(plan), frame);
    near(apply(effects, frame, block, input, heard), expected);
  });
}

test("without a plan the samples are not even looked at", () => {
  const out = Float32Array.of(0.5, -2);
  new MicrophoneEffects().apply(out, 0, undefined);
  assert.deepEqual([...out], [0.5, -2]);
});

test("a plan with the same filter goes on with what passed it, and from the gain that was", () => {
  const effects = new MicrophoneEffects();
  effects.change(whole({ taps: [0, 0, 1] }), 0);
  near(apply(effects, 0, 2, [1, 0.5]), [0, 0]);
  effects.change(whole({ taps: [0, 0, 1], gain: 0, fadeFrames: 2 }), 2);
  near(apply(effects, 2, 2, [1, 1, 0, 0]), [1, 0.5, 1, 0.5]);
});

test("an echo that ends and begins again has forgotten what was heard between", () => {
  const effects = new MicrophoneEffects();
  const echo = whole({ echo: { gain: 1, delayFrames: 2 } });
  effects.change(echo, 0);
  near(apply(effects, 0, 2, [0, 0], [0.5, 0.5]), [0, 0]);
  effects.change(whole({}), 2);
  near(apply(effects, 2, 2, [0, 0], [0.5, 0.5]), [0, 0]);
  effects.change(echo, 4);
  near(apply(effects, 4, 2, [0, 0, 0, 0], [0.25, 0, 0, 0]), [0, 0, 0.25, 0]);
});

test("blocks that are missing take what was heard with them", () => {
  const effects = new MicrophoneEffects();
  effects.change(whole({ echo: { gain: 1, delayFrames: 2 } }), 0);
  near(apply(effects, 0, 2, [0, 0], [0.5, 0.5]), [0, 0]);
  near(apply(effects, 131_072, 2, [0, 0]), [0, 0]);
});

import { rampAt } from "./ramp.js";

/**
 * What a microphone does to its sound, by a plan of plain numbers; in this order: what is heard comes
 * back as an echo, the gain, clipping, a filter, dropouts.
 *
 * `harness/line/microphone_effects.py` does the same without a page, and
 * `tests/line/microphone_effects.json` holds cases that both are tested by. All frames are those of
 * the audio clock, so that the same plan silences the same frames in every microphone.
 *
 * @typedef {{ frames: number, pieces: number, silent: number[] }} Dropouts
 * @typedef {{ gain: number, delayFrames: number, taps: number[] | null }} Echo
 * @typedef {{ gain: number, fadeFrames: number, limit: number | null, taps: number[] | null,
 *             dropouts: Dropouts | null, echo: Echo | null }} Plan
 */

/** What was heard is kept for 2.7 s: the longest delay and a filter. A power of two. */
const RING_FRAMES = 1 << 17;

export class MicrophoneEffects {
  constructor() {
    /** @type {Plan | null} */
    this.plan = null;
    this.ramp = { from: 1, to: 1, startFrame: 0, fadeFrames: 0 };
    /** @type {Filter | null} */
    this.filter = null;
    /** @type {Set<number>} */
    this.silent = new Set();
    /** @type {Delay | null} */
    this.delay = null;
  }

  /** Another plan from `frame` on, the next one to be rendered. @param {Plan} plan @param {number} frame */
  change(plan, frame) {
    const { gain, fadeFrames, taps, dropouts, echo } = plan;
    this.ramp = { from: rampAt(this.ramp, frame), to: gain, startFrame: frame, fadeFrames };
    if (!sameTaps(taps, this.plan?.taps ?? null)) this.filter = taps && new Filter(taps);
    this.silent = new Set(dropouts?.silent);
    this.delay = echo && (this.delay ?? new Delay());
    this.plan = plan;
  }

  /**
   * Change one block in place.
   *
   * @param {Float32Array} out Mono. @param {number} frame Of its first sample.
   * @param {Float32Array} [heard] What is heard in this block; nothing for silence.
   */
  apply(out, frame, heard) {
    const { plan } = this;
    if (!plan) return;
    const sound = Float64Array.from(out);
    if (plan.echo && this.delay) this.delay.add(sound, frame, heard, plan.echo);
    const { limit } = plan;
    for (let i = 0; i < sound.length; i++) {
      sound[i] *= rampAt(this.ramp, frame + i);
      if (limit !== null) sound[i] = Math.min(limit, Math.max(-limit, sound[i]));
    }
    this.filter?.apply(sound);
    if (plan.dropouts) this.drop(sound, frame, plan.dropouts);
    out.set(sound);
  }

  /** @param {Float64Array} sound @param {number} frame @param {Dropouts} dropouts */
  drop(sound, frame, { frames, pieces }) {
    for (let i = 0; i < sound.length; i++) {
      if (this.silent.has(Math.floor((frame + i) / frames) % pieces)) sound[i] = 0;
    }
  }
}

/** What was heard, and what of it comes back. */
class Delay {
  constructor() {
    this.ring = new Float32Array(RING_FRAMES);
    this.nextFrame = 0;
  }

  /**
   * @param {Float64Array} sound @param {number} frame @param {Float32Array | undefined} heard
   * @param {Echo} echo
   */
  add(sound, frame, heard, { gain, delayFrames, taps }) {
    this.keep(frame, sound.length, heard);
    const first = frame - delayFrames;
    for (let i = 0; i < sound.length; i++) sound[i] += gain * this.at(first + i, taps);
  }

  /** @param {number} frame @param {number} frames @param {Float32Array | undefined} heard */
  keep(frame, frames, heard) {
    if (frame !== this.nextFrame) this.ring.fill(0); // blocks are missing: what it held is elsewhere
    for (let i = 0; i < frames; i++) this.ring[(frame + i) & (RING_FRAMES - 1)] = heard?.[i] ?? 0;
    this.nextFrame = frame + frames;
  }

  /** One sample, through the filter. @param {number} frame @param {number[] | null} taps */
  at(frame, taps) {
    if (taps === null) return this.sample(frame);
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k] * this.sample(frame - k);
    return sum;
  }

  /** @param {number} frame */
  sample(frame) {
    return frame < 0 ? 0 : this.ring[frame & (RING_FRAMES - 1)];
  }
}

/** A filter that remembers what passed it; it begins with silence. */
class Filter {
  /** @param {number[]} taps */
  constructor(taps) {
    this.taps = Float64Array.from(taps);
    this.before = new Float64Array(taps.length - 1);
  }

  /** In place. @param {Float64Array} sound */
  apply(sound) {
    const { taps, before } = this;
    const whole = new Float64Array(before.length + sound.length);
    whole.set(before);
    whole.set(sound, before.length);
    for (let i = 0; i < sound.length; i++) {
      let sum = 0;
      for (let k = 0; k < taps.length; k++) sum += taps[k] * whole[before.length + i - k];
      sound[i] = sum;
    }
    this.before = whole.slice(sound.length);
  }
}

/** @param {number[] | null} some @param {number[] | null} others */
function sameTaps(some, others) {
  if (some === null || others === null) return some === others;
  return some.length === others.length && some.every((tap, k) => tap === others[k]);
}

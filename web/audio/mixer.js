import { rampAt } from "./ramp.js";

/**
 * Several clips, each with a start frame and a gain, mixed into one signal; silence otherwise.
 *
 * Knows no audio context: the frame is an argument, so it runs the same in a worklet, in a
 * script processor and in a test.
 *
 * @typedef {{ samples: Float32Array, startFrame: number, gain: number,
 *             fade?: import("./ramp.js").Ramp }} Source
 */

export class Mixer {
  constructor() {
    /** @type {Map<string, Source>} */
    this.sources = new Map();
  }

  /**
   * Add a clip.
   *
   * @param {string} id
   * @param {Float32Array} samples Mono.
   * @param {number | null} startFrame Frame of its first sample; null for as soon as possible.
   * @param {number} gain Factor on every sample.
   * @param {number} nowFrame The next frame to be rendered.
   * @param {boolean} [joins] True for a clip that already sounds elsewhere: it keeps its start,
   *   and what has passed is skipped. Otherwise a start that has passed moves to `nowFrame`, so
   *   that no clip loses its beginning.
   * @returns {number} The frame at which it really starts.
   */
  add(id, samples, startFrame, gain, nowFrame, joins = false) {
    const start = joins ? (startFrame ?? nowFrame) : Math.max(startFrame ?? nowFrame, nowFrame);
    this.sources.set(id, { samples, startFrame: start, gain });
    return start;
  }

  /**
   * End a clip: at once, or in a straight line; one that has not begun does not.
   *
   * @param {string} id
   * @param {number} [nowFrame] The next frame to be rendered. @param {number} [fadeFrames]
   */
  stop(id, nowFrame = 0, fadeFrames = 0) {
    const source = this.sources.get(id);
    if (!source) return;
    if (fadeFrames === 0 || source.startFrame >= nowFrame) this.sources.delete(id);
    else source.fade ??= { from: 1, to: 0, startFrame: nowFrame, fadeFrames };
  }

  /** @param {number} [nowFrame] @param {number} [fadeFrames] */
  stopAll(nowFrame = 0, fadeFrames = 0) {
    for (const id of [...this.sources.keys()]) this.stop(id, nowFrame, fadeFrames);
  }

  /**
   * Fill `out` with frames `frame`, `frame + 1`, …
   *
   * @param {Float32Array} out Mono.
   * @param {number} frame
   */
  render(out, frame) {
    out.fill(0);
    for (const [id, source] of this.sources) {
      addSource(out, frame, source);
      if (frame + out.length >= endOf(source)) this.sources.delete(id);
    }
  }
}

/** The frame behind its last sample. @param {Source} source */
function endOf({ samples, startFrame, fade }) {
  const end = startFrame + samples.length;
  return fade ? Math.min(end, fade.startFrame + fade.fadeFrames) : end;
}

/** @param {Float32Array} out @param {number} frame @param {Source} source */
function addSource(out, frame, source) {
  const { samples, startFrame, gain, fade } = source;
  const first = Math.max(0, startFrame - frame);
  const last = Math.min(out.length, endOf(source) - frame);
  for (let i = first; i < last; i++) {
    const factor = fade ? gain * rampAt(fade, frame + i) : gain;
    out[i] += factor * samples[frame + i - startFrame];
  }
}

/**
 * Several clips, each with a start frame and a gain, mixed into one signal; silence otherwise.
 *
 * Knows no audio context: the frame is an argument, so it runs the same in a worklet, in a
 * script processor and in a test.
 *
 * @typedef {{ samples: Float32Array, startFrame: number, gain: number }} Source
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

  /** @param {string} id */
  stop(id) {
    this.sources.delete(id);
  }

  stopAll() {
    this.sources.clear();
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
      if (frame + out.length >= source.startFrame + source.samples.length) this.sources.delete(id);
    }
  }
}

/** @param {Float32Array} out @param {number} frame @param {Source} source */
function addSource(out, frame, { samples, startFrame, gain }) {
  const first = Math.max(0, startFrame - frame);
  const last = Math.min(out.length, startFrame + samples.length - frame);
  for (let i = first; i < last; i++) out[i] += gain * samples[frame + i - startFrame];
}

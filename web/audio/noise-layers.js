import { rampAt } from "./ramp.js";

/**
 * Noise behind what is said: a signal without an end, one period of it given, and its changes.
 *
 * The sample at frame f of the audio clock is `samples[f modulo the period]`, in every microphone and
 * whenever it was begun, so that the same seed gives the same noise at the same frame.
 *
 * @typedef {{ samples: Float32Array } & import("./ramp.js").Ramp} Layer
 */

export class NoiseLayers {
  constructor() {
    /** @type {Layer[]} */
    this.layers = [];
  }

  /**
   * Another noise from here on: the one that sounds fades out, this one fades in.
   *
   * @param {Float32Array | null} samples One period, mono; null for none.
   * @param {number} gain Factor on every sample.
   * @param {number} fadeFrames
   * @param {number} frame The next one to be rendered.
   */
  change(samples, gain, fadeFrames, frame) {
    this.layers = this.layers.map((layer) => ({
      ...layer,
      from: rampAt(layer, frame),
      to: 0,
      startFrame: frame,
      fadeFrames,
    }));
    if (samples?.length) this.layers.push({ samples, from: 0, to: gain, startFrame: frame, fadeFrames });
  }

  /** Add to what is there. @param {Float32Array} out Mono. @param {number} frame Of its first one. */
  render(out, frame) {
    for (const layer of this.layers) {
      const { samples } = layer;
      for (let i = 0; i < out.length; i++) {
        out[i] += rampAt(layer, frame + i) * samples[(frame + i) % samples.length];
      }
    }
    const end = frame + out.length;
    this.layers = this.layers.filter(
      ({ to, startFrame, fadeFrames }) => to !== 0 || end < startFrame + fadeFrames,
    );
  }
}

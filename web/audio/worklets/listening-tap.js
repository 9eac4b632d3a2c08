import { Batcher } from "../batcher.js";

const SILENCE = new Float32Array(128);

/** Report what comes in, mixed to mono; put out silence, so that it may be connected anywhere. */
class ListeningTap extends AudioWorkletProcessor {
  /** @param {{ processorOptions: { batchFrames: number } }} options */
  constructor({ processorOptions }) {
    super();
    this.alive = true;
    this.mono = new Float32Array(128);
    this.batcher = new Batcher(
      (batch) => this.port.postMessage(batch, [batch.pcm.buffer]),
      processorOptions.batchFrames,
    );
    this.port.onmessage = () => {
      this.batcher.flush();
      this.alive = false;
    };
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    this.batcher.add(currentFrame, this.mixDown(inputs[0]));
    return this.alive;
  }

  /** @param {Float32Array[]} channels */
  mixDown(channels) {
    if (channels.length === 0) return SILENCE;
    if (channels.length === 1) return channels[0];
    const [left, right] = channels;
    for (let i = 0; i < left.length; i++) this.mono[i] = (left[i] + right[i]) / 2;
    return this.mono;
  }
}

registerProcessor("harness-listening-tap", ListeningTap);

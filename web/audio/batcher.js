import { writePcm16 } from "./pcm16.js";

/**
 * Gather rendered blocks into batches of about 100 ms of 16-bit PCM, with their frame numbers.
 *
 * Batches end at multiples of their length, so that all of one AudioContext are there at once, and
 * leave the page together.
 *
 * @typedef {{ frame: number, pcm: Int16Array }} Batch
 */

/** 38 render quanta of 128 frames: 101 ms at 48 kHz. */
export const BATCH_FRAMES = 38 * 128;

export class Batcher {
  /**
   * @param {(batch: Batch) => void} deliver Gets each full batch; the array is its own.
   * @param {number} [batchFrames]
   */
  constructor(deliver, batchFrames = BATCH_FRAMES) {
    this.deliver = deliver;
    this.batchFrames = batchFrames;
    this.frame = 0;
    this.endFrame = 0;
    this.filled = 0;
    this.pcm = new Int16Array(batchFrames);
  }

  /**
   * @param {number} frame Number of the block's first frame; a jump starts a new batch.
   * @param {Float32Array} samples Mono.
   */
  add(frame, samples) {
    if (this.filled > 0 && frame !== this.frame + this.filled) this.flush();
    if (this.filled + samples.length > this.batchFrames) this.flush();
    if (this.filled === 0) this.start(frame);
    if (samples.length > this.pcm.length) this.pcm = new Int16Array(samples.length);
    writePcm16(samples, this.pcm, this.filled);
    this.filled += samples.length;
    if (this.filled > 0 && frame + samples.length >= this.endFrame) this.flush();
  }

  /** @param {number} frame */
  start(frame) {
    this.frame = frame;
    this.endFrame = (Math.floor(frame / this.batchFrames) + 1) * this.batchFrames;
  }

  /** Deliver what there is. */
  flush() {
    if (this.filled === 0) return;
    const { frame, pcm, filled } = this;
    this.pcm = new Int16Array(this.batchFrames);
    this.filled = 0;
    this.deliver({ frame, pcm: filled === pcm.length ? pcm : pcm.slice(0, filled) });
  }
}

/** @param {Int16Array} pcm */
export function isSilence(pcm) {
  for (let i = 0; i < pcm.length; i++) if (pcm[i] !== 0) return false;
  return true;
}

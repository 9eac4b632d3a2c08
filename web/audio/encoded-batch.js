import { isSilence } from "./batcher.js";
import { rmsDbfs, toBase64 } from "./pcm16.js";

/**
 * A batch of samples as envelopes carry it: silence needs no samples.
 *
 * @typedef {import("./batcher.js").Batch} Batch
 * @typedef {{ frame: number, frames: number, pcm: string }} EncodedBatch `pcm` is base64 of 16-bit
 *   PCM, mono, 48 kHz; "" for digital silence.
 */

/** @param {Batch} batch @returns {EncodedBatch} */
export function encodeBatch({ frame, pcm }) {
  return { frame, frames: pcm.length, pcm: isSilence(pcm) ? "" : toBase64(pcm) };
}

/**
 * @param {Batch} batch
 * @returns {EncodedBatch & { rms_dbfs: number }} With its level, dB relative to full scale.
 */
export function encodeMeasuredBatch(batch) {
  return { ...encodeBatch(batch), rms_dbfs: rmsDbfs(batch.pcm) };
}

import { bytesFromBase64, bytesToBase64 } from "./base64.js";

/** Samples between float, 16-bit PCM and base64. Full scale is 32 768 both ways, so it is exact. */

/** @param {Float32Array} samples @param {Int16Array} into @param {number} at First index in `into`. */
export function writePcm16(samples, into, at) {
  for (let i = 0; i < samples.length; i++) {
    const value = Math.round(samples[i] * 32768);
    into[at + i] = value > 32767 ? 32767 : value < -32768 ? -32768 : value;
  }
}

/** @param {Int16Array} pcm @returns {Float32Array} */
export function toFloat(pcm) {
  const samples = new Float32Array(pcm.length);
  for (let i = 0; i < pcm.length; i++) samples[i] = pcm[i] / 32768;
  return samples;
}

/** @param {Int16Array} pcm Little-endian, as every machine with a Chromium is. @returns {string} */
export function toBase64(pcm) {
  return bytesToBase64(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
}

/**
 * @param {string} text
 * @returns {Int16Array}
 * @throws {Error} It is no base64, or ends within a sample.
 */
export function fromBase64(text) {
  return new Int16Array(bytesFromBase64(text).buffer);
}

/**
 * Root mean square level of 16-bit samples.
 *
 * @param {Int16Array} pcm
 * @returns {number} dB relative to full scale; -120 for digital silence.
 */
export function rmsDbfs(pcm) {
  let sum = 0;
  for (let i = 0; i < pcm.length; i++) sum += pcm[i] * pcm[i];
  if (sum === 0) return -120;
  return Math.max(-120, Math.round(100 * 10 * Math.log10(sum / pcm.length / 2 ** 30)) / 100);
}

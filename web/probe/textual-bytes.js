import { bytesToBase64 } from "../audio/base64.js";

/**
 * Binary messages that hold text: some protocols pack their words so, among numbers.
 *
 * Sound and pictures are no text, and nobody reads them here.
 */

const MOST_BYTES = 32_000;

/** So many bytes at the beginning are looked at. */
const LOOKED_AT = 64;

/** In random bytes 37 % are printable, in silence none. */
const LEAST_SHARE = 0.6;

/**
 * @param {any} data What went over a channel.
 * @returns {string | null} Base64; null where it seems to hold no text, is long, or is a Blob,
 *   which can be read later only.
 */
export function textualBytes(data) {
  const bytes = viewOf(data);
  if (!bytes || bytes.length === 0 || bytes.length > MOST_BYTES) return null;
  const looked = bytes.length < LOOKED_AT ? bytes.length : LOOKED_AT;
  let printable = 0;
  for (let i = 0; i < looked; i++) if (bytes[i] >= 0x20 && bytes[i] < 0x7f) printable += 1;
  return printable / looked >= LEAST_SHARE ? bytesToBase64(bytes) : null;
}

/** @param {any} data @returns {Uint8Array | null} */
function viewOf(data) {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (typeof data?.byteLength === "number" && typeof data.slice === "function") return new Uint8Array(data);
  return null;
}

/** Bytes as base64 text, as they travel between Python and a page; by the browser's own where it has one. */

/** Arguments that one call takes safely. */
const CHUNK_BYTES = 8192;

/** @param {Uint8Array} bytes @returns {string} */
export function bytesToBase64(bytes) {
  const native = /** @type {any} */ (bytes).toBase64;
  if (native) return native.call(bytes);
  let text = "";
  for (let i = 0; i < bytes.length; i += CHUNK_BYTES) {
    text += String.fromCharCode(...bytes.subarray(i, i + CHUNK_BYTES));
  }
  return btoa(text);
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>} It fills its buffer.
 * @throws {Error} It is no base64.
 */
export function bytesFromBase64(text) {
  const native = /** @type {any} */ (Uint8Array).fromBase64;
  if (native) return native.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

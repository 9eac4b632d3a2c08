/**
 * How many bytes a text takes as UTF-8, as it is sent; halves of surrogate pairs are replaced there.
 *
 * @param {string} text
 */
export function utf8Length(text) {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const point = /** @type {number} */ (text.codePointAt(i));
    if (point > 0xffff) i += 1; // a whole pair
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point <= 0xffff ? 3 : 4;
  }
  return bytes;
}

/**
 * Where in ascending values the first one stands that is not less; behind the last if all are.
 *
 * @param {number[]} values
 * @param {number} least
 * @returns {number}
 */
export function firstFrom(values, least) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Peaks of a recording at several resolutions, and what of them falls into each column. Pure. */

/** @typedef {{high: Int8Array, low: Int8Array}} Level Highest and lowest of each stretch, ±127. */

/** So many stretches of a level are one of the next. */
const FACTOR = 4;
/** A level of fewer is coarse enough for any screen. */
const COARSEST = 2000;

/**
 * @param {string} base64 Signed bytes: highest, lowest, highest, lowest, …
 * @returns {Level[]} From the finest on.
 */
export function levelsOf(base64) {
  const bytes = Int8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const count = bytes.length >> 1;
  const finest = { high: new Int8Array(count), low: new Int8Array(count) };
  for (let i = 0; i < count; i++) {
    finest.high[i] = bytes[2 * i];
    finest.low[i] = bytes[2 * i + 1];
  }
  /** @type {Level[]} */
  const levels = [finest];
  while (levels[levels.length - 1].high.length > COARSEST) {
    levels.push(coarser(levels[levels.length - 1]));
  }
  return levels;
}

/** @param {Level} level @returns {Level} */
function coarser({ high, low }) {
  const count = Math.ceil(high.length / FACTOR);
  const joined = { high: new Int8Array(count).fill(-128), low: new Int8Array(count).fill(127) };
  for (let i = 0; i < high.length; i++) {
    const at = Math.floor(i / FACTOR);
    if (high[i] > joined.high[at]) joined.high[at] = high[i];
    if (low[i] < joined.low[at]) joined.low[at] = low[i];
  }
  return joined;
}

/**
 * The highest and the lowest of each column of a picture, from the coarsest level that is as exact.
 *
 * @param {Level[]} levels
 * @param {{from: number, to: number, columns: number}} picture Shares of the recording, 0 to 1.
 * @returns {Level} One stretch a column.
 */
export function columnsOf(levels, { from, to, columns }) {
  const share = (to - from) / columns;
  const isExact = (/** @type {Level} */ { high }) => high.length * share >= FACTOR;
  const { high, low } = levels.findLast(isExact) ?? levels[0];
  const count = high.length;
  const drawn = { high: new Int8Array(columns), low: new Int8Array(columns) };
  for (let column = 0; column < columns; column++) {
    const first = Math.min(count - 1, Math.floor((from + column * share) * count));
    const last = Math.max(first + 1, Math.min(count, Math.ceil((from + (column + 1) * share) * count)));
    let highest = -128;
    let lowest = 127;
    for (let i = first; i < last; i++) {
      if (high[i] > highest) highest = high[i];
      if (low[i] < lowest) lowest = low[i];
    }
    drawn.high[column] = highest;
    drawn.low[column] = lowest;
  }
  return drawn;
}

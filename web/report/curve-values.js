/** Values of a curve: which is shown at a moment, in what frame they are drawn. Pure. */
import { firstFrom } from "./sorted.js";

/**
 * @typedef {{name: string, side: string, t: number[], v: (number | null)[]}} CurveLine
 *   `v` in the curve's unit; null: from there on nothing was measured.
 * @typedef {{key: string, unit: string, digits: number, lines: CurveLine[]}} CurveData
 */

/** So far from its moment a value still counts as that of the cursor's, beside a gap or an end. */
const NEAR_S = 1;
/** A level below this is drawn at the bottom. */
const QUIETEST_DBFS = -90;

/**
 * @param {CurveLine} line
 * @param {number} seconds
 * @returns {number | null} The nearest value; null where nothing was measured.
 */
export function valueAt({ t, v }, seconds) {
  const at = firstFrom(t, seconds);
  const [before, after] = [at - 1, at].map((i) => v[i] ?? null);
  const toBefore = before === null ? Infinity : seconds - t[at - 1];
  const toAfter = after === null ? Infinity : t[at] - seconds;
  const nearest = toBefore < toAfter ? before : after;
  const isBetween = before !== null && after !== null;
  return isBetween || Math.min(toBefore, toAfter) <= NEAR_S ? nearest : null;
}

/**
 * The lowest and highest value that a lane has room for: from 0 to a round number, levels from the
 * quietest one to full scale. The same at every zoom, so that heights can be compared.
 *
 * @param {CurveData} curve
 * @returns {[number, number]}
 */
export function frameOf({ unit, lines }) {
  let low = 0;
  let high = 0;
  for (const { v } of lines) {
    for (const value of v) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (unit === "dBFS") return [Math.max(QUIETEST_DBFS, Math.floor(Math.min(low, -10) / 10) * 10), 0];
  return [0, roundAbove(high)];
}

/** The next of 1, 2, 3, 4, 5, 6, 8, 10, 20, … @param {number} value */
function roundAbove(value) {
  if (value <= 1) return 1;
  const scale = 10 ** Math.floor(Math.log10(value));
  return (/** @type {number} */ ([1, 2, 3, 4, 5, 6, 8, 10].find((step) => step * scale >= value))) * scale;
}

/**
 * @param {number | null} value
 * @param {number} digits
 */
export function valueText(value, digits) {
  return value === null ? "–" : value.toFixed(digits).replace("-", "−");
}

/**
 * Values with a gap at both sides, which no line leads to: they are drawn as points.
 *
 * @param {(number | null | undefined)[]} values undefined: another line's moment.
 * @returns {number[]} Their places.
 */
export function lonely(values) {
  const own = values.flatMap((value, i) => (value === undefined ? [] : [i]));
  return own.filter((place, i) => {
    const isGap = (/** @type {number | undefined} */ at) => at === undefined || values[at] === null;
    return values[place] !== null && isGap(own[i - 1]) && isGap(own[i + 1]);
  });
}

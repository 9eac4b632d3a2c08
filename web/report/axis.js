/** Between seconds and pixels: where the marks of the axis stand, what fits, how far one may zoom. Pure. */
import { clockText } from "./clock-text.js";

/** A second of a long call may get so wide, in CSS pixels: some milliseconds are a pixel then. */
const MOST_PX_PER_S = 500;
/** Lanes of a short call may get so wide whatever a second takes; and no lanes wider than browsers can. */
const WIDE_PX = 30_000;
const WIDEST_PX = 8_000_000;
/** Between two marks of the axis at least. */
const MARK_ROOM_PX = 80;
const STEPS_S = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
/** A second wider than this has room for the words of a turn in small letters. */
const ROOMY_PX_PER_S = 90;

/** @typedef {{text: string, isWord: boolean, roomS: number}} Label Words may be cut short, others not. */

/**
 * The marks of the axis: as close as they may stand, at round places.
 *
 * @param {number} endS Length of the axis in seconds, more than 0.
 * @param {number} pxPerS CSS pixels a second takes, more than 0.
 * @param {import("./view.js").Stretch} [stretch] Of which part; the whole axis where absent.
 * @returns {{share: number, text: string}[]} Each with its place, 0 to 1, from the start on.
 */
export function ticksOf(endS, pxPerS, { fromS, toS } = { fromS: 0, toS: endS }) {
  const step = STEPS_S.find((s) => s * pxPerS >= MARK_ROOM_PX) ?? 600;
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  const ticks = [];
  for (let i = Math.floor(fromS / step); i * step < Math.min(toS, endS); i++) {
    ticks.push({ share: (i * step) / endS, text: clockText(i * step, digits) });
  }
  return ticks;
}

/**
 * @param {number} x A place on the screen, in CSS pixels.
 * @param {{left: number, width: number}} box Where the axis is drawn.
 * @param {number} endS
 * @returns {number} The moment there in seconds; beside the axis, its nearer end.
 */
export function secondsAt(x, { left, width }, endS) {
  return Math.min(1, Math.max(0, (x - left) / width)) * endS;
}

/**
 * @param {Label} label
 * @param {number} pxPerS
 * @returns {boolean} True where the label would cover the next one.
 */
export function isCrowded({ text, isWord, roomS }, pxPerS) {
  const needed_px = isWord ? 40 : 12 + 8 * text.length;
  return roomS * pxPerS < needed_px;
}

/**
 * @param {number} zoom The wish; 1 shows the whole call.
 * @param {number} fit_px Width of the lanes at zoom 1.
 * @param {number} endS
 * @returns {number} The zoom as far as it may go.
 */
export function limitedZoom(zoom, fit_px, endS) {
  const widest_px = Math.min(WIDEST_PX, Math.max(WIDE_PX, endS * MOST_PX_PER_S));
  return Math.min(Math.max(1, zoom), Math.max(1, widest_px / fit_px));
}

/** @param {number} pxPerS @returns {boolean} */
export function isRoomy(pxPerS) {
  return pxPerS > ROOMY_PX_PER_S;
}

/**
 * How far to scroll, so that a moment can be seen.
 *
 * @param {number} left_px The moment, from the left edge of all that can be scrolled.
 * @param {{scrollLeft: number, clientWidth: number}} view
 * @param {number} labels_px The names of the lanes cover so much at the left.
 * @returns {number} The new scrollLeft: the old one where the moment is in view already.
 */
export function scrollToSee(left_px, { scrollLeft, clientWidth }, labels_px) {
  const isSeen = left_px >= scrollLeft + labels_px && left_px <= scrollLeft + clientWidth - 20;
  return isSeen ? scrollLeft : left_px - labels_px - clientWidth / 4;
}

/**
 * The next (1) or previous (-1) start. Backwards from a little behind a start is to the one before.
 *
 * @param {number[]} starts In seconds, in any order.
 * @param {number} nowS
 * @param {number} direction
 * @returns {number | undefined} Nothing where there is none.
 */
export function neighbouringStart(starts, nowS, direction) {
  const inOrder = starts.toSorted((a, b) => a - b);
  return direction > 0
    ? inOrder.find((s) => s > nowS + 0.01)
    : inOrder.findLast((s) => s < nowS - 0.3);
}

/** What of a call is in view, and what is drawn around it. Pure. */

/**
 * @typedef {{fromS: number, toS: number}} Stretch
 * @typedef {Stretch & {pxPerS: number, isNarrow?: boolean}} Drawn
 *   A stretch, and how wide its seconds were drawn; narrow: there is nothing beside the view.
 * @typedef {Stretch & {width: number, pxPerS: number, drawn: Drawn}} View
 *   What is in view, how wide that is in CSS pixels, and what around it is to be drawn.
 */

/**
 * What is in view and as much again on both sides, so that scrolling shows no gaps; or what was
 * drawn before, while that is enough. While one zooms nothing is enough for long: then it is what
 * is in view alone, and the sides come with the next frame that has the same zoom.
 *
 * @param {Drawn} view
 * @param {number} endS Nothing is drawn beyond the end of the call.
 * @param {Drawn | null} before
 * @returns {Drawn} The same object while nothing has to be drawn again.
 */
export function drawnAround({ fromS, toS, pxPerS }, endS, before) {
  const isZooming = before !== null && before.pxPerS !== pxPerS;
  const last = Math.min(toS, endS);
  const holds = before && !isZooming && before.fromS <= fromS && last <= before.toS;
  if (holds && !before.isNarrow) return before;
  const beside = isZooming ? 0 : toS - fromS;
  const drawn = { fromS: Math.max(0, fromS - beside), toS: Math.min(endS, toS + beside), pxPerS };
  return isZooming ? { ...drawn, isNarrow: true } : drawn;
}

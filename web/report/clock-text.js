/**
 * A place on the timeline as text: 63.4 is "1:03.40".
 *
 * @param {number} seconds
 * @param {number} [digits] digits after the point
 */
export function clockText(seconds, digits = 2) {
  const scale = 10 ** digits;
  const units = Math.round(Math.abs(seconds) * scale);
  const minutes = Math.floor(units / (60 * scale));
  const rest = ((units % (60 * scale)) / scale).toFixed(digits);
  const padded = rest.padStart(digits ? digits + 3 : 2, "0");
  return `${seconds < 0 && units ? "−" : ""}${minutes}:${padded}`;
}

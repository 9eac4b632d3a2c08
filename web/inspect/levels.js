/** Meters of the two sides: how loud the user is, and what the page plays. */

const FLOOR_DBFS = -60;

/**
 * @param {HTMLElement} meter With the role "meter", from -60 to 0.
 * @param {HTMLElement} number Beside it.
 * @param {number | undefined} level_dbfs Absent: nothing was heard yet.
 */
export function showLevel(meter, number, level_dbfs) {
  const level = Math.max(FLOOR_DBFS, Math.min(0, level_dbfs ?? FLOOR_DBFS));
  const text = level_dbfs === undefined ? "nothing yet" : `${Math.round(level_dbfs)} dBFS`;
  meter.setAttribute("aria-valuenow", String(Math.round(level)));
  meter.setAttribute("aria-valuetext", text);
  meter.style.setProperty("--level", String(1 - level / FLOOR_DBFS));
  number.textContent = text;
}

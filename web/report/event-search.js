/** Which events are shown, which is next, and their data made readable. Pure. */

/**
 * @typedef {{seq: number, t: number | null, group: string, type: string, text: string,
 *   data: unknown, bad?: boolean}} EventRow `t` in seconds of the timeline; null before it began.
 */

/** @param {EventRow} row @returns {string} All that a search looks through. */
export function searchTextOf({ type, text, data }) {
  return `${type} ${text} ${JSON.stringify(data)}`.toLowerCase();
}

/**
 * @param {string} query Words that must all be there, in any order; capitals do not count.
 * @returns {(searchText: string) => boolean}
 */
export function matcherOf(query) {
  const needles = query.toLowerCase().split(/\s+/).filter(Boolean);
  return (searchText) => needles.every((needle) => searchText.includes(needle));
}

/**
 * The next (1) or previous (-1) event among those that are shown; where none is chosen yet, the
 * first from now on, or else the very first.
 *
 * @param {EventRow[]} rows
 * @param {number[]} visible Indices of those that are shown, ascending.
 * @param {{chosen: number, nowS: number, direction: number}} where chosen: -1 for none.
 * @returns {number | undefined} An index; nothing where there is no further one.
 */
export function neighbouringEvent(rows, visible, { chosen, nowS, direction }) {
  if (chosen < 0) return visible.find((i) => (rows[i].t ?? -1) >= nowS) ?? visible[0];
  return direction > 0 ? visible.find((i) => i > chosen) : visible.findLast((i) => i < chosen);
}

/** Data with JSON inside strings unfolded, for reading. @param {unknown} data @returns {unknown} */
export function unfolded(data) {
  if (typeof data === "string" && /^\s*[{[]/.test(data)) {
    try {
      return JSON.parse(data);
    } catch {
      return data;
    }
  }
  if (Array.isArray(data)) return data.map(unfolded);
  if (data && typeof data === "object") {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, unfolded(value)]));
  }
  return data;
}

/** In which order lanes stand, and which are folded, as a person left them. Pure. */

/** @typedef {{order: string[], folded: Record<string, boolean>}} LaneChoice */

/**
 * The lanes of a report in the order that a person chose in this or another one. A lane that was
 * not there then stays behind the one it follows by itself.
 *
 * @param {string[]} names As they stand by themselves.
 * @param {string[]} chosen Some of them may not be in this report.
 * @returns {string[]}
 */
export function orderedLanes(names, chosen) {
  const order = chosen.filter((name) => names.includes(name));
  names.forEach((name, i) => {
    if (order.includes(name)) return;
    order.splice(i === 0 ? 0 : order.indexOf(names[i - 1]) + 1, 0, name);
  });
  return order;
}

/**
 * @param {string[]} names
 * @param {string} name
 * @param {number} step −1 is up, 1 is down.
 * @returns {string[]} The same where there is no further place.
 */
export function movedLane(names, name, step) {
  const from = names.indexOf(name);
  const to = from + step;
  if (from < 0 || to < 0 || to >= names.length) return names;
  const moved = names.toSpliced(from, 1);
  moved.splice(to, 0, name);
  return moved;
}

/** @param {string | null} text What was kept, or anything. @returns {LaneChoice} */
export function readChoice(text) {
  try {
    const { order, folded } = JSON.parse(text ?? "{}");
    const names = Array.isArray(order) ? order.filter((name) => typeof name === "string") : [];
    const flags = Object.entries(folded ?? {}).filter(([, flag]) => typeof flag === "boolean");
    return { order: names, folded: Object.fromEntries(flags) };
  } catch {
    return { order: [], folded: {} };
  }
}

/** Two session descriptions side by side: which lines are the same, changed, or on one side only. */

/**
 * A line and what it means; "" for no words.
 * @typedef {[text: string, words: string]} Line
 *
 * @typedef {{kind: "same" | "changed" | "left" | "right", left?: Line, right?: Line}} LinePair
 */

/** Beyond so many cells the table of a section is not made: its lines are compared in place. */
const MOST_CELLS = 4_000_000;

const DIRECTIONS = new Set(["a=sendrecv", "a=sendonly", "a=recvonly", "a=inactive"]);

/** Of these the first word of the value says what the line is about. */
const BY_NUMBER = new Set(["rtpmap", "fmtp", "rtcp-fb", "extmap", "rid"]);

/** Lines of these names are many, and none is a change of another. */
const ALONE = new Set(["candidate", "ssrc", "ssrc-group"]);

/**
 * @param {Line[]} left
 * @param {Line[]} right
 * @returns {LinePair[]} In order; media sections are compared with their own alone.
 */
export function compareLines(left, right) {
  const theirs = sectionsOf(right);
  const pairs = [];
  for (const section of sectionsOf(left)) {
    const at = theirs.findIndex(({ name }) => name === section.name);
    const [other] = at < 0 ? [] : theirs.splice(at, 1);
    pairs.push(...compareSection(section.lines, other?.lines ?? []));
  }
  for (const { lines } of theirs) pairs.push(...compareSection([], lines));
  return pairs;
}

/**
 * What of a description a line is about: two lines of the same can be a change of one another.
 *
 * @param {string} text
 */
export function subjectOf(text) {
  if (DIRECTIONS.has(text)) return "direction";
  const [, name, value] = /^a=([^:]*):?(.*)$/s.exec(text) ?? [];
  if (name === undefined) return text.slice(0, 2);
  if (ALONE.has(name)) return text;
  return BY_NUMBER.has(name) ? `a=${name}:${value.split(" ")[0]}` : `a=${name}`;
}

/** @param {Line[]} lines @returns {{name: string, lines: Line[]}[]} The session, then each medium. */
function sectionsOf(lines) {
  /** @type {{name: string, lines: Line[]}[]} */
  const sections = [{ name: "session", lines: [] }];
  for (const line of lines) {
    if (line[0].startsWith("m=")) sections.push({ name: `section ${sections.length}`, lines: [] });
    const section = sections[sections.length - 1];
    section.lines.push(line);
    if (line[0].startsWith("a=mid:")) section.name = line[0];
  }
  return sections;
}

/** @param {Line[]} left @param {Line[]} right @returns {LinePair[]} */
function compareSection(left, right) {
  /** @type {LinePair[]} */
  const pairs = [];
  let [i, j] = [0, 0];
  for (const [sameLeft, sameRight] of commonOf(left, right)) {
    pairs.push(...compareGap(left.slice(i, sameLeft), right.slice(j, sameRight)));
    pairs.push({ kind: "same", left: left[sameLeft], right: right[sameRight] });
    [i, j] = [sameLeft + 1, sameRight + 1];
  }
  return [...pairs, ...compareGap(left.slice(i), right.slice(j))];
}

/** Lines between two that are the same. @param {Line[]} left @param {Line[]} right @returns {LinePair[]} */
function compareGap(left, right) {
  /** @type {LinePair[]} */
  const pairs = [];
  const subjects = right.map(([text]) => subjectOf(text));
  let next = 0;
  for (const line of left) {
    const at = subjects.indexOf(subjectOf(line[0]), next);
    if (at < 0) {
      pairs.push({ kind: "left", left: line });
      continue;
    }
    for (const only of right.slice(next, at)) pairs.push({ kind: "right", right: only });
    pairs.push({ kind: "changed", left: line, right: right[at] });
    next = at + 1;
  }
  for (const only of right.slice(next)) pairs.push({ kind: "right", right: only });
  return pairs;
}

/**
 * The longest run of lines that stand in both in the same order.
 *
 * @param {Line[]} left @param {Line[]} right
 * @returns {[number, number][]} Their places, left and right.
 */
function commonOf(left, right) {
  if (left.length * right.length > MOST_CELLS) return inPlace(left, right);
  const width = right.length + 1;
  const longest = new Uint16Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      longest[i * width + j] = left[i][0] === right[j][0]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  /** @type {[number, number][]} */
  const common = [];
  let [i, j] = [0, 0];
  while (i < left.length && j < right.length) {
    if (left[i][0] === right[j][0]) common.push([i++, j++]);
    else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1]) i++;
    else j++;
  }
  return common;
}

/** @param {Line[]} left @param {Line[]} right @returns {[number, number][]} */
function inPlace(left, right) {
  /** @type {[number, number][]} */
  const common = [];
  left.forEach(([text], i) => {
    if (right[i]?.[0] === text) common.push([i, i]);
  });
  return common;
}

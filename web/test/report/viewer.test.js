// The viewer's scripts are classic ones, as a single HTML file needs them: they are read, not imported.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

/** What the viewer's files define at their outermost, in a world without a page. */
function viewer() {
  const world = vm.createContext({ atob, Int8Array, Float32Array });
  for (const name of ["timeline.js", "events.js"]) {
    const source = readFileSync(new URL(`../../report/${name}`, import.meta.url), "utf8");
    vm.runInContext(source, world, { filename: name });
  }
  return vm.runInContext("({ clockText, decodePeaks, unfolded, CallTimeline, EventList })", world);
}

const { clockText, decodePeaks, unfolded, CallTimeline, EventList } = viewer();
/** Values of another realm have other prototypes. @param {unknown} value */
const plain = (value) => JSON.parse(JSON.stringify(value));

test("a place on the timeline is minutes, seconds and as many digits as asked for", () => {
  assert.equal(clockText(63.4), "1:03.40");
  assert.equal(clockText(0), "0:00.00");
  assert.equal(clockText(59.999, 2), "1:00.00");
  assert.equal(clockText(3600, 0), "60:00");
  assert.equal(clockText(-0.5, 1), "−0:00.5");
  assert.equal(clockText(-0.001, 2), "0:00.00");
});

test("peaks are pairs of highest and lowest", () => {
  const bytes = Buffer.from(Int8Array.from([127, -127, 0, -64]).buffer);
  const [high, low] = decodePeaks(bytes.toString("base64"));
  assert.deepEqual([...high], [1, 0]);
  assert.deepEqual([...low].map((x) => Math.round(x * 100)), [-100, -50]);
});

test("JSON within texts is unfolded for reading, and what only looks like it is left", () => {
  const data = { text: '{"type": "a", "n": [1]}', other: "{half", list: ["[2]", 3, null] };
  assert.deepEqual(plain(unfolded(data)), {
    text: { type: "a", n: [1] },
    other: "{half",
    list: [[2], 3, null],
  });
});

test("the next event is after the chosen one, or from now on, among those that are shown", () => {
  const rows = [0, 1, 2, 3].map((t) => ({ t }));
  const list = Object.assign(Object.create(EventList.prototype), {
    rows,
    visible: [0, 2, 3],
    chosen: -1,
    timeline: { nowS: 0.5 },
    choose(/** @type {number} */ index) {
      this.chosen = index;
    },
  });
  list.step(1);
  assert.equal(list.chosen, 2);
  list.step(1);
  assert.equal(list.chosen, 3);
  list.step(1);
  assert.equal(list.chosen, 3, "there is none after the last");
  list.step(-1);
  list.step(-1);
  assert.equal(list.chosen, 0);
  list.visible = [];
  list.step(1);
  assert.equal(list.chosen, 0);
});

test("words are jumped to in both directions, a little behind where one stands", () => {
  const words = [1, 5, 9].map((from) => ({ dataset: { from: String(from) } }));
  /** @type {number[]} */
  const moves = [];
  const timeline = Object.assign(Object.create(CallTimeline.prototype), {
    words,
    nowS: 5,
    moveTo: (/** @type {number} */ s) => moves.push(s),
  });
  timeline.jumpWord(1);
  timeline.jumpWord(-1);
  timeline.nowS = 5.2;
  timeline.jumpWord(-1);
  timeline.nowS = 9.5;
  timeline.jumpWord(1);
  assert.deepEqual(moves, [9, 1, 1]);
});

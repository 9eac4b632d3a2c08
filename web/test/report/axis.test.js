import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isCrowded, isRoomy, limitedZoom, neighbouringStart, scrollToSee, secondsAt, ticksOf,
} from "../../report/axis.js";

test("the axis has a mark every 1, 2 or 5 times a power of ten, from 0 on and not at the end", () => {
  assert.deepEqual(ticksOf(10, 100).map(({ text }) => text), [
    "0:00", "0:01", "0:02", "0:03", "0:04", "0:05", "0:06", "0:07", "0:08", "0:09",
  ]);
  assert.deepEqual(ticksOf(10, 50).map(({ share }) => share), [0, 0.2, 0.4, 0.6, 0.8]);
});

test("marks close to each other are told apart by their digits", () => {
  assert.deepEqual(ticksOf(0.35, 800).map(({ text }) => text), ["0:00.0", "0:00.1", "0:00.2", "0:00.3"]);
  assert.deepEqual(ticksOf(0.05, 4000).map(({ text }) => text), ["0:00.00", "0:00.02", "0:00.04"]);
});

test("no two marks are closer than their words, however long the call", () => {
  for (const pxPerS of [0.2, 1, 3, 17, 80, 160, 999, 7999]) {
    const [first, second] = ticksOf(2000, pxPerS);
    assert.ok((second.share - first.share) * 2000 * pxPerS >= 80 - 1e-6, `${pxPerS} px a second`);
  }
});

test("a call of hours drawn small still has marks, ten minutes apart", () => {
  assert.deepEqual(ticksOf(1500, 0.01).map(({ text }) => text), ["0:00", "10:00", "20:00"]);
});

test("a place on the screen is a moment; beside the axis, its nearer end", () => {
  const box = { left: 100, width: 500 };
  assert.equal(secondsAt(350, box, 10), 5);
  assert.equal(secondsAt(20, box, 10), 0);
  assert.equal(secondsAt(4000, box, 10), 10);
});

test("a label is left out where it would cover the next, a word only where nothing of it fits", () => {
  const label = { text: "voice-to-voice", isWord: false, roomS: 1 };
  assert.equal(isCrowded(label, 100), true);
  assert.equal(isCrowded(label, 130), false);
  assert.equal(isCrowded({ ...label, isWord: true }, 100), false);
  assert.equal(isCrowded({ ...label, isWord: true }, 39), true);
});

test("one may not zoom out beyond the whole call, nor in beyond what shows more", () => {
  assert.equal(limitedZoom(0.2, 1000, 10), 1);
  assert.equal(limitedZoom(8, 1000, 10), 8);
  assert.equal(limitedZoom(1e6, 1000, 10), 30);
  assert.equal(limitedZoom(2, 50_000, 10), 1, "wider than that at the start");
});

test("a second of an hour gets as wide as that of a minute, unless a browser could not go so far", () => {
  assert.equal(limitedZoom(1e6, 1000, 60) * 1000, 30_000);
  assert.equal(limitedZoom(1e6, 1000, 3600) * 1000, 3600 * 500);
  assert.equal(limitedZoom(1e6, 1000, 40 * 3600) * 1000, 8_000_000);
});

test("of a stretch of the axis the marks in it are given, and the one before it", () => {
  const texts = (fromS, toS) => ticksOf(10, 100, { fromS, toS }).map(({ text }) => text);
  assert.deepEqual(texts(2.5, 5), ["0:02", "0:03", "0:04"]);
  assert.deepEqual(texts(8.5, 30), ["0:08", "0:09"], "not beyond the end");
});

test("words are written small only where a second has room for them", () => {
  assert.equal(isRoomy(90), false);
  assert.equal(isRoomy(91), true);
});

test("what is in view does not scroll; what is not comes to a quarter of the view", () => {
  const view = { scrollLeft: 200, clientWidth: 600 };
  assert.equal(scrollToSee(500, view, 100), 200);
  assert.equal(scrollToSee(2000, view, 100), 1750);
  assert.equal(scrollToSee(250, view, 100), 0, "it was covered by the names of the lanes");
  assert.equal(scrollToSee(790, view, 100), 540, "at the very edge nothing could be read");
});

test("starts are jumped to in both directions, whatever their order", () => {
  const starts = [9, 1, 5];
  assert.equal(neighbouringStart(starts, 5, 1), 9);
  assert.equal(neighbouringStart(starts, 5, -1), 1);
  assert.equal(neighbouringStart(starts, 9.5, 1), undefined);
  assert.equal(neighbouringStart(starts, 1, -1), undefined);
  assert.equal(neighbouringStart([], 1, 1), undefined);
  assert.deepEqual(starts, [9, 1, 5]);
});

test("a little behind a start, back is to the one before it", () => {
  assert.equal(neighbouringStart([1, 5], 5.2, -1), 1);
  assert.equal(neighbouringStart([1, 5], 5.4, -1), 5);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { PlayedElements } from "../../probe/played-elements.js";
import { PlayedFiles } from "../../probe/played-files.js";
import { audioWindow } from "../support/audio-window.js";
import { Target, listeningSink } from "../support/fakes.js";

function make(change = (/** @type {any} */ _target) => {}) {
  const { target } = audioWindow();
  target.document = new Target();
  change(target);
  const sink = listeningSink();
  const elements = new PlayedElements(target, () => {});
  const files = new PlayedFiles(target, elements, /** @type {any} */ (sink));
  const undo = [elements.install(), files.install()];
  const track = new target.MediaStreamTrack("file");
  const give = (/** @type {any} */ element) => {
    element.captured = new target.MediaStream([track]);
    return element;
  };
  return { target, sink, elements, files, track, give, undo };
}

test("a file is as loud as its element makes it, whether that plays yet or not", () => {
  const { target, files, track, give } = make();
  const element = give(new target.Audio("answer.mp3"));
  assert.deepEqual(files.tracks(), [track]);
  assert.equal(files.loudness(track), 1);
  element.now.volume = 0.25;
  assert.equal(files.loudness(track), 0.25);
  element.now.paused = true;
  assert.equal(files.loudness(track), 0.25, "nothing comes on it, and its first word is not missed");
  element.now.muted = true;
  assert.equal(files.loudness(track), 0);
});

test("a file that nobody plays is not listened to, and one that is about to be is", () => {
  const { target, files, track, give } = make();
  const element = give(new target.Audio("answer.mp3"));
  element.now.paused = true;
  assert.deepEqual(files.tracks(), []);
  /** @type {unknown[]} */
  let before = [];
  element.onPlay = () => (before = files.tracks());
  element.play();
  assert.deepEqual(before, [track], "before the browser is told to play");
  const other = give(new target.Audio("other.mp3"));
  other.now.paused = true;
  other.now.autoplay = true;
  assert.equal(files.tracks().length, 2);
});

for (const [how, find] of /** @type {[string, (target: any) => any][]} */ ([
  ["made with an address", (target) => new target.Audio("answer.mp3")],
  ["given an address", (target) => Object.assign(new target.HTMLMediaElement(), { src: "answer.mp3" })],
  ["told to play", (target) => {
    const element = new target.HTMLMediaElement();
    element.now.src = "answer.mp3";
    element.play();
    return element;
  }],
  ["of the document", (target) => {
    const element = new target.HTMLMediaElement();
    element.now.src = "answer.mp3";
    target.document.fire("playing", { target: element });
    return element;
  }],
])) {
  test(`an element is found that was ${how}`, () => {
    const { target, files, track, give } = make();
    give(find(target));
    assert.deepEqual(files.tracks(), [track]);
  });
}

test("an element of a shadow tree is found that plays", () => {
  class Element {
    attachShadow() { return new Target(); }
  }
  const { target, files, track, give } = make((window) => (window.Element = Element));
  const root = new target.Element().attachShadow({ mode: "closed" });
  const element = give(new target.HTMLMediaElement());
  element.now.src = "answer.mp3";
  root.fire("playing", { target: element });
  assert.deepEqual(files.tracks(), [track]);
});

test("a media source that a worker feeds is played as a file is", () => {
  const { target, files, track, give } = make();
  const element = give(new target.HTMLMediaElement());
  element.srcObject = { handle: "of a MediaSource" };
  assert.deepEqual(files.tracks(), [track]);
  assert.equal(files.loudness(track), 1);
});

test("an element without a file, or with a stream, plays no file", () => {
  const { target, files, give, track } = make();
  give(new target.Audio());
  const element = give(new target.Audio("answer.mp3"));
  element.srcObject = new target.MediaStream([]);
  assert.deepEqual(files.tracks(), []);
  assert.equal(files.loudness(track), null);
});

test("what an element plays is asked for once, and again of its tracks", () => {
  const { target, files, track, give } = make();
  const element = give(new target.Audio("answer.mp3"));
  files.tracks();
  const stream = element.captured;
  const next = new target.MediaStreamTrack("the next file");
  stream.addTrack(next);
  element.captured = new Error("asked again");
  assert.deepEqual(files.tracks(), [track, next]);
});

test("a file that may not be read is said once, and is no error of the page", () => {
  const { target, sink, files } = make();
  const element = new target.Audio("https://elsewhere/answer.mp3");
  element.captured = Object.assign(new Error("cross-origin data"), { name: "SecurityError" });
  assert.deepEqual([files.tracks(), files.tracks()], [[], []]);
  assert.deepEqual(sink.of("fallback"), [
    { what: "silence for a file that the page plays", why: "SecurityError: cross-origin data" },
  ]);
});

test("a browser that gives no such stream is left as it is", () => {
  const { target, files } = make((window) => delete window.HTMLMediaElement.prototype.captureStream);
  new target.Audio("answer.mp3");
  assert.deepEqual(files.tracks(), []);
});

test("a page gets its own back", () => {
  const { target, undo } = make();
  const { Audio } = target;
  undo.reverse().forEach((back) => back());
  assert.notEqual(target.Audio, Audio);
});

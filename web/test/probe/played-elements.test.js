import assert from "node:assert/strict";
import { test } from "node:test";
import { PlayedElements } from "../../probe/played-elements.js";
import { audioWindow } from "../support/audio-window.js";
import { collectGarbage } from "../support/collect.js";

function make() {
  let changes = 0;
  const { target } = audioWindow();
  const elements = new PlayedElements(target, () => void (changes += 1));
  const undo = elements.install();
  const track = /** @type {any} */ (new target.MediaStreamTrack());
  const element = new target.HTMLMediaElement();
  return { target, elements, undo, track, element, changes: () => changes };
}

/** @param {ReturnType<typeof make>} made */
function playing(made) {
  made.element.srcObject = new made.target.MediaStream([made.track]);
  return made;
}

test("a track that no element has is not played", () => {
  const { elements, track } = make();
  assert.deepEqual(elements.audible(track), { gain: 0, reason: "no element plays the track" });
});

test("an element that plays is as loud as its volume", () => {
  const { elements, track, element } = playing(make());
  assert.deepEqual(elements.audible(track), { gain: 1, reason: "" });
  element.now.volume = 0.25;
  assert.deepEqual(elements.audible(track), { gain: 0.25, reason: "" });
});

for (const [state, reason] of /** @type {[any, string][]} */ ([
  [{ muted: true }, "the element is muted"],
  [{ volume: 0 }, "the element's volume is 0"],
  [{ paused: true }, "the element is paused"],
  [{ ended: true }, "the element's stream has ended"],
  [{ readyState: 0 }, "the element has nothing to play yet"],
])) {
  test(`silent because ${reason}`, () => {
    const { elements, track, element } = playing(make());
    Object.assign(element.now, state);
    assert.deepEqual(elements.audible(track), { gain: 0, reason });
  });
}

test("a track that its page stopped is silent, and the page is looked at then", () => {
  const { elements, track } = playing(make());
  track.stop();
  assert.equal(elements.audible(track).reason, "the track was stopped");
});

test("a disabled track is silent in the element that has it, a copy for itself", () => {
  const { elements, track, element, target } = playing(make());
  track.enabled = false;
  assert.equal(elements.audible(track).reason, "the track is disabled");
  element.srcObject = new target.MediaStream([track.clone()]);
  assert.equal(elements.audible(track).gain, 1);
  element.srcObject = new target.MediaStream([track]).clone();
  assert.equal(elements.audible(track).gain, 1, "a copy of the stream plays the track, too");
});

test("a refused play() is named, and the page's own promise still refuses", async () => {
  const { elements, track, element, changes } = playing(make());
  element.now.paused = true;
  element.refusal = Object.assign(new Error("no"), { name: "NotAllowedError" });
  const before = changes();
  await assert.rejects(element.play(), { name: "NotAllowedError" });
  assert.equal(changes(), before + 2, "before it, and once it is refused");
  assert.equal(elements.audible(track).reason, "play() was refused: NotAllowedError");
  element.refusal = null;
  await element.play();
  assert.equal(changes(), before + 4);
  assert.equal(elements.audible(track).reason, "the element is paused");
});

test("one that is kept still by the browser's policy is refused, too; of the harness's own none", () => {
  const { elements, track, element, changes } = playing(make());
  element.now.paused = true;
  elements.refuse(element, "NotAllowedError");
  assert.equal(elements.audible(track).reason, "play() was refused: NotAllowedError");
  const before = changes();
  elements.leaveOut(element);
  elements.refuse(element, "NotAllowedError");
  assert.equal(changes(), before);
});

test("the loudest element counts, and the harness's own none", () => {
  const { elements, track, element, target } = playing(make());
  element.now.muted = true;
  const other = new target.HTMLMediaElement();
  elements.leaveOut(other);
  other.srcObject = new target.MediaStream([track]);
  assert.equal(elements.audible(track).reason, "the element is muted");
  const second = new target.HTMLMediaElement();
  second.srcObject = new target.MediaStream([track]);
  assert.equal(elements.audible(track).gain, 1);
});

test("what may change what is heard is told at once", () => {
  const { element, track, changes } = playing(make());
  const before = changes();
  element.fire("volumechange");
  element.fire("pause");
  track.enabled = false;
  assert.equal(changes(), before + 3);
});

test("a page cannot tell its functions from the browser's, and gets them back", () => {
  const { target, undo } = make();
  const { play } = target.HTMLMediaElement.prototype;
  assert.equal(play.name, "play");
  assert.equal(Object.getOwnPropertyDescriptor(target.HTMLMediaElement.prototype, "srcObject")?.set?.name, "set srcObject");
  undo();
  assert.notEqual(target.HTMLMediaElement.prototype.play, play);
});

test("play() called on what is no element refuses with the browser's own error", async () => {
  const { target, elements, undo } = make();
  undo();
  const error = new TypeError("Illegal invocation");
  target.HTMLMediaElement.prototype.play = () => Promise.reject(error);
  elements.install();
  const { play } = target.HTMLMediaElement.prototype;
  for (const odd of [undefined, null, 7, {}]) {
    await assert.rejects(play.call(odd), (thrown) => thrown === error);
  }
});

test("play() gives what the browser gives", async () => {
  const { element } = playing(make());
  const outcome = element.play();
  assert.equal(Object.getPrototypeOf(outcome), Promise.prototype);
  assert.equal(await outcome, undefined);
});

test("an element without a stream, or with something else, plays none of the tracks", () => {
  const { elements, element, track } = playing(make());
  element.srcObject = { aMediaSource: true };
  assert.deepEqual(elements.tracksOf(element), []);
  assert.equal(elements.audible(track).reason, "no element plays the track");
  element.srcObject = null;
  assert.deepEqual(elements.live(), []);
});

test("an element whose sound a graph takes is silent itself", () => {
  const made = playing(make());
  const before = made.changes();
  made.elements.reroute(made.element);
  assert.equal(made.elements.audible(made.track).reason, "the element's sound goes into an audio graph");
  assert.equal(made.changes(), before + 1);
});

test("a copy of a copy is of the same track, and a stranger of itself", () => {
  const { elements, track, target } = make();
  const copy = new target.MediaStream([track.clone()]).clone().getAudioTracks()[0];
  assert.equal(elements.originalOf(copy), track);
  const stranger = new target.MediaStreamTrack();
  assert.equal(elements.originalOf(stranger), stranger);
});

test("an element is heard of once, however often it gets a stream", () => {
  const { element, target, track, changes } = playing(make());
  element.srcObject = new target.MediaStream([track]);
  const before = changes();
  element.fire("volumechange");
  assert.equal(changes(), before + 1);
});

test("what a page puts on an element or in the place of a getter is not believed", () => {
  const { elements, element, track, target } = playing(make());
  Object.defineProperty(element, "muted", { get: () => true });
  for (const name of ["paused", "volume", "srcObject"]) {
    Object.defineProperty(target.HTMLMediaElement.prototype, name, { get() { throw new Error("the page's own"); } });
  }
  target.MediaStream.prototype.getAudioTracks = () => [];
  assert.deepEqual(elements.audible(track), { gain: 1, reason: "" });
});

test("an element that refuses a stream refuses it to the page, and has none", () => {
  const { target, elements, undo, track } = make();
  undo();
  const error = new TypeError("not of type MediaStream");
  Object.defineProperty(target.HTMLMediaElement.prototype, "srcObject", {
    get() { return null; },
    set() { throw error; },
    configurable: true,
  });
  elements.install();
  const element = new target.HTMLMediaElement();
  assert.throws(() => (element.srcObject = 7), (thrown) => thrown === error);
  assert.equal(elements.audible(track).reason, "no element plays the track");
});

test("elements that the page has dropped are gone", async () => {
  const { target, elements, track } = make();
  (() => {
    for (let i = 0; i < 20; i++) new target.HTMLMediaElement().srcObject = new target.MediaStream([track]);
  })();
  await collectGarbage();
  assert.deepEqual(elements.live(), []);
  assert.equal(elements.elements.size, 0);
});

test("a browser without media elements is no error", () => {
  const elements = new PlayedElements({}, () => {});
  assert.doesNotThrow(elements.install());
  assert.equal(elements.muteOf(/** @type {any} */ ({})), null);
});

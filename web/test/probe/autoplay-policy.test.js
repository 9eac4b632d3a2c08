import assert from "node:assert/strict";
import { test } from "node:test";
import { AutoplayPolicy } from "../../probe/autoplay-policy.js";
import { audioWindow, settled } from "../support/audio-window.js";

function make() {
  const { target } = audioWindow();
  const media = target.HTMLMediaElement.prototype;
  /** What was stopped. @type {any[]} */
  const stopped = [];
  Object.assign(target, { DOMException, HTMLVideoElement: class extends target.HTMLMediaElement {} });
  media.pause = function () { stopped.push(this); };
  Object.defineProperty(media, "autoplay", {
    get() { return this.now.autoplay ?? false; },
    set(is) { this.now.autoplay = is; },
    configurable: true,
  });
  target.AudioContext.prototype.suspend = async function () { stopped.push(this); };
  target.AudioScheduledSourceNode = class extends target.AudioNode { start() {} };
  /** Whom it kept still. @type {any[]} */
  const told = [];
  const may = { play: false };
  const ours = new WeakSet();
  const policy = new AutoplayPolicy({
    target,
    isAllowed: () => may.play,
    isOurs: (element) => ours.has(element),
    onKeptStill: (element) => void told.push(element),
  });
  const undo = policy.install();
  const element = new target.HTMLMediaElement();
  element.now.paused = true;
  return { target, may, ours, stopped, told, undo, element };
}

test("play() is refused as by a browser, until it is allowed", async () => {
  const { element, may } = make();
  await assert.rejects(element.play(), { name: "NotAllowedError", message: /didn't interact with the document first/ });
  may.play = true;
  await assert.doesNotReject(element.play());
});

test("what plays already goes on, a muted film plays, a muted sound does not", async () => {
  const { element, target } = make();
  element.now.paused = false;
  await assert.doesNotReject(element.play());
  const film = new target.HTMLVideoElement();
  Object.assign(film.now, { paused: true, muted: true });
  await assert.doesNotReject(film.play());
  Object.assign(element.now, { paused: true, muted: true });
  await assert.rejects(element.play());
});

test("elements of the harness play, and what is no element is the browser's to refuse", async () => {
  const { element, ours, target } = make();
  ours.add(element);
  await assert.doesNotReject(element.play());
  await assert.rejects(async () => target.HTMLMediaElement.prototype.play.call({}), { name: "TypeError" });
});

test("an element that would play by its attribute is kept still, whichever comes first", () => {
  const { target, may, stopped, told } = make();
  const first = new target.HTMLMediaElement();
  first.now.paused = true;
  first.autoplay = true;
  first.srcObject = new target.MediaStream([]);
  assert.deepEqual(stopped, [first, first]);
  assert.deepEqual(told, [first, first]);
  const last = new target.HTMLMediaElement();
  last.now.paused = true;
  last.srcObject = new target.MediaStream([]);
  assert.ok(!stopped.includes(last), "nothing would play it");
  may.play = true;
  last.autoplay = true;
  assert.ok(!stopped.includes(last));
});

test("a context waits, and runs once resume() is called and allowed", async () => {
  const { target, may, stopped } = make();
  const context = new target.AudioContext();
  assert.deepEqual(stopped, [context]);
  let resumed = 0;
  context.resume().then(() => (resumed += 1));
  await settled();
  assert.deepEqual([context.state, resumed], ["suspended", 0]);
  may.play = true;
  await context.resume();
  await settled();
  assert.deepEqual([context.state, resumed], ["running", 1], "whoever waits is told");
  context.now = "suspended";
  await context.resume();
  assert.equal(context.state, "running", "from now on it is the page's own affair");
});

test("a context that waits tells of no state, but for its end", async () => {
  const { target, may } = make();
  const context = new target.AudioContext();
  /** What reaches the page. */
  const stopped = () => {
    let is = false;
    context.fire("statechange", { stopImmediatePropagation: () => void (is = true) });
    return is;
  };
  assert.equal(stopped(), true);
  await context.close();
  assert.equal(stopped(), false);
  const other = new target.AudioContext();
  may.play = true;
  await other.resume();
  let is = false;
  other.fire("statechange", { stopImmediatePropagation: () => void (is = true) });
  assert.equal(is, false);
});

test("a context that was made when it was allowed to run is left alone", async () => {
  const { target, may, stopped } = make();
  may.play = true;
  const context = new target.AudioContext();
  may.play = false;
  await context.resume();
  assert.deepEqual([context.state, stopped], ["running", []]);
});

test("a source that is started after a click lets its context run", async () => {
  const { target, may } = make();
  const context = new target.AudioContext();
  const source = new target.AudioScheduledSourceNode(context);
  source.start();
  assert.equal(context.state, "suspended");
  may.play = true;
  source.start();
  await settled();
  assert.equal(context.state, "running");
});

test("it can be taken back, and a window without sound is no error", async () => {
  const { element, undo } = make();
  undo();
  await assert.doesNotReject(element.play());
  const bare = /** @type {any} */ ({ Promise, DOMException });
  const policy = new AutoplayPolicy({ target: bare, isAllowed: () => false, isOurs: () => false });
  assert.doesNotThrow(() => policy.install()());
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { SharedScreen } from "../../probe/shared-screen.js";
import { listeningSink } from "../support/fakes.js";

function make({ hasCanvas = true } = {}) {
  class MediaStreamTrack {
    id = "t";
    kind = "video";
    readyState = "live";
    get label() { return "canvas"; }
    getSettings() { return { width: 1280 }; }
  }
  const track = new MediaStreamTrack();
  /** @type {string[]} */
  const texts = [];
  class HTMLCanvasElement {
    captureStream() { return { getVideoTracks: () => [track] }; }
    getContext() { return { fillRect: () => {}, fillText: (/** @type {string} */ text) => texts.push(text) }; }
  }
  class MediaDevices {
    async getDisplayMedia(/** @type {any} */ _asked) { return "the browser's own"; }
  }
  const document = { createElement: () => new HTMLCanvasElement() };
  const navigator = { mediaDevices: new MediaDevices() };
  const target = { document, navigator, MediaDevices, MediaStreamTrack, ...(hasCanvas ? { HTMLCanvasElement } : {}) };
  const sink = listeningSink();
  /** @type {(() => void)[]} */
  const later = [];
  const undo = new SharedScreen(/** @type {any} */ (sink), target, (task) => void later.push(task)).install();
  return { devices: navigator.mediaDevices, MediaDevices, other: new MediaStreamTrack(), track, texts, sink, later, undo };
}

test("what is asked of no device list of this page is answered by the browser", async () => {
  const { MediaDevices, sink } = make();
  assert.equal(await new MediaDevices().getDisplayMedia({ video: true }), "the browser's own");
  assert.deepEqual(sink.told, []);
});

test("a screen is shared at once, and its picture moves with a number", async () => {
  const { devices, track, texts, later, sink } = make();
  const stream = /** @type {any} */ (await devices.getDisplayMedia({ video: true, audio: true }));
  assert.deepEqual(stream.getVideoTracks(), [track]);
  later.shift()?.();
  assert.deepEqual(texts, ["frame 0", "frame 1"]);
  assert.deepEqual(sink.told.map(({ type }) => type), ["user_media.requested", "user_media.granted"]);
  track.readyState = "ended";
  later.shift()?.();
  assert.deepEqual([texts.length, later.length], [2, 0], "nothing is painted for nobody");
});

test("its track says what it is, others are left alone", async () => {
  const { devices, track, other } = make();
  await devices.getDisplayMedia(undefined);
  assert.deepEqual(track.getSettings(), { width: 1280, displaySurface: "monitor", cursor: "always" });
  assert.deepEqual([track.label, other.label], ["screen:0:0", "canvas"]);
  assert.deepEqual(other.getSettings(), { width: 1280 });
});

test("what is no request for a screen, or a window without canvases, is the browser's to answer", async () => {
  assert.equal(await make().devices.getDisplayMedia({ video: false }), "the browser's own");
  assert.equal(await make({ hasCanvas: false }).devices.getDisplayMedia({ video: true }), "the browser's own");
  const { devices, undo } = make();
  undo();
  assert.equal(await devices.getDisplayMedia({ video: true }), "the browser's own");
});

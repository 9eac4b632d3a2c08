import assert from "node:assert/strict";
import { test } from "node:test";
import { watchCopies } from "../../probe/track-copies.js";

function make() {
  class MediaStreamTrack {
    clone() { return new MediaStreamTrack(); }
  }
  class MediaStream {
    /** @param {any[]} tracks */
    constructor(tracks) { this.tracks = tracks; }
    getAudioTracks() { return [...this.tracks]; }
    clone() { return new MediaStream(this.tracks.map(() => new MediaStreamTrack())); }
  }
  const target = { MediaStreamTrack, MediaStream };
  /** @type {[any, any][]} */
  const copies = [];
  const undo = watchCopies(target, (original, copy) => copies.push([original, copy]));
  return { target, copies, undo };
}

test("the copy of a track is told with what it is a copy of", () => {
  const { target, copies } = make();
  const track = new target.MediaStreamTrack();
  const copy = track.clone();
  assert.ok(copy instanceof target.MediaStreamTrack);
  assert.deepEqual(copies, [[track, copy]]);
  const second = copy.clone();
  assert.equal(copies[1][0], copy);
  assert.equal(copies[1][1], second);
});

test("the copy of a stream is told track by track, in order", () => {
  const { target, copies } = make();
  const stream = new target.MediaStream([new target.MediaStreamTrack(), new target.MediaStreamTrack()]);
  const copy = stream.clone();
  assert.notEqual(copy, stream);
  assert.deepEqual(copies.map(([, made]) => made), copy.tracks);
  assert.ok(copies.every(([original], i) => original === stream.tracks[i]));
});

test("a page's own getAudioTracks is not asked", () => {
  const { target, copies } = make();
  target.MediaStream.prototype.getAudioTracks = () => {
    throw new Error("the page's own");
  };
  const stream = new target.MediaStream([new target.MediaStreamTrack()]);
  assert.equal(stream.clone().tracks.length, 1);
  assert.equal(copies.length, 1);
});

test("a clone that fails fails as it does in the browser, and is no copy", () => {
  const { target, copies, undo } = make();
  undo();
  target.MediaStreamTrack.prototype.clone = () => {
    throw new TypeError("Illegal invocation");
  };
  watchCopies(target, (original, copy) => copies.push([original, copy]));
  assert.throws(() => new target.MediaStreamTrack().clone(), new TypeError("Illegal invocation"));
  assert.deepEqual(copies, []);
});

test("afterwards the browser's own methods are back", () => {
  const { target, copies, undo } = make();
  undo();
  new target.MediaStreamTrack().clone();
  new target.MediaStream([new target.MediaStreamTrack()]).clone();
  assert.deepEqual(copies, []);
});

test("a window without streams is left alone", () => {
  assert.doesNotThrow(watchCopies({}, () => {}));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Captures } from "../../probe/captures.js";
import { audioWindow } from "../support/audio-window.js";

function make() {
  const { target } = audioWindow();
  let state = "live";
  class Track extends target.MediaStreamTrack {
    get readyState() { return state; }
  }
  const captures = new Captures({ ...target, MediaStreamTrack: Track });
  return { target, Track, captures, end: () => void (state = "ended") };
}

test("a page captures while a track that it got is live", () => {
  const { target, captures, Track, end } = make();
  assert.equal(captures.any, false);
  const track = new Track();
  captures.add(/** @type {any} */ (new target.MediaStream([track])));
  assert.equal(captures.any, true);
  end();
  assert.equal(captures.any, false);
  assert.equal(captures.tracks.size, 0, "what has ended is forgotten");
});

test("a copy of such a track counts, and of another one it does not", () => {
  const { target } = audioWindow();
  const captures = new Captures(target);
  const undo = captures.install();
  captures.natives.readyState = function () { return this.state ?? "live"; };
  const [track, other] = /** @type {any[]} */ ([new target.MediaStreamTrack(), new target.MediaStreamTrack()]);
  captures.add(/** @type {any} */ (new target.MediaStream([track])));
  const copy = /** @type {any} */ (track.clone());
  const stranger = other.clone();
  track.state = "ended";
  assert.equal(captures.any, true);
  copy.state = "ended";
  assert.equal(captures.any, false, `and not ${stranger.id}`);
  undo();
});

import { getterOf } from "./natives.js";
import { watchCopies } from "./track-copies.js";

/**
 * Whether the page captures: a track that getUserMedia gave it, or a copy of one, is live. A page that
 * does may be heard before its user has clicked.
 *
 * Source: Chromium, `DocumentIsCapturingUserMedia`.
 */
export class Captures {
  /** @param {any} target The window. */
  constructor(target) {
    this.target = target;
    this.natives = {
      getTracks: target.MediaStream?.prototype.getTracks,
      readyState: getterOf(target.MediaStreamTrack?.prototype, "readyState"),
    };
    /** Its tracks that were live when last looked at. @type {Set<WeakRef<object>>} */
    this.tracks = new Set();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    return watchCopies(this.target, (original, copy) => {
      for (const reference of this.tracks) if (reference.deref() === original) return void this.keep(copy);
    });
  }

  /** The page got a microphone, or a camera. @param {MediaStream} stream */
  add(stream) {
    for (const track of Reflect.apply(this.natives.getTracks, stream, [])) this.keep(track);
  }

  /** @param {object} track */
  keep(track) {
    this.tracks.add(new WeakRef(track));
  }

  get any() {
    for (const reference of this.tracks) {
      const track = reference.deref();
      // One that nobody holds any more is stopped by the browser, sooner or later.
      if (track && this.isLive(track)) return true;
      this.tracks.delete(reference);
    }
    return false;
  }

  /** @param {object} track */
  isLive(track) {
    return Reflect.apply(this.natives.readyState, track, []) === "live";
  }
}

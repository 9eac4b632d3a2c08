import { replaceMethod } from "./natives.js";

/**
 * Tell of every copy that a page makes of a track, by clone() of the track or of a stream.
 *
 * @param {any} target The window.
 * @param {(original: MediaStreamTrack, copy: MediaStreamTrack) => void} onCopy
 * @returns {() => void} Puts the originals back.
 */
export function watchCopies(target, onCopy) {
  const streams = target.MediaStream?.prototype;
  const getAudioTracks = streams?.getAudioTracks;
  const undo = [
    replaceMethod(target.MediaStreamTrack?.prototype, "clone", (native, self, args) => {
      const copy = Reflect.apply(native, self, args);
      onCopy(self, copy);
      return copy;
    }),
    // MediaStream.clone() copies the tracks without calling their clone().
    replaceMethod(streams, "clone", (native, self, args) => {
      const copy = Reflect.apply(native, self, args);
      const originals = Reflect.apply(getAudioTracks, self, []);
      const copies = Reflect.apply(getAudioTracks, copy, []);
      for (let i = 0; i < copies.length; i++) onCopy(originals[i], copies[i]);
      return copy;
    }),
  ];
  return () => undo.forEach((back) => back());
}

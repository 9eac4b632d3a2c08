import { getterOf, quietly, replaceAttribute, replaceConstructor, replaceMethod } from "./natives.js";

/**
 * What a page's media elements play of files and media sources: an answer that was fetched, or one
 * that is streamed into a buffer.
 *
 * The browser gives a stream of what an element plays, as loud as the file is; how loud the
 * element plays it is known as for any element. A file of another site that does not allow to be
 * read cannot be heard, and that is said.
 *
 * Source: W3C mediacapture-fromelement.
 */
export class PlayedFiles {
  /**
   * @param {any} target The window.
   * @param {import("./played-elements.js").PlayedElements} elements
   * @param {import("./sink.js").Sink} sink
   */
  constructor(target, elements, sink) {
    this.target = target;
    this.elements = elements;
    this.sink = sink;
    this.natives = {
      addEventListener: target.EventTarget?.prototype.addEventListener,
      captureStream: target.HTMLMediaElement?.prototype.captureStream,
      currentSrc: getterOf(target.HTMLMediaElement?.prototype, "currentSrc"),
      getAudioTracks: target.MediaStream?.prototype.getAudioTracks,
    };
    /** What elements play; null where that cannot be had. @type {WeakMap<object, any>} */
    this.streams = new WeakMap();
    /** Who plays a track. @type {WeakMap<object, WeakRef<object>>} */
    this.players = new WeakMap();
  }

  /** Elements that play are found however they came to it. @returns {() => void} Puts the originals back. */
  install() {
    const { target, natives } = this;
    if (!natives.captureStream || !natives.currentSrc) return () => {};
    if (target.document) this.watchWithin(target.document);
    const undo = [
      // What plays in a shadow tree is told to nobody outside of it.
      replaceMethod(target.Element?.prototype, "attachShadow", (native, self, args) => {
        const root = Reflect.apply(native, self, args);
        quietly(() => this.watchWithin(root));
        return root;
      }),
      replaceAttribute(target.HTMLMediaElement.prototype, "src", {
        set: (native, self, args) => {
          Reflect.apply(native, self, args);
          quietly(() => this.elements.watch(self));
        },
      }),
      replaceConstructor(target, ["Audio"], (element) => this.elements.watch(element)),
    ];
    return () => undo.forEach((back) => back());
  }

  /** Find the elements of a tree that play. @param {any} root A document or a shadow root. */
  watchWithin(root) {
    const watch = (/** @type {Event} */ { target: element }) => quietly(() => this.elements.watch(/** @type {any} */ (element)));
    this.natives.addEventListener.call(root, "playing", watch, true);
  }

  /** The tracks of all files that are played or are about to be. @returns {MediaStreamTrack[]} */
  tracks() {
    if (!this.natives.captureStream) return [];
    return this.elements.all().flatMap((element) => this.tracksOf(element));
  }

  /** @param {object} element @returns {MediaStreamTrack[]} */
  tracksOf(element) {
    if (!this.isFile(element) || !this.elements.isToPlay(element) || this.elements.rerouteOf(element)) return [];
    const stream = this.streamOf(element);
    if (!stream) return [];
    const tracks = Reflect.apply(this.natives.getAudioTracks, stream, []);
    for (const track of tracks) if (!this.players.has(track)) this.players.set(track, new WeakRef(element));
    return tracks;
  }

  /**
   * How loud a file's track is played; null for tracks of streams. Nothing comes on it while its
   * element stands still, so that it need not be known to the millisecond when that begins.
   *
   * @param {MediaStreamTrack} track
   * @returns {number | null}
   */
  loudness(track) {
    const element = this.players.get(track)?.deref();
    return element ? this.elements.loudness(element, track) : null;
  }

  /** A file, or a media source; one that a worker feeds is the element's object, as a stream is. @param {any} element */
  isFile(element) {
    const given = this.elements.state(element, "srcObject");
    return given ? !this.isStream(given) : Reflect.apply(this.natives.currentSrc, element, []) !== "";
  }

  /** @param {any} given What an element has as its object. */
  isStream(given) {
    try {
      Reflect.apply(this.natives.getAudioTracks, given, []);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {object} element */
  streamOf(element) {
    if (!this.streams.has(element)) this.streams.set(element, this.capture(element));
    return this.streams.get(element);
  }

  /** @param {object} element */
  capture(element) {
    try {
      return Reflect.apply(this.natives.captureStream, element, []);
    } catch (error) {
      this.sink.emit("fallback", { what: "silence for a file that the page plays", why: String(error) });
      return null;
    }
  }
}

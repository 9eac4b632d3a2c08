import { getterOf, quietly, replaceConstructor } from "./natives.js";
import { watchCopies } from "./track-copies.js";

/**
 * Tell that a page's own scripts get what its microphone hears: a recorder, the page's track
 * processor, or nodes of an audio graph that hand samples to scripts. That is how a call begins
 * that has no peer connection. A meter (an analyser) is none.
 *
 * Sources: W3C mediastream-recording, mediacapture-transform, webaudio.
 *
 * @typedef {"recorder" | "track_processor" | "audio_graph"} By
 */
export class MicrophoneReaders {
  /**
   * @param {import("./sink.js").Sink} sink
   * @param {any} target The window.
   * @param {import("./node-connections.js").NodeConnections} connections
   */
  constructor(sink, target, connections) {
    this.sink = sink;
    this.target = target;
    this.connections = connections;
    this.getAudioTracks = target.MediaStream?.prototype.getAudioTracks;
    this.mixer = target.MediaStreamAudioDestinationNode;
    this.mixed = getterOf(this.mixer?.prototype, "stream");
    this.scripted = [target.AudioWorkletNode, target.ScriptProcessorNode].filter(Boolean);
    /** @type {WeakSet<object>} */
    this.tracks = new WeakSet();
    /** Nodes that a microphone goes into. @type {Set<WeakRef<object>>} */
    this.sources = new Set();
    /** What was read before a microphone went into it. @type {{ tracks: WeakRef<object>[], by: By }[]} */
    this.waiting = [];
    /** @type {Set<By>} */
    this.told = new Set();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const { target } = this;
    const undo = [
      replaceConstructor(target, ["MediaRecorder"], (_, [stream]) => {
        this.read(Reflect.apply(this.getAudioTracks, stream, []), "recorder");
      }),
      replaceConstructor(target, ["MediaStreamTrackProcessor"], (_, [options]) => {
        if (options?.track) this.read([options.track], "track_processor");
      }),
      watchCopies(target, (original, copy) => {
        if (this.tracks.has(original)) this.tracks.add(copy);
      }),
    ];
    return () => undo.forEach((back) => back());
  }

  /** The page's scripts get what is on some tracks. @param {object[]} tracks @param {By} by */
  read(tracks, by) {
    if (tracks.some((track) => this.hasVoice(track))) this.tell(by);
    else if (!this.told.has(by)) this.waiting.push({ tracks: tracks.map((track) => new WeakRef(track)), by });
  }

  /** The page got a microphone. @param {MediaStream} stream */
  add(stream) {
    for (const track of Reflect.apply(this.getAudioTracks, stream, [])) this.tracks.add(track);
  }

  /** A stream goes into a graph of the page. @param {any} stream @param {object} node */
  takeStream(stream, node) {
    quietly(() => {
      if (this.isMicrophone(stream)) this.sources.add(new WeakRef(node));
    });
  }

  /** Something in a graph of the page was connected. */
  look() {
    for (const { tracks, by } of this.waiting.splice(0)) {
      const left = tracks.flatMap((reference) => reference.deref() ?? []);
      if (left.length > 0) this.read(left, by);
    }
    if (this.told.has("audio_graph")) return;
    for (const reference of this.sources) {
      const node = reference.deref();
      if (node === undefined) this.sources.delete(reference);
      else if (this.connections.reaches(node, this.scripted)) this.tell("audio_graph");
    }
  }

  /** @param {any} stream */
  isMicrophone(stream) {
    return Reflect.apply(this.getAudioTracks, stream, []).some((/** @type {object} */ track) => this.hasVoice(track));
  }

  /** Whether a track is a microphone's, or of a graph that mixes one into it. @param {object} track */
  hasVoice(track) {
    return this.tracks.has(track) || this.mixes().some((mixed) => mixed === track);
  }

  /** Tracks into which the page's graphs mix a microphone. @returns {object[]} */
  mixes() {
    const { mixer, mixed } = this;
    if (!mixer || !mixed) return [];
    const after = [...this.sources].flatMap((reference) => {
      const node = reference.deref();
      return node ? [...this.connections.after(node)] : [];
    });
    return after
      .filter((node) => node instanceof mixer)
      .flatMap((node) => Reflect.apply(this.getAudioTracks, Reflect.apply(mixed, node, []), []));
  }

  /** @param {By} by */
  tell(by) {
    if (this.told.has(by)) return;
    this.told.add(by);
    this.sink.emit("microphone.read", { by });
  }
}

import { quietly, replaceConstructor } from "./natives.js";
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
    this.scripted = [target.AudioWorkletNode, target.ScriptProcessorNode].filter(Boolean);
    /** @type {WeakSet<object>} */
    this.tracks = new WeakSet();
    /** Nodes that a microphone goes into. @type {Set<WeakRef<object>>} */
    this.sources = new Set();
    /** @type {Set<By>} */
    this.told = new Set();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const { target } = this;
    const undo = [
      replaceConstructor(target, ["MediaRecorder"], (_, [stream]) => {
        if (this.isMicrophone(stream)) this.tell("recorder");
      }),
      replaceConstructor(target, ["MediaStreamTrackProcessor"], (_, [options]) => {
        if (this.tracks.has(options?.track)) this.tell("track_processor");
      }),
      watchCopies(target, (original, copy) => {
        if (this.tracks.has(original)) this.tracks.add(copy);
      }),
    ];
    return () => undo.forEach((back) => back());
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
    if (this.told.has("audio_graph")) return;
    for (const reference of this.sources) {
      const node = reference.deref();
      if (node === undefined) this.sources.delete(reference);
      else if (this.connections.reaches(node, this.scripted)) this.tell("audio_graph");
    }
  }

  /** @param {any} stream */
  isMicrophone(stream) {
    return Reflect.apply(this.getAudioTracks, stream, []).some((/** @type {object} */ track) => this.tracks.has(track));
  }

  /** @param {By} by */
  tell(by) {
    if (this.told.has(by)) return;
    this.told.add(by);
    this.sink.emit("microphone.read", { by });
  }
}

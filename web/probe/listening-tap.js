import { encodeMeasuredBatch } from "../audio/encoded-batch.js";
import { isReal } from "./natives.js";

/**
 * Report what is received on remote audio tracks, played or not: samples and level, with frame numbers.
 *
 * @typedef {import("../audio/audio-graph.js").AudioGraph} AudioGraph
 */

export class ListeningTaps {
  /**
   * @param {import("./sink.js").Sink} sink
   * @param {AudioGraph} graph
   * @param {any} target The window.
   * @param {import("./playback.js").Playback} [playback] Told of every track: what of it is played.
   */
  constructor(sink, graph, target, playback) {
    this.sink = sink;
    this.playback = playback;
    this.graph = graph;
    this.target = target;
    const tracks = target.MediaStreamTrack?.prototype;
    this.natives = {
      Audio: target.Audio, MediaStream: target.MediaStream, clone: tracks?.clone,
      enable: tracks && Object.getOwnPropertyDescriptor(tracks, "enabled")?.set,
    };
    /** @type {Set<unknown>} Elements and nodes that the collector must not take. */
    this.kept = new Set();
  }

  /**
   * A copy is listened to, made before the page gets the track: what the page then does to its own (it
   * may disable it) changes what is played, and not what was received.
   *
   * @param {string} connection @param {MediaStreamTrack} track @param {string} name What it is told by.
   */
  async listen(connection, track, name) {
    this.playback?.expect(track, connection); // before the page gets it
    const copy = Reflect.apply(this.natives.clone, track, []);
    Reflect.apply(this.natives.enable, copy, [true]); // disabled before it came
    const context = await this.graph.open();
    const stream = new this.natives.MediaStream([copy]);
    const tap = this.graph.createTap(context, (batch) => this.report(name, batch));
    const source = context.createMediaStreamSource(stream);
    source.connect(tap.node, 0, tap.input);
    const held = { source, tap, sounding: this.createPull(stream) };
    this.kept.add(held);
    const takeOut = this.playback?.add(context, source, track, name);
    this.sink.emit("tap.started", {
      connection,
      track: name,
      sample_rate_hz: context.sampleRate,
      mode: this.graph.mode,
    });
    track.addEventListener("ended", (event) => {
      if (!isReal(event)) return;
      source.disconnect();
      tap.close();
      takeOut?.();
      held.sounding.srcObject = null;
      this.kept.delete(held);
      this.sink.emit("tap.stopped", { track: name });
    });
  }

  /**
   * A muted element that pulls the track: Chromium gives Web Audio only silence of a remote track
   * that nothing plays (crbug.com/933677). It can go when that is fixed.
   *
   * @param {MediaStream} stream
   * @returns {HTMLAudioElement}
   */
  createPull(stream) {
    const audio = new this.natives.Audio();
    this.playback?.leaveOut(audio);
    audio.muted = true;
    audio.srcObject = stream;
    return audio;
  }

  /** @param {string} track @param {import("../audio/batcher.js").Batch} batch */
  report(track, batch) {
    this.sink.emit("heard.samples", { track, ...encodeMeasuredBatch(batch) });
  }
}

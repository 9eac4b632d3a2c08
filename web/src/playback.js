import { isSilence } from "./batcher.js";
import { PlayedElements } from "./played-elements.js";
import { rmsDbfs, toBase64 } from "./pcm16.js";

/**
 * Report what a user hears of the page: what its elements play of the remote tracks, mixed.
 *
 * An element plays the very samples that the tap of its track receives, so what is played is what
 * is received times how loud the element is at that moment: same context, same frame numbers, exact
 * to the sample where nothing changes, and to a render quantum after the event that tells a change.
 *
 * @typedef {import("./audio-graph.js").AudioGraph} AudioGraph
 * @typedef {{ track: MediaStreamTrack, gain: GainNode, told: string }} Played
 */

export class Playback {
  /** @param {import("./sink.js").Sink} sink @param {AudioGraph} graph @param {any} target The window. */
  constructor(sink, graph, target) {
    this.sink = sink;
    this.graph = graph;
    this.refresh = this.refresh.bind(this);
    this.elements = new PlayedElements(target, this.refresh);
    /** @type {Set<Played>} */
    this.played = new Set();
    /** @type {import("./audio-graph.js").TapNode | null} */
    this.tap = null;
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    return this.elements.install();
  }

  /** An element of the harness. @param {object} element */
  leaveOut(element) {
    this.elements.leaveOut(element);
  }

  /**
   * A remote track has come: from now on what is played of it counts.
   *
   * @param {AudioContext} context
   * @param {AudioNode} source The track's.
   * @param {MediaStreamTrack} track
   * @returns {() => void} Takes it out again.
   */
  add(context, source, track) {
    this.tap ??= this.graph.createTap(context, (batch) => this.report(batch));
    const gain = context.createGain();
    gain.gain.value = 0;
    source.connect(gain);
    gain.connect(this.tap.node);
    const played = { track, gain, told: "" };
    this.played.add(played);
    this.refresh();
    return () => {
      gain.disconnect();
      this.played.delete(played);
    };
  }

  /** Set every track's gain by the page's state, and tell what has changed. */
  refresh() {
    for (const played of this.played) {
      const { gain, reason } = this.elements.audible(played.track);
      if (played.gain.gain.value !== gain) played.gain.gain.value = gain;
      const told = `${gain} ${reason}`;
      if (told === played.told) continue;
      played.told = told;
      this.sink.emit("playback.changed", { track: played.track.id, gain, reason });
    }
  }

  /** @param {import("./batcher.js").Batch} batch */
  report({ frame, pcm }) {
    const silent = isSilence(pcm);
    this.sink.emit("played.samples", {
      frame,
      frames: pcm.length,
      pcm: silent ? "" : toBase64(pcm),
      rms_dbfs: silent ? -120 : rmsDbfs(pcm),
    });
    this.refresh(); // what no event tells is seen a tenth of a second later at the latest
  }
}

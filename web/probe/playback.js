import { encodeMeasuredBatch } from "../audio/encoded-batch.js";
import { PlayedElements } from "./played-elements.js";
import { PlayedGraphs } from "./played-graphs.js";

/**
 * Report what a user hears of the page: what its elements play of the remote tracks, and what comes
 * out of its audio graphs that a remote track goes into, mixed.
 *
 * An element (or a graph of gains alone) plays the very samples that the tap of its track receives, so what is played is what
 * is received times how loud the element is at that moment: same context, same frame numbers, exact
 * to the sample where nothing changes, and to a render quantum after the event that tells a change.
 *
 * @typedef {import("../audio/audio-graph.js").AudioGraph} AudioGraph
 * @typedef {{ track: MediaStreamTrack, name: string, gain: GainNode, told: string, isRemote: boolean }} Played
 */

/** No event tells that a gain has changed. */
const GAIN_LOOK_MS = 20;

export class Playback {
  /**
   * @param {import("./sink.js").Sink} sink @param {AudioGraph} graph @param {any} target The window.
   * @param {import("./time.js").Time["defer"]} defer Not the page's own timer: that may stand still.
   */
  constructor(sink, graph, target, defer) {
    this.sink = sink;
    this.graph = graph;
    this.refresh = this.refresh.bind(this);
    this.elements = new PlayedElements(target, this.refresh);
    this.natives = { MediaStream: target.MediaStream };
    /** Tracks from the remote peer. @type {WeakSet<object>} */
    this.remote = new WeakSet();
    /** Tracks of graphs of the page that an element plays. @type {WeakSet<object>} */
    this.added = new WeakSet();
    this.graphs = new PlayedGraphs(
      target,
      this.elements,
      (track) => this.remote.has(track),
      (track, carrying) => void this.addOut(track, carrying).catch(() => {}),
    );
    /** What comes out of graphs. @type {Set<{ gain: GainNode, carrying: import("./played-graphs.js").Carrying }>} */
    this.outs = new Set();
    this.defer = defer;
    this.isLooking = false;
    /** @type {Set<Played>} */
    this.played = new Set();
    /** @type {import("../audio/audio-graph.js").TapNode | null} */
    this.tap = null;
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const undo = [this.elements.install(), this.graphs.install()];
    return () => undo.forEach((back) => back());
  }

  /** An element of the harness. @param {object} element */
  leaveOut(element) {
    this.elements.leaveOut(element);
  }

  /** A context of the harness. @param {AudioContext} context */
  leaveOutContext(context) {
    this.graphs.leaveOut(context);
  }

  /** A track from the remote peer, before the page is told of it. @param {MediaStreamTrack} track */
  expect(track) {
    this.remote.add(track);
    this.graphs.expect(track);
  }

  /**
   * A remote track has come: from now on what is played of it counts.
   *
   * @param {AudioContext} context
   * @param {AudioNode} source The track's.
   * @param {MediaStreamTrack} track
   * @param {string} name What it is told by.
   * @returns {() => void} Takes it out again.
   */
  add(context, source, track, name) {
    const gain = this.createGain(context, source, 0);
    const played = { track, name, gain, told: "", isRemote: this.remote.has(track) };
    this.played.add(played);
    this.refresh();
    return () => {
      gain.disconnect();
      this.played.delete(played);
    };
  }

  /**
   * What a graph of the page plays is heard as it is, unless gains alone say how loud that is.
   *
   * @param {MediaStreamTrack} track @param {import("./played-graphs.js").Carrying} carrying
   */
  async addOut(track, carrying) {
    const { context, source } = await this.open(track);
    this.outs.add({ gain: this.createGain(context, source, 0), carrying });
    if (this.isLooking) return this.refresh();
    this.isLooking = true;
    this.look();
  }

  look() {
    this.defer(() => this.look(), GAIN_LOOK_MS);
    this.refresh();
  }

  /** What a graph of the page made is heard as loud as elements play it. @param {MediaStreamTrack} track */
  async addMade(track) {
    this.added.add(track);
    const { context, source } = await this.open(track);
    this.add(context, source, track, track.id);
  }

  /** @param {MediaStreamTrack} track */
  async open(track) {
    const context = await this.graph.open();
    this.leaveOutContext(context);
    const stream = new this.natives.MediaStream([track]);
    return { context, source: context.createMediaStreamSource(stream) };
  }

  /** @param {AudioContext} context @param {AudioNode} source @param {number} value */
  createGain(context, source, value) {
    this.tap ??= this.graph.createTap(context, (batch) => this.report(batch));
    const gain = context.createGain();
    gain.gain.value = value;
    source.connect(gain);
    gain.connect(this.tap.node);
    return gain;
  }

  /** Set every track's gain by the page's state, and tell what has changed. */
  refresh() {
    this.findMade();
    this.graphs.refresh();
    for (const { gain, carrying } of this.outs) set(gain, carrying.isSimple ? 0 : 1);
    for (const played of this.played) {
      const { gain, reason } = this.elements.audible(played.track);
      const inGraph = played.isRemote ? this.graphs.gainOf(played.track) : 0;
      set(played.gain, Math.max(gain, inGraph));
      if (played.isRemote) this.tell(played, gain, reason);
    }
  }

  /** Elements that play what a graph of the page made of remote tracks. */
  findMade() {
    for (const element of this.elements.live()) {
      for (const track of this.elements.tracksOf(element)) {
        const original = this.elements.originalOf(track);
        if (this.graphs.carries(original) && !this.added.has(original)) this.addMade(original).catch(() => {});
      }
    }
  }

  /**
   * Where the track goes into a graph, what comes out of that says how loud it is.
   *
   * @param {Played} played @param {number} gain @param {string} reason
   */
  tell(played, gain, reason) {
    const inGraph = gain > 0 ? null : this.graphs.silenceOf(played.track);
    const via = gain > 0 ? "element" : inGraph === "" ? "graph" : "nothing";
    const why = via === "nothing" ? (inGraph ?? reason) : "";
    const told = `${gain} ${via} ${why}`;
    if (told === played.told) return;
    played.told = told;
    this.sink.emit("playback.changed", { track: played.name, gain, via, reason: why });
  }

  /** @param {import("../audio/batcher.js").Batch} batch */
  report(batch) {
    this.sink.emit("played.samples", encodeMeasuredBatch(batch));
    this.refresh(); // what no event tells is seen a tenth of a second later at the latest
  }
}

/** @param {GainNode} node @param {number} value */
function set(node, value) {
  if (node.gain.value !== value) node.gain.value = value;
}

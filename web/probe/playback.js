import { encodeMeasuredBatch } from "../audio/encoded-batch.js";
import { PlayedElements } from "./played-elements.js";
import { PlayedFiles } from "./played-files.js";
import { PlayedGraphs } from "./played-graphs.js";

/**
 * Report what a user hears of the page: what its elements and its audio graphs play. That is what
 * came on remote tracks, mixed for each connection, and sound that came in any other way, mixed for
 * itself: over a WebSocket, as a file.
 *
 * An element (or a graph of gains alone) plays the very samples that the tap of its track receives, so what is played is what
 * is received times how loud the element is at that moment: same context, same frame numbers, exact
 * to the sample where nothing changes, and to a render quantum after the event that tells a change.
 *
 * @typedef {import("../audio/audio-graph.js").AudioGraph} AudioGraph
 * @typedef {{ node: import("../audio/audio-graph.js").TapNode, gains: Set<GainNode>, emptied: number }} Tap What
 * is mixed into it, and how often nothing was any more.
 * @typedef {{ track: MediaStreamTrack, name: string, gain: GainNode, told: string, isRemote: boolean }} Played
 * @typedef {{ context: AudioContext, gain: GainNode, source: AudioNode, carrying: import("./played-graphs.js").Carrying, connection: string }} Out
 */

/** The connection of sound that came on none, or on several at once. */
const NONE = "";

/** No event tells that a gain has changed. */
const GAIN_LOOK_MS = 20;

/** A tap that gets nothing any more is heard for so long: who listens knows then that it is quiet. */
export const QUIET_MS = 2_000;

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
    this.files = new PlayedFiles(target, this.elements, sink);
    this.natives = {
      MediaStream: target.MediaStream,
      addEventListener: target.EventTarget?.prototype.addEventListener,
    };
    /** Tracks from a remote peer, with their connection. @type {WeakMap<object, string>} */
    this.remote = new WeakMap();
    /** Other tracks that an element plays, and how to take each out. @type {WeakMap<object, () => void>} */
    this.added = new WeakMap();
    this.graphs = new PlayedGraphs(
      target,
      this.elements,
      (track) => this.remote.has(track),
      (track, carrying) => void this.addOut(track, carrying).catch(() => {}),
    );
    graph.onContext = (context) => this.graphs.leaveOut(context);
    /** What comes out of graphs. @type {Set<Out>} */
    this.outs = new Set();
    this.defer = defer;
    this.isLooking = false;
    /** @type {Set<Played>} */
    this.played = new Set();
    /** One for each connection of which something may be heard. @type {Map<string, Tap>} */
    this.taps = new Map();
    /** All that is heard, mixed. @type {GainNode | null} */
    this.bus = null;
    /** Told of it once it is there. @param {GainNode} _bus */
    this.onBus = (_bus) => {};
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const undo = [this.elements.install(), this.files.install(), this.graphs.install()];
    return () => undo.forEach((back) => back());
  }

  /** An element of the harness. @param {object} element */
  leaveOut(element) {
    this.elements.leaveOut(element);
  }

  /**
   * A track from a remote peer, before the page is told of it.
   *
   * @param {MediaStreamTrack} track @param {string} connection
   */
  expect(track, connection) {
    this.remote.set(track, connection);
    this.added.get(track)?.(); // a page may play a receiver's track before anything comes on it
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
    const gain = this.createGain(context, source, this.connectionOf([track]));
    const played = { track, name, gain, told: "", isRemote: this.remote.has(track) };
    this.played.add(played);
    this.refresh();
    return () => {
      this.disconnect(gain);
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
    const connection = this.connectionOfGraph(carrying);
    this.outs.add({ context, gain: this.createGain(context, source, connection), source, carrying, connection });
    if (this.isLooking) return this.refresh();
    this.isLooking = true;
    this.look();
  }

  look() {
    this.defer(() => this.look(), GAIN_LOOK_MS);
    this.refresh();
  }

  /**
   * A track that is no remote one is heard as loud as elements play it: a graph made it, or the
   * page itself, or it is what an element plays of a file.
   *
   * @param {MediaStreamTrack} track
   */
  async addMade(track) {
    let isOver = false;
    this.added.set(track, () => (isOver = true));
    const { context, source } = await this.open(track);
    if (isOver) return;
    const takeOut = this.add(context, source, track, track.id);
    const end = () => {
      takeOut();
      source.disconnect();
    };
    this.added.set(track, end);
    this.natives.addEventListener.call(track, "ended", end);
  }

  /** @param {MediaStreamTrack} track */
  async open(track) {
    const context = await this.graph.open();
    const stream = new this.natives.MediaStream([track]);
    return { context, source: context.createMediaStreamSource(stream) };
  }

  /** Silent at first. @param {AudioContext} context @param {AudioNode} source @param {string} connection */
  createGain(context, source, connection) {
    const gain = context.createGain();
    gain.gain.value = 0;
    source.connect(gain);
    this.connect(context, gain, connection);
    return gain;
  }

  /** @param {AudioContext} context @param {GainNode} gain @param {string} connection */
  connect(context, gain, connection) {
    const { node, gains } = this.tapOf(context, connection);
    gains.add(gain);
    gain.connect(node.node, 0, node.input);
    this.bus ??= this.createBus(context);
    gain.connect(this.bus);
  }

  /** @param {GainNode} gain */
  disconnect(gain) {
    gain.disconnect();
    for (const [connection, tap] of this.taps) {
      if (tap.gains.delete(gain) && tap.gains.size === 0) this.closeLater(connection, tap);
    }
  }

  /** @param {AudioContext} context */
  createBus(context) {
    const bus = context.createGain();
    this.onBus(bus);
    return bus;
  }

  /** @param {AudioContext} context @param {string} connection @returns {Tap} */
  tapOf(context, connection) {
    const known = this.taps.get(connection);
    if (known) return known;
    for (const [other, tap] of this.taps) {
      if (tap.gains.size === 0) this.closeLater(other, tap);
    }
    const node = this.graph.createTap(context, (batch) => this.report(connection, batch));
    const tap = { node, gains: new Set(), emptied: 0 };
    this.taps.set(connection, tap);
    return tap;
  }

  /**
   * A page may make connections for as long as it lives. The last tap stays, so that silence is
   * heard of a page that plays nothing; so does that of sound that came on no connection.
   *
   * @param {string} connection @param {Tap} tap With nothing in it.
   */
  closeLater(connection, tap) {
    if (connection === NONE) return;
    const emptied = ++tap.emptied;
    this.defer(() => {
      const isInUse = tap.gains.size > 0 || tap.emptied !== emptied;
      if (isInUse || this.taps.size === 1) return;
      tap.node.close();
      this.taps.delete(connection);
    }, QUIET_MS);
  }

  /** The connection that all these tracks came on. @param {readonly MediaStreamTrack[]} originals */
  connectionOf(originals) {
    const all = new Set(originals.map((track) => this.remote.get(track) ?? this.connectionOfMade(track)));
    return all.size === 1 ? [...all][0] : NONE;
  }

  /** A track that a graph made carries what goes into that. @param {MediaStreamTrack} track */
  connectionOfMade(track) {
    const carrying = this.graphs.carryingOf(track);
    return carrying ? this.connectionOfGraph(carrying) : NONE;
  }

  /** @param {import("./played-graphs.js").Carrying} carrying */
  connectionOfGraph({ sources }) {
    const all = new Set(sources.map(({ original }) => this.remote.get(original) ?? NONE));
    return all.size === 1 ? [...all][0] : NONE;
  }

  /** Set every track's gain by the page's state, and tell what has changed. */
  refresh() {
    this.findMade();
    this.graphs.refresh();
    for (const out of this.outs) {
      if (out.carrying.isOver) this.removeOut(out);
      else {
        this.reconnect(out);
        set(out.gain, out.carrying.isSimple ? 0 : 1);
      }
    }
    for (const played of this.played) {
      const ofFile = this.files.loudness(played.track);
      const { gain, reason } = ofFile === null ? this.elements.audible(played.track) : { gain: ofFile, reason: "" };
      const inGraph = played.isRemote ? this.graphs.gainOf(played.track) : 0;
      set(played.gain, Math.max(gain, inGraph));
      if (played.isRemote) this.tell(played, gain, reason);
    }
  }

  /** Sound that elements play and that came on no remote track. */
  findMade() {
    for (const track of this.files.tracks()) this.addOnce(track);
    for (const element of this.elements.live()) {
      for (const track of this.elements.tracksOf(element)) {
        const original = this.elements.originalOf(track);
        if (!this.remote.has(original) && this.elements.through(element, track).gain > 0) this.addOnce(original);
      }
    }
  }

  /** @param {MediaStreamTrack} track */
  addOnce(track) {
    if (!this.added.has(track)) this.addMade(track).catch(() => {});
  }

  /** A graph may get another connection's tracks, too. @param {Out} out */
  reconnect(out) {
    const connection = this.connectionOfGraph(out.carrying);
    if (connection === out.connection) return;
    out.connection = connection;
    this.disconnect(out.gain);
    this.connect(out.context, out.gain, connection);
  }

  /** @param {Out} out Of a context that the page has closed. */
  removeOut(out) {
    this.outs.delete(out);
    this.disconnect(out.gain);
    out.source.disconnect();
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

  /** @param {string} connection @param {import("../audio/batcher.js").Batch} batch */
  report(connection, batch) {
    this.sink.emit("played.samples", { connection, ...encodeMeasuredBatch(batch) });
    this.refresh(); // what no event tells is seen a tenth of a second later at the latest
  }
}

/** @param {GainNode} node @param {number} value */
function set(node, value) {
  if (node.gain.value !== value) node.gain.value = value;
}

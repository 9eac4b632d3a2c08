import { patch, replaceMethod } from "./natives.js";

/**
 * What the page's own audio graphs make of remote tracks, and play.
 *
 * Where a track goes through gains and meters alone, what is played is what is received times the
 * gains, as with an element: exact to the sample, and a change of a gain is seen within 20 ms.
 * Any other graph may do anything with what it is given, so what it plays is taken from where it
 * leaves it: every node that the page connects to its destination is connected to a stream of ours
 * as well. That is the browser's own node, so no policy of the page forbids it, and a context that
 * does not run plays nothing into it either; but its buffers come 20 to 30 ms late.
 *
 * @typedef {{ node: AudioNode, track: MediaStreamTrack, original: MediaStreamTrack }} Source
 * @typedef {{ sources: Source[], out: MediaStreamAudioDestinationNode, isSimple: boolean }} Carrying
 */

/** From so many nodes on, those that are gone are looked for. */
const MANY_NODES = 256;

const SUSPENDED = "the AudioContext is suspended";
const NOT_CONNECTED = "the audio graph is not connected to its destination";

export class PlayedGraphs {
  /**
   * @param {any} target The window.
   * @param {import("./played-elements.js").PlayedElements} elements
   * @param {(track: MediaStreamTrack) => boolean} isRemote Whether an original comes from the remote peer.
   * @param {(track: MediaStreamTrack, carrying: Carrying) => void} onOut Told of the stream of a
   *   context's destination.
   */
  constructor(target, elements, isRemote, onOut) {
    this.target = target;
    this.elements = elements;
    this.isRemote = isRemote;
    this.onOut = onOut;
    const prototype = target.BaseAudioContext?.prototype;
    /** @param {any} owner @param {string} name */
    const getter = (owner, name) => owner && Object.getOwnPropertyDescriptor(owner, name)?.get;
    this.natives = {
      MediaStreamAudioDestinationNode: target.MediaStreamAudioDestinationNode,
      connect: target.AudioNode?.prototype.connect,
      disconnect: target.AudioNode?.prototype.disconnect,
      destination: getter(prototype, "destination"),
      state: getter(prototype, "state"),
      context: getter(target.AudioNode?.prototype, "context"),
      stream: getter(target.MediaStreamAudioDestinationNode?.prototype, "stream"),
      getAudioTracks: target.MediaStream?.prototype.getAudioTracks,
      gain: getter(target.GainNode?.prototype, "gain"),
      value: getter(target.AudioParam?.prototype, "value"),
      AudioParam: target.AudioParam,
      GainNode: target.GainNode,
      plain: [target.GainNode, target.AnalyserNode, target.MediaStreamAudioSourceNode].filter(Boolean),
    };
    /** Contexts of the harness. @type {WeakSet<object>} */
    this.ours = new WeakSet();
    /** What is connected to a context's destination. @type {WeakMap<object, Set<WeakRef<AudioNode>>>} */
    this.connected = new WeakMap();
    /** What a node is connected to. @type {WeakMap<object, Set<object>>} */
    this.edges = new WeakMap();
    /** Contexts with a parameter that a signal changes. @type {WeakSet<object>} */
    this.modulated = new WeakSet();
    /** @type {Map<object, Carrying>} */
    this.carrying = new Map();
    /** Sources of tracks that may turn out to be remote. @type {WeakMap<object, WeakRef<AudioNode>[]>} */
    this.waiting = new WeakMap();
    /** Tracks that contexts of the page made, for elements or connections. @type {WeakMap<object, object>} */
    this.made = new WeakMap();
  }

  /** A context of the harness: it is no part of the page. @param {object} context */
  leaveOut(context) {
    this.ours.add(context);
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const { target } = this;
    if (!this.natives.connect || !this.natives.destination) return () => {};
    const contexts = target.AudioContext?.prototype;
    const undo = [
      this.after(contexts, "createMediaStreamSource", (self, [stream], node) =>
        this.takeStream(self, stream, node),
      ),
      this.after(contexts, "createMediaElementSource", (self, [element], node) =>
        this.takeElement(self, element, node),
      ),
      this.after(contexts, "createMediaStreamDestination", (self, _, node) => this.take(self, node)),
      this.after(contexts, "close", (self) => this.end(self)),
      this.after(target.AudioNode.prototype, "connect", (self, args) => this.connect(self, args)),
      this.after(target.AudioNode.prototype, "disconnect", (self, args) => this.disconnect(self, args)),
      this.construct("MediaStreamAudioSourceNode", (context, options, node) =>
        this.takeStream(context, options?.mediaStream, node),
      ),
      this.construct("MediaElementAudioSourceNode", (context, options, node) =>
        this.takeElement(context, options?.mediaElement, node),
      ),
      this.construct("MediaStreamAudioDestinationNode", (context, _, node) => this.take(context, node)),
    ];
    return () => undo.forEach((back) => back());
  }

  /**
   * Whether a context of the page made the track, and a remote track goes into that context.
   *
   * @param {MediaStreamTrack} track
   */
  carries(track) {
    const context = this.made.get(track);
    return context !== undefined && this.carrying.has(context);
  }

  /**
   * Why a remote track that goes into a graph does not sound there; "" where it may sound, null
   * where it goes into none.
   *
   * @param {MediaStreamTrack} track
   * @returns {string | null}
   */
  silenceOf(track) {
    /** @type {string | null} */
    let reason = null;
    for (const [context, { sources }] of this.carrying) {
      if (!sources.some(({ original }) => original === track)) continue;
      if (Reflect.apply(this.natives.state, context, []) !== "running") reason ??= SUSPENDED;
      else if (this.nodesOf(context).length === 0) reason = NOT_CONNECTED;
      else return "";
    }
    return reason;
  }

  /**
   * How loud a remote track is played through gains and meters alone; 0 where it is not.
   *
   * @param {MediaStreamTrack} track
   */
  gainOf(track) {
    let gain = 0;
    for (const [context, carrying] of this.carrying) {
      if (!carrying.isSimple || Reflect.apply(this.natives.state, context, []) !== "running") continue;
      for (const { node, track: own, original } of carrying.sources) {
        if (original === track && this.elements.isEnabled(own)) gain += this.through(context, node) ?? 0;
      }
    }
    return gain;
  }

  /** Look at every graph again: a page may have changed what is connected to what. */
  refresh() {
    for (const [context, carrying] of this.carrying) {
      carrying.isSimple =
        !this.modulated.has(context) &&
        carrying.sources.every(
          ({ node, original }) => this.isRemote(original) && this.through(context, node) !== null,
        );
    }
  }

  /**
   * The product of the gains from a node to its destination, summed over the ways there; null where
   * something else is on the way.
   *
   * @param {any} context @param {object} node
   * @param {object[]} [way] The nodes before it.
   * @returns {number | null}
   */
  through(context, node, way = []) {
    if (node === Reflect.apply(this.natives.destination, context, [])) return 1;
    const edges = this.edges.get(node);
    if (!edges || edges.size === 0) return 0;
    if (way.includes(node) || !this.natives.plain.some((type) => node instanceof type)) return null;
    let sum = 0;
    for (const next of edges) {
      const gain = this.through(context, next, [...way, node]);
      if (gain === null) return null;
      sum += gain;
    }
    return node instanceof this.natives.GainNode ? sum * this.factorOf(node) : sum;
  }

  /** @param {any} node A gain. @returns {number} */
  factorOf(node) {
    return Math.abs(Reflect.apply(this.natives.value, Reflect.apply(this.natives.gain, node, []), []));
  }

  /** @param {any} context @param {any} stream @param {AudioNode} node */
  takeStream(context, stream, node) {
    if (this.ours.has(context) || !stream) return;
    const [track] = Reflect.apply(this.natives.getAudioTracks, stream, []);
    if (track) this.takeTrack(context, track, node);
  }

  /**
   * An element's own volume counts, too, so its graph is no simple one.
   *
   * @param {any} context @param {any} element @param {AudioNode} node
   */
  takeElement(context, element, node) {
    if (!element) return;
    const tracks = this.elements.tracksOf(element);
    this.elements.reroute(element);
    for (const track of tracks) this.takeTrack(context, track, node);
  }

  /**
   * A receiver has its track before anything comes; a page may take it there.
   *
   * @param {object} context @param {MediaStreamTrack} track @param {AudioNode} node
   */
  takeTrack(context, track, node) {
    const original = this.elements.originalOf(track);
    if (this.isRemote(original) || this.carries(original)) this.carry(context, { node, track, original });
    else this.waiting.set(original, [...(this.waiting.get(original) ?? []), new WeakRef(node)]);
  }

  /** A track is a remote one. @param {MediaStreamTrack} track */
  expect(track) {
    for (const reference of this.waiting.get(track) ?? []) {
      const node = reference.deref();
      if (!node) continue;
      const context = Reflect.apply(this.natives.context, node, []);
      quietly(() => this.carry(context, { node, track, original: track }));
    }
    this.waiting.delete(track);
  }

  /** @param {object} context @param {Source} source */
  carry(context, source) {
    const known = this.carrying.get(context);
    if (known) {
      known.sources.push(source);
      return;
    }
    const out = this.createOut(context);
    const carrying = { sources: [source], out, isSimple: false };
    this.carrying.set(context, carrying);
    for (const node of this.nodesOf(context)) this.natives.connect.call(node, out);
    const [played] = Reflect.apply(this.natives.getAudioTracks, Reflect.apply(this.natives.stream, out, []), []);
    this.onOut(played, carrying);
  }

  /** @param {object} context @returns {MediaStreamAudioDestinationNode} */
  createOut(context) {
    return new this.natives.MediaStreamAudioDestinationNode(context);
  }

  /** @param {object} context @param {any} node */
  take(context, node) {
    const [track] = Reflect.apply(this.natives.getAudioTracks, Reflect.apply(this.natives.stream, node, []), []);
    if (track && !this.ours.has(context)) this.made.set(track, context);
  }

  /** @param {object} context */
  end(context) {
    this.carrying.delete(context);
    this.elements.changed();
  }

  /** @param {any} node @param {any[]} args */
  connect(node, [to, output = 0]) {
    if (to instanceof this.natives.AudioParam) {
      this.modulated.add(Reflect.apply(this.natives.context, node, []));
      return;
    }
    this.edges.set(node, (this.edges.get(node) ?? new Set()).add(to));
    const context = this.leadsOut(node, to);
    if (!context) return;
    const nodes = this.connected.get(context) ?? new Set();
    this.connected.set(context, nodes);
    if (![...nodes].some((reference) => reference.deref() === node)) nodes.add(new WeakRef(node));
    if (nodes.size > MANY_NODES) this.nodesOf(context);
    const out = this.carrying.get(context)?.out;
    if (out) this.natives.connect.call(node, out, output);
  }

  /** Without a destination the browser takes ours away, too. @param {any} node @param {any[]} args */
  disconnect(node, [to, ...rest]) {
    if (to === undefined || typeof to === "number") this.edges.delete(node);
    else this.edges.get(node)?.delete(to);
    if (to !== undefined && typeof to !== "number" && !this.leadsOut(node, to)) return;
    const context = Reflect.apply(this.natives.context, node, []);
    const nodes = this.connected.get(context);
    const out = this.carrying.get(context)?.out;
    if (!nodes) return;
    for (const reference of nodes) if (reference.deref() === node) nodes.delete(reference);
    if (out && to !== undefined && typeof to !== "number") {
      try {
        this.natives.disconnect.call(node, out, ...rest.slice(0, 1));
      } catch {
        // another output of it leads there, not this one
      }
    }
  }

  /**
   * The context whose destination a node is connected to by this; undefined for other nodes.
   *
   * @param {any} node @param {any} to
   */
  leadsOut(node, to) {
    const context = Reflect.apply(this.natives.context, node, []);
    if (this.ours.has(context)) return undefined;
    return to === Reflect.apply(this.natives.destination, context, []) ? context : undefined;
  }

  /** @param {object} context @returns {AudioNode[]} */
  nodesOf(context) {
    const nodes = this.connected.get(context) ?? new Set();
    const found = [];
    for (const reference of nodes) {
      const node = reference.deref();
      if (node === undefined) nodes.delete(reference);
      else found.push(node);
    }
    return found;
  }

  /**
   * @param {any} owner @param {string} name
   * @param {(self: any, args: any[], result: any) => void} then Must not throw: it is not the page's.
   */
  after(owner, name, then) {
    return replaceMethod(owner, name, (native, self, args) => {
      const result = Reflect.apply(native, self, args);
      quietly(() => then(self, args, result));
      return result;
    });
  }

  /** @param {string} name @param {(context: any, options: any, node: any) => void} then */
  construct(name, then) {
    const native = this.target[name];
    const descriptor = Object.getOwnPropertyDescriptor(this.target, name);
    if (!native || !descriptor) return () => {};
    const value = patch(native, {
      construct: (original, args, newTarget) => {
        const node = Reflect.construct(original, args, newTarget);
        quietly(() => then(args[0], args[1], node));
        return node;
      },
    });
    Object.defineProperty(this.target, name, { ...descriptor, value });
    const own = Object.getOwnPropertyDescriptor(native.prototype, "constructor");
    Object.defineProperty(native.prototype, "constructor", { ...own, value });
    return () => {
      Object.defineProperty(this.target, name, descriptor);
      Object.defineProperty(native.prototype, "constructor", /** @type {PropertyDescriptor} */ (own));
    };
  }
}

/** What we look at must not break what the page does. @param {() => void} work */
function quietly(work) {
  try {
    work();
  } catch {
    // a node of another window, a context that is closed
  }
}

import { getterOf, quietly, replaceConstructor, replaceMethod } from "./natives.js";
import { NodeConnections } from "./node-connections.js";

/**
 * What the page's own audio graphs play: what they make of remote tracks, and sound of their own,
 * such as a voice that came over a WebSocket.
 *
 * Where a track goes through gains and meters alone, what is played is what is received times the
 * gains, as with an element: exact to the sample, and a change of a gain is seen within 20 ms.
 * Any other graph may do anything with what it is given, so what it plays is taken from where it
 * leaves it: every node that the page connects to its destination is connected to a stream of ours
 * as well. That is the browser's own node, so no policy of the page forbids it, and a context that
 * does not run plays nothing into it either; but its buffers come 20 to 30 ms late.
 *
 * @typedef {{ node: AudioNode, track: MediaStreamTrack, original: MediaStreamTrack }} Source
 * @typedef {{ sources: Source[], out: MediaStreamAudioDestinationNode, isSimple: boolean, isOver: boolean }} Carrying
 */

const SUSPENDED = "the AudioContext is suspended";
const NOT_CONNECTED = "the audio graph is not connected to its destination";

export class PlayedGraphs {
  /**
   * @param {any} target The window.
   * @param {import("./played-elements.js").PlayedElements} elements
   * @param {(track: MediaStreamTrack) => boolean} isRemote Whether an original comes from the remote peer.
   * @param {(track: MediaStreamTrack, carrying: Carrying) => void} onOut Told of the stream of a
   *   context's destination, once the context runs.
   */
  constructor(target, elements, isRemote, onOut) {
    this.target = target;
    this.elements = elements;
    this.isRemote = isRemote;
    this.onOut = onOut;
    /** Told of a stream that goes into a graph. @param {any} _stream @param {object} _node */
    this.onStream = (_stream, _node) => {};
    /** Told that something was connected. */
    this.onConnected = () => {};
    this.connections = new NodeConnections(target);
    this.natives = {
      AudioContext: target.AudioContext,
      MediaStreamAudioDestinationNode: target.MediaStreamAudioDestinationNode,
      addEventListener: target.EventTarget?.prototype.addEventListener,
      connect: target.AudioNode?.prototype.connect,
      disconnect: target.AudioNode?.prototype.disconnect,
      state: getterOf(target.BaseAudioContext?.prototype, "state"),
      stream: getterOf(target.MediaStreamAudioDestinationNode?.prototype, "stream"),
      getAudioTracks: target.MediaStream?.prototype.getAudioTracks,
    };
    /** @type {Map<object, Carrying>} */
    this.carrying = new Map();
    /** Sources of tracks that may turn out to be remote. @type {WeakMap<object, WeakRef<AudioNode>[]>} */
    this.waiting = new WeakMap();
    /** Tracks that contexts of the page made, for elements or connections. @type {WeakMap<object, object>} */
    this.made = new WeakMap();
  }

  /** A context of the harness: it is no part of the page. @param {object} context */
  leaveOut(context) {
    this.connections.leaveOut(context);
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const { target } = this;
    if (!this.natives.connect || !this.natives.state) return () => {};
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
    return this.carryingOf(track) !== undefined;
  }

  /** What goes into the context that made the track. @param {MediaStreamTrack} track */
  carryingOf(track) {
    const context = this.made.get(track);
    return context && this.carrying.get(context);
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
      else if (this.connections.lastNodes(context).length === 0) reason = NOT_CONNECTED;
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
        if (original === track && !this.elements.muteOf(own)) gain += this.connections.through(context, node) ?? 0;
      }
    }
    return gain;
  }

  /** Look at every graph again: a page may have changed what is connected to what. */
  refresh() {
    for (const [context, carrying] of this.carrying) {
      if (carrying.sources.length === 0) continue;
      carrying.isSimple =
        !this.connections.modulated.has(context) &&
        !this.connections.hasMaker(context) &&
        carrying.sources.every(
          ({ node, original }) => this.isRemote(original) && this.connections.through(context, node) !== null,
        );
    }
  }

  /** @param {any} context @param {any} stream @param {AudioNode} node */
  takeStream(context, stream, node) {
    if (this.connections.ours.has(context) || !stream) return;
    this.onStream(stream, node);
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
      const context = this.connections.contextOf(node);
      quietly(() => this.carry(context, { node, track, original: track }));
    }
    this.waiting.delete(track);
  }

  /** @param {object} context @param {Source} source */
  carry(context, source) {
    this.listenTo(context).sources.push(source);
  }

  /**
   * Take what a context plays from where it leaves it.
   *
   * @param {any} context
   * @returns {Carrying}
   */
  listenTo(context) {
    const known = this.carrying.get(context);
    if (known) return known;
    const out = this.createOut(context);
    const carrying = { sources: [], out, isSimple: false, isOver: false };
    this.carrying.set(context, carrying);
    for (const node of this.connections.lastNodes(context)) this.natives.connect.call(node, out);
    const [played] = Reflect.apply(this.natives.getAudioTracks, Reflect.apply(this.natives.stream, out, []), []);
    this.whenRunning(context, () => this.onOut(played, carrying));
    return carrying;
  }

  /**
   * Where a context may not run yet, for want of a user's click, ours may not either.
   *
   * @param {any} context @param {() => void} then
   */
  whenRunning(context, then) {
    let isDone = false;
    const look = () => {
      if (isDone || Reflect.apply(this.natives.state, context, []) !== "running") return;
      isDone = true;
      then();
    };
    look();
    if (!isDone) this.natives.addEventListener.call(context, "statechange", look);
  }

  /** @param {object} context @returns {MediaStreamAudioDestinationNode} */
  createOut(context) {
    return new this.natives.MediaStreamAudioDestinationNode(context);
  }

  /** @param {object} context @param {any} node */
  take(context, node) {
    const [track] = Reflect.apply(this.natives.getAudioTracks, Reflect.apply(this.natives.stream, node, []), []);
    if (track) this.made.set(track, context);
  }

  /** @param {object} context */
  end(context) {
    const carrying = this.carrying.get(context);
    if (carrying) carrying.isOver = true;
    this.carrying.delete(context);
    this.elements.changed();
  }

  /** @param {any} node @param {any[]} args */
  connect(node, [to, output = 0]) {
    const context = this.connections.add(node, to);
    this.onConnected();
    if (!context || !(context instanceof this.natives.AudioContext)) return; // one that renders into a buffer
    const known = this.carrying.get(context);
    if (known) this.natives.connect.call(node, known.out, output);
    else this.listenTo(context);
  }

  /** Without a destination the browser takes ours away, too. @param {any} node @param {any[]} args */
  disconnect(node, [to, output]) {
    const from = typeof to === "object" ? to : undefined; // a number is one of its outputs
    const context = this.connections.remove(node, from);
    const out = context && this.carrying.get(context)?.out;
    if (!out || !from) return;
    const which = output === undefined ? [] : [output];
    quietly(() => this.natives.disconnect.call(node, out, ...which)); // another output may lead there
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
    return replaceConstructor(this.target, [name], (node, [context, options]) => then(context, options, node));
  }
}

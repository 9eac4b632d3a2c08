/** A window made by hand: enough of Web Audio, streams and media elements for the probe. */

import { Target } from "./fakes.js";

/** New classes each time: what is tested puts its own methods on their prototypes. */
export function audioWindow() {
  const state = {
    /** Contexts in the order they were made. @type {any[]} */ contexts: [],
    /** Addresses that a worklet was asked from. @type {string[]} */ modules: [],
    /** Addresses given back. @type {string[]} */ revoked: [],
    /** The policy of the page. */ allows: (/** @type {string} */ _url) => true,
    knowsSinks: true,
  };

  class AudioParam {
    /** @param {number} v */
    constructor(v) { this.v = v; }
    get value() { return this.v; }
    set value(v) { this.v = v; }
  }
  class AudioNode {
    /** @type {Set<any>} */ to = new Set();
    /** @param {any} context */
    constructor(context) { this.own = context; }
    get context() { return this.own; }
    /** @type {Map<any, number>} */ inputs = new Map();
    connect(/** @type {any} */ to, _output = 0, input = 0) { this.to.add(to); this.inputs.set(to, input); return to; }
    disconnect(/** @type {any} */ to) { if (typeof to === "object") this.to.delete(to); else this.to.clear(); }
  }
  class GainNode extends AudioNode {
    level = new AudioParam(1);
    get gain() { return this.level; }
  }
  class AnalyserNode extends AudioNode {}
  class MediaStreamAudioSourceNode extends AudioNode {
    /** @param {any} context @param {any} options */
    constructor(context, options) { super(context); this.options = options; }
  }
  class MediaElementAudioSourceNode extends AudioNode {
    /** @param {any} context @param {any} options */
    constructor(context, options) { super(context); this.options = options; }
  }
  class MediaStreamAudioDestinationNode extends AudioNode {
    made = new MediaStream([new MediaStreamTrack("made")]);
    get stream() { return this.made; }
  }
  class ScriptProcessorNode extends AudioNode {
    /** @type {any} */ onaudioprocess = null;
    /** Render a block. @param {number} playbackTime s @param {number} [level] Of what comes in. */
    render(playbackTime, level = 0) {
      const [input, output] = [new Float32Array(2048).fill(level), new Float32Array(2048)];
      this.onaudioprocess({
        playbackTime,
        inputBuffer: { getChannelData: () => input },
        outputBuffer: { getChannelData: () => output },
      });
      return output;
    }
  }
  class AudioWorkletNode extends AudioNode {
    /** @type {any} */
    port = { onmessage: null, posted: [], postMessage(/** @type {any} */ message) { this.posted.push(message); } };
    /** @param {any} context @param {string} name @param {any} options */
    constructor(context, name, options) {
      super(context);
      Object.assign(this, { name, options });
      context.worklets.push(this);
    }
    /** @param {any} data */
    fire(data) { this.port.onmessage({ data }); }
    /** As the processor that listens. @param {number} input @param {number} frame @param {Int16Array} pcm */
    hear(input, frame, pcm) { this.fire({ heard: [{ input, frame, pcm }] }); }
  }
  class BaseAudioContext extends Target {
    out = new AudioNode(this);
    now = "suspended";
    get destination() { return this.out; }
    get state() { return this.now; }
  }
  class AudioContext extends BaseAudioContext {
    currentTime = 0;
    sampleRate = 48_000;
    /** @type {any[]} */ worklets = [];
    /** @type {any[]} */ scripts = [];
    /** @type {any[]} */ sources = [];
    /** @type {any[]} */ gains = [];
    audioWorklet = {
      addModule: async (/** @type {string} */ url) => {
        state.modules.push(url);
        if (!state.allows(url)) throw new DOMException("Unable to load a worklet's module.", "AbortError");
      },
    };
    /** @param {any} [options] */
    constructor(options) {
      super();
      if (options?.sinkId && !state.knowsSinks) throw new TypeError("no such sink");
      this.options = options;
      state.contexts.push(this);
    }
    async resume() { this.now = "running"; }
    async close() { this.now = "closed"; }
    createGain() {
      const node = new GainNode(this);
      this.gains.push(node);
      return node;
    }
    createScriptProcessor() {
      const node = new ScriptProcessorNode(this);
      this.scripts.push(node);
      return node;
    }
    createMediaStreamSource(/** @type {any} */ mediaStream) {
      const node = new MediaStreamAudioSourceNode(this, { mediaStream });
      this.sources.push(node);
      return node;
    }
    createMediaElementSource(/** @type {any} */ mediaElement) {
      return new MediaElementAudioSourceNode(this, { mediaElement });
    }
    createMediaStreamDestination() { return new MediaStreamAudioDestinationNode(this); }
  }
  class MediaStreamTrack extends Target {
    kind = "audio";
    state = "live";
    isOn = true;
    /** @param {string} [id] */
    constructor(id = "track") { super(); this.id = id; }
    get label() { return `label of ${this.id}`; }
    get readyState() { return this.state; }
    set readyState(state) { this.state = state; }
    get enabled() { return this.isOn; }
    set enabled(is) { this.isOn = is; }
    stop() { this.readyState = "ended"; }
    clone() { return new MediaStreamTrack(`${this.id} again`); }
  }
  class MediaStream {
    /** @param {any[]} tracks */
    constructor(tracks) { this.tracks = tracks; }
    getTracks() { return this.tracks; }
    getAudioTracks() { return this.tracks.filter(({ kind }) => kind === "audio"); }
    addTrack(/** @type {any} */ track) { this.tracks.push(track); }
    removeTrack(/** @type {any} */ track) { this.tracks = this.tracks.filter((one) => one !== track); }
    clone() { return new MediaStream(this.tracks.map((track) => new MediaStreamTrack(`${track.id} again`))); }
  }
  class HTMLMediaElement extends Target {
    /** @type {any} */ now = { srcObject: null, muted: false, volume: 1, paused: false, ended: false, readyState: 4 };
    /** @type {any} */ refusal = null;
    /** What it plays, of a file. @type {any} */ captured = null;
    get src() { return this.now.src; }
    set src(url) { this.now.src = url; }
    get currentSrc() { return this.now.src ?? ""; }
    captureStream() {
      if (this.captured instanceof Error) throw this.captured;
      return this.captured;
    }
    get srcObject() { return this.now.srcObject; }
    set srcObject(stream) { this.now.srcObject = stream; }
    get muted() { return this.now.muted; }
    set muted(is) { this.now.muted = is; }
    get volume() { return this.now.volume; }
    get paused() { return this.now.paused; }
    get ended() { return this.now.ended; }
    get readyState() { return this.now.readyState; }
    get autoplay() { return this.now.autoplay ?? false; }
    onPlay = () => {};
    async play() { this.onPlay(); if (this.refusal) throw this.refusal; }
  }
  class Audio extends HTMLMediaElement {
    /** @param {string} [url] */
    constructor(url) {
      super();
      this.now.src = url;
    }
  }
  let objects = 0;
  /** @type {any} */
  const target = {
    AnalyserNode, Audio, AudioContext, AudioNode, AudioParam, AudioWorkletNode, BaseAudioContext, Blob,
    GainNode, HTMLMediaElement, MediaElementAudioSourceNode, MediaStream, MediaStreamAudioDestinationNode,
    MediaStreamAudioSourceNode, MediaStreamTrack, Promise,
    EventTarget: Target,
    URL: {
      createObjectURL: () => `blob:${objects++}`,
      revokeObjectURL: (/** @type {string} */ url) => void state.revoked.push(url),
    },
  };
  return { target, state };
}

/** A promise that is long done has told everybody. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

import { encodeBatch } from "../audio/encoded-batch.js";
import { toFloat } from "../audio/pcm16.js";

/**
 * The person in front of the page: what they say is heard by every microphone that is open.
 *
 * @typedef {import("../audio/audio-graph.js").AudioGraph} AudioGraph
 * @typedef {import("../audio/audio-graph.js").MicrophoneNode} MicrophoneNode
 * @typedef {{ samples: Float32Array, startFrame: number | null, gain: number }} Clip
 * @typedef {{ id: string, node: MicrophoneNode, stream: MediaStream, tracks: Set<MediaStreamTrack>,
 *   isGone: boolean, enabled: boolean | null }} Microphone `enabled`: as it was told last.
 * @typedef {{ microphone: Microphone, clip: Clip }} Cutting
 * @typedef {import("../audio/cut-in.js").Decided} Decided
 * @typedef {import("../audio/microphone-core.js").ToCore} ToCore
 * @typedef {import("../audio/microphone-effects.js").Plan} Plan
 * @typedef {{ microphone: Microphone, resolve: (decided: Decided | null) => void }} Deciding
 * @typedef {{ of: Set<string>, settle: (frame: number | null) => void }} Starting `of`: the names of
 *   the microphones that may answer yet; the first answer counts, and null says that they are closed.
 */

export class VirtualMicrophones {
  /** @param {import("./sink.js").Sink} sink @param {AudioGraph} graph */
  constructor(sink, graph) {
    this.sink = sink;
    this.graph = graph;
    this.count = 0;
    /** @type {Map<string, Microphone>} */
    this.open = new Map();
    /** @type {Map<string, Clip>} Clips that sound now or will. */
    this.clips = new Map();
    /** What was asked of microphones, and is not answered yet. @type {Map<string, Starting>} */
    this.starting = new Map();
    this.muted = false;
    /** What is heard of the page. @type {AudioNode | null} */
    this.heard = null;
    /** @type {Map<string, Deciding>} Clips whose microphone is asked how they have cut in. */
    this.deciding = new Map();
    /** @type {Map<string, Cutting>} Clips that are to cut in, and the microphone that decides when. */
    this.cutting = new Map();
    /** @type {{ samples: Float32Array, gain: number } | null} */
    this.noise = null;
    /** @type {Plan | null} What the microphones do to their sound; null: nothing. */
    this.effects = null;
    this.asked = 0;
  }

  /**
   * Open one microphone.
   *
   * @param {string} deviceLabel
   * @returns {Promise<Microphone>} Its stream holds one audio track, which is also in `tracks`.
   */
  async create(deviceLabel) {
    const context = await this.graph.open();
    const id = `microphone-${this.count++}`;
    const noise = this.noise && { id: "", ...this.noise, fadeFrames: 0 };
    const effects = this.effects && { id: "", plan: { ...this.effects, fadeFrames: 0 } };
    const initial = [
      { muted: this.muted, ...(noise && { noise }), ...(effects && { effects }) },
      ...this.sounding(),
    ];
    const node = this.graph.createMicrophone(
      context,
      (message) => this.receive(id, message),
      initial,
    );
    const { stream } = connectStream(context, node.node);
    this.heard?.connect(node.node);
    const tracks = new Set(stream.getTracks());
    /** @type {Microphone} */
    const microphone = { id, node, stream, tracks, isGone: false, enabled: null };
    this.open.set(id, microphone);
    this.sink.emit("microphone.started", {
      microphone: id,
      device: deviceLabel,
      sample_rate_hz: context.sampleRate,
      mode: this.graph.mode,
    });
    return microphone;
  }

  /** What a microphone that opens now joins in. */
  sounding() {
    return Array.from(this.clips, ([id, clip]) => ({ play: { id, ...clip, joins: true } }));
  }

  /**
   * Play a clip into every open microphone.
   *
   * @param {string} id
   * @param {Int16Array} pcm
   * @param {number | null} startFrame Null for as soon as possible.
   * @param {number} gain
   * @returns {Promise<number | null>} The frame at which it starts, known once the audio thread has
   *   it; null where no microphone is open, or the one that was asked is closed before it answers.
   */
  play(id, pcm, startFrame, gain) {
    const [first] = this.open.values();
    if (!first) return Promise.resolve(null);
    const samples = toFloat(pcm);
    return new Promise((resolve) => {
      /** @param {number | null} frame */
      const settle = (frame) => {
        if (frame !== null) this.join(id, { samples, startFrame: frame, gain }, first);
        resolve(frame);
      };
      this.starting.set(id, { of: new Set([first.id]), settle });
      first.node.send({ play: { id, samples, startFrame, gain, joins: false } });
    });
  }

  /**
   * Let a clip sound in the other microphones too: those of now, which may have opened while the
   * first one was asked, and those that open while it sounds.
   *
   * @param {string} id @param {Clip} clip @param {Microphone} first
   */
  join(id, clip, first) {
    this.keep(id, clip);
    for (const other of this.open.values()) {
      if (other !== first) other.node.send({ play: { id, ...clip, joins: true } });
    }
  }

  /** Remember a clip for microphones that open while it sounds. @param {string} id @param {Clip} clip */
  keep(id, clip) {
    this.clips.set(id, clip);
    this.graph.open().then((context) => {
      const nowFrame = context.currentTime * context.sampleRate;
      for (const [other, { startFrame, samples }] of this.clips) {
        if ((startFrame ?? 0) + samples.length < nowFrame) this.clips.delete(other);
      }
    });
  }

  /**
   * Say no more of these clips.
   *
   * @param {string[] | null} ids Null for all. @param {number} fadeFrames
   * @returns {Promise<number | null>} The frame from which on; null where no microphone is open.
   */
  stop(ids, fadeFrames) {
    if (ids === null) this.clips.clear();
    else ids.forEach((id) => this.clips.delete(id));
    return this.ask((id) => ({ stop: { id, sources: ids, fadeFrames } }));
  }

  /**
   * Another noise behind what is said, in every microphone that is open and in those to come.
   *
   * @param {Int16Array | null} pcm One period; null for none.
   * @param {number} gain
   * @param {number} fadeFrames
   * @returns {Promise<number | null>} The frame from which on; null where no microphone is open.
   */
  setNoise(pcm, gain, fadeFrames) {
    const samples = pcm && toFloat(pcm);
    this.noise = samples && { samples, gain };
    return this.ask((id) => ({ noise: { id, samples, gain, fadeFrames } }));
  }

  /**
   * What every microphone does to its sound from here on, also those to come.
   *
   * @param {Plan} plan
   * @returns {Promise<number | null>} The frame from which on; null where no microphone is open.
   */
  setEffects(plan) {
    this.effects = plan;
    return this.ask((id) => ({ effects: { id, plan } }));
  }

  /**
   * The same of every open microphone; the first one's answer counts.
   *
   * @param {(id: string) => ToCore} message
   * @returns {Promise<number | null>} From which frame on; null where no microphone is open.
   */
  ask(message) {
    const id = `asked-${this.asked++}`;
    if (this.open.size === 0) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.starting.set(id, { of: new Set(this.open.keys()), settle: resolve });
      for (const { node } of this.open.values()) node.send(message(id));
    });
  }

  /** What is heard of the page, from now on. @param {AudioNode} heard */
  hear(heard) {
    this.heard = heard;
    for (const { node } of this.open.values()) heard.connect(node.node);
  }

  /**
   * Cut in with a clip once a sound is heard; the audio thread decides, and `settleCutIn` tells how.
   *
   * @param {string} id @param {Int16Array} pcm @param {number} gain
   * @param {number} afterFrames From the sound's first frame to the clip's first voiced one.
   * @param {number} leadFrames How far that is into the clip.
   * @param {number} sinceFrame A sound that began before does not count.
   * @returns {boolean} False where no microphone is open.
   */
  cutIn(id, pcm, gain, afterFrames, leadFrames, sinceFrame) {
    const [first] = this.open.values();
    if (!first) return false;
    const samples = toFloat(pcm);
    this.cutting.set(id, { microphone: first, clip: { samples, startFrame: null, gain } });
    first.node.send({ cutIn: { id, samples, gain, afterFrames, leadFrames, sinceFrame } });
    return true;
  }

  /**
   * @param {string} id
   * @param {number | null} onset The answer's first frame, for where no sound was found; null: there
   *   is no answer.
   * @returns {Promise<Decided | null>} Null also where the microphone that was to decide is closed.
   */
  async settleCutIn(id, onset) {
    const cutting = this.cutting.get(id);
    this.cutting.delete(id);
    if (!cutting || !this.open.has(cutting.microphone.id)) return null;
    const { microphone, clip } = cutting;
    microphone.node.send({ settle: { id, onset } });
    if (onset === null) return null;
    /** @type {Decided | null} */
    const decided = await new Promise((resolve) => this.deciding.set(id, { microphone, resolve }));
    if (decided === null) return null;
    this.join(id, { ...clip, startFrame: decided.frame }, microphone);
    return decided;
  }

  /** The switch on the device itself; the page is not told. @param {boolean} muted */
  setMuted(muted) {
    this.muted = muted;
    for (const { node } of this.open.values()) node.send({ muted });
  }

  /** Say whether any of the microphone's tracks lets sound through. @param {Microphone} microphone */
  refresh(microphone) {
    const live = [...microphone.tracks].filter((track) => track.readyState === "live");
    if (live.length === 0) return this.close(microphone);
    const enabled = live.some((track) => track.enabled);
    if (enabled === microphone.enabled) return; // a page may say so all the time
    microphone.enabled = enabled;
    microphone.node.send({ enabled });
    this.sink.emit("microphone.enabled", { microphone: microphone.id, enabled });
  }

  /** @param {Microphone} microphone */
  close(microphone) {
    if (!this.open.delete(microphone.id)) return;
    microphone.node.send({ end: true });
    microphone.node.close();
    this.heard?.disconnect(microphone.node.node);
    for (const [id, asked] of this.deciding) {
      if (asked.microphone === microphone) this.decide(id, null); // it answers no more
    }
    for (const [id, { of }] of this.starting) {
      if (of.delete(microphone.id) && of.size === 0) this.start(id, null);
    }
    this.sink.emit("microphone.stopped", { microphone: microphone.id, ended: microphone.isGone });
  }

  /** @param {string} microphone @param {import("../audio/microphone-core.js").FromCore} message */
  receive(microphone, { started, decided, batch }) {
    if (started) this.start(started.id, started.frame);
    if (decided) this.decide(decided.id, decided);
    if (batch) reportSamples(this.sink, microphone, batch);
  }

  /** @param {string} id @param {number | null} frame */
  start(id, frame) {
    const asked = this.starting.get(id);
    this.starting.delete(id);
    asked?.settle(frame);
  }

  /** @param {string} id @param {Decided | null} decided */
  decide(id, decided) {
    this.deciding.get(id)?.resolve(decided);
    this.deciding.delete(id);
  }
}

/**
 * @param {import("./sink.js").Sink} sink
 * @param {string} microphone
 * @param {import("../audio/batcher.js").Batch} batch
 */
export function reportSamples(sink, microphone, batch) {
  sink.emit("microphone.samples", { microphone, ...encodeBatch(batch) });
}

/** @param {AudioContext} context @param {AudioNode} node */
function connectStream(context, node) {
  const destination = context.createMediaStreamDestination();
  destination.channelCount = 1;
  node.connect(destination);
  return destination;
}

import { AnchorEstimator } from "../anchor-estimator.js";
import { Batcher } from "../batcher.js";

const SILENCE = new Float32Array(128);

/**
 * Report what comes into each input, mixed to mono, and the time; put out silence, so that it may be
 * connected anywhere.
 *
 * One for all, since what the browser does to call a processor takes longer than the processor. What
 * one block completes leaves in one message.
 *
 * Messages in: `{ open: input }`, `{ close: input }` for good, `{ end: true }`. An input that something is connected
 * to is open without a message, which would come blocks later.
 *
 * @typedef {{ input: number, frame: number, pcm: Int16Array }} Heard
 * @typedef {{ anchor?: import("../anchor-estimator.js").Anchor | null, heard?: Heard[], closed?: number }} FromListening
 * @typedef {{ open?: number, close?: number, end?: true }} ToListening
 */
class Listening extends AudioWorkletProcessor {
  /** @param {{ processorOptions: { batchFrames: number, keepsTime: boolean } }} options */
  constructor({ processorOptions }) {
    super();
    this.batchFrames = processorOptions.batchFrames;
    this.estimator = processorOptions.keepsTime ? new AnchorEstimator(sampleRate) : null;
    this.alive = true;
    this.mono = new Float32Array(128);
    /** By input; null for one that is closed. @type {(Batcher | null)[]} */
    this.batchers = [];
    /** @type {Heard[]} */
    this.heard = [];
    this.port.onmessage = ({ data }) => this.receive(data);
  }

  /** @param {ToListening} message */
  receive({ open, close, end }) {
    if (open !== undefined) this.batcherOf(open);
    if (close !== undefined) this.close(close);
    if (end) this.alive = false;
  }

  /** @param {Float32Array[][]} inputs */
  process(inputs) {
    for (let input = 0; input < inputs.length; input++) {
      const channels = inputs[input];
      const isOpen = channels.length > 0 || this.batchers[input];
      if (isOpen) this.batcherOf(input)?.add(currentFrame, this.mixDown(channels));
    }
    this.tell(this.estimator?.add(currentFrame, Date.now()));
    return this.alive;
  }

  /** @param {number} input @returns {Batcher | null} */
  batcherOf(input) {
    if (this.batchers[input] === undefined) {
      this.batchers[input] = new Batcher(
        ({ frame, pcm }) => this.heard.push({ input, frame, pcm }),
        this.batchFrames,
      );
    }
    return this.batchers[input];
  }

  /** @param {number} input */
  close(input) {
    this.batchers[input]?.flush();
    this.batchers[input] = null;
    this.tell();
    this.port.postMessage({ closed: input });
  }

  /** @param {import("../anchor-estimator.js").Anchor | null} [anchor] */
  tell(anchor) {
    if (this.heard.length > 0) {
      const { heard } = this;
      this.heard = [];
      this.port.postMessage({ heard }, heard.map(({ pcm }) => pcm.buffer));
    }
    if (anchor) this.port.postMessage({ anchor });
  }

  /** @param {Float32Array[]} channels */
  mixDown(channels) {
    if (channels.length === 0) return SILENCE;
    if (channels.length === 1) return channels[0];
    const [left, right] = channels;
    for (let i = 0; i < left.length; i++) this.mono[i] = (left[i] + right[i]) / 2;
    return this.mono;
  }
}

registerProcessor("harness-listening", Listening);

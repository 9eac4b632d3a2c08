/**
 * A node of the audio thread that listens at its inputs, and may keep the time; see worklets/listening.js.
 *
 * @typedef {import("./batcher.js").Batch} Batch
 * @typedef {import("./anchor-estimator.js").Anchor} Anchor
 * @typedef {{ node: AudioNode, input: number, close: () => void }} TapNode What is to be heard is connected to that
 *   input of the node.
 */

/** Inputs of one node: a call takes two of them, and a page may have several calls. */
export const INPUTS = 8;

export class ListeningNode {
  /**
   * @param {any} AudioWorkletNode The browser's class.
   * @param {AudioContext} context
   * @param {number} batchFrames How many frames are told at once.
   * @param {(anchor: Anchor) => void} [onAnchor] Told the time, where it is to keep that.
   */
  constructor(AudioWorkletNode, context, batchFrames, onAnchor) {
    this.node = new AudioWorkletNode(context, "harness-listening", {
      numberOfInputs: INPUTS,
      processorOptions: { batchFrames, keepsTime: onAnchor !== undefined },
    });
    this.onAnchor = onAnchor;
    /** Inputs that were given out: each once, since what is still connected to one is heard there. */
    this.given = 0;
    this.open = 0;
    /** By input. @type {Map<number, (batch: Batch) => void>} */
    this.receivers = new Map();
    this.node.port.onmessage = (/** @type {MessageEvent} */ { data }) => this.receive(data);
    this.node.connect(context.destination); // only what leads to the destination is rendered
  }

  get isFull() {
    return this.given === INPUTS;
  }

  /**
   * @param {(batch: Batch) => void} receive Also told what was not told yet when it is closed.
   * @returns {TapNode}
   */
  listen(receive) {
    const input = this.given++;
    this.open += 1;
    this.receivers.set(input, receive);
    this.node.port.postMessage({ open: input });
    return { node: this.node, input, close: () => this.close(input) };
  }

  /** @param {number} input */
  close(input) {
    this.open -= 1;
    this.node.port.postMessage({ close: input });
    if (!this.isFull || this.open > 0 || this.onAnchor) return;
    this.node.port.postMessage({ end: true });
    this.node.disconnect();
  }

  /** @param {import("./worklets/listening.js").FromListening} message */
  receive({ anchor, heard, closed }) {
    if (anchor) this.onAnchor?.(anchor);
    for (let i = 0; heard && i < heard.length; i++) {
      const { input, frame, pcm } = heard[i];
      this.receivers.get(input)?.({ frame, pcm });
    }
    if (closed !== undefined) this.receivers.delete(closed);
  }
}

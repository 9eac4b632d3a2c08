import { AnchorEstimator } from "./anchor-estimator.js";
import { BATCH_FRAMES, Batcher } from "./batcher.js";
import { ListeningNode } from "./listening-node.js";
import { MicrophoneCore } from "./microphone-core.js";

/**
 * The one AudioContext of this frame, made when it is first needed, and its nodes.
 *
 * Nodes are AudioWorklets. Where the page's Content-Security-Policy forbids to load them, script
 * processors run the same code on the main thread, and an envelope says so.
 *
 * @typedef {import("./microphone-core.js").ToCore} ToCore
 * @typedef {import("./microphone-core.js").FromCore} FromCore
 * @typedef {import("./batcher.js").Batch} Batch
 * @typedef {"worklet" | "script_processor"} Mode
 * @typedef {{ node: AudioNode, send: (message: ToCore) => void, close: () => void }} MicrophoneNode
 * @typedef {import("./listening-node.js").TapNode} TapNode
 */

export const SAMPLE_RATE_HZ = 48_000;

/** Frames a script processor renders at once: 43 ms at 48 kHz, small enough not to stutter. */
const SCRIPT_BLOCK_FRAMES = 2048;

/** Of the address of what was refused: enough to know it again, and the data URL is long. */
const ADDRESS_CHARS = 60;

export class AudioGraph {
  /**
   * @param {import("../probe/sink.js").Sink} sink
   * @param {any} target The window.
   * @param {string} workletSource JavaScript that registers the processors.
   * @param {Pick<import("../probe/time.js").Time, "wallMs">} time
   * @param {number} [tapFrames] How many frames a tap reports at once.
   */
  constructor(sink, target, workletSource, time, tapFrames = BATCH_FRAMES) {
    this.sink = sink;
    this.wallMs = time.wallMs;
    this.tapFrames = tapFrames;
    this.workletSource = workletSource;
    this.natives = {
      AudioContext: target.AudioContext,
      AudioWorkletNode: target.AudioWorkletNode,
      Blob: target.Blob,
      URL: target.URL,
      createObjectURL: target.URL?.createObjectURL,
      revokeObjectURL: target.URL?.revokeObjectURL,
    };
    /** @type {Mode} */
    this.mode = "worklet";
    /** @type {Promise<AudioContext> | null} */
    this.opening = null;
    /** The one that is not full. @type {ListeningNode | null} */
    this.listening = null;
    /** Told of the context before any of its nodes. @param {AudioContext} _context */
    this.onContext = (_context) => {};
  }

  /** The context, running. @returns {Promise<AudioContext>} */
  open() {
    this.opening ??= this.start();
    return this.opening;
  }

  async start() {
    const context = this.createContext();
    this.onContext(context);
    await context.resume();
    try {
      await this.loadWorklets(context);
    } catch (error) {
      this.mode = "script_processor";
      this.sink.emit("fallback", { what: "script processors for worklets", why: String(error) });
    }
    this.startClock(context);
    return context;
  }

  /** @returns {AudioContext} One that plays to no device, where the browser knows that. */
  createContext() {
    const options = { sampleRate: SAMPLE_RATE_HZ, latencyHint: "interactive" };
    try {
      return new this.natives.AudioContext({ ...options, sinkId: { type: "none" } });
    } catch (error) {
      this.sink.emit("fallback", { what: "an audio device for none", why: String(error) });
      return new this.natives.AudioContext(options);
    }
  }

  /** @param {AudioContext} context */
  async loadWorklets(context) {
    const { Blob, URL, createObjectURL, revokeObjectURL } = this.natives;
    const url = createObjectURL.call(URL, new Blob([this.workletSource], { type: "text/javascript" }));
    try {
      await context.audioWorklet.addModule(url);
    } catch {
      this.tellRefused(url);
      // A page that was opened from a file may not read blobs; policies differ, too.
      const inPlace = `data:text/javascript,${encodeURIComponent(this.workletSource)}`;
      try {
        await context.audioWorklet.addModule(inPlace);
      } catch (error) {
        this.tellRefused(inPlace);
        throw error;
      }
    } finally {
      revokeObjectURL.call(URL, url);
    }
  }

  /** @param {string} url The console names it, and nobody else could tell that it is not the page's. */
  tellRefused(url) {
    this.sink.emit("probe.refused", { address: url.slice(0, ADDRESS_CHARS) });
  }

  /** @param {AudioContext} context */
  startClock(context) {
    /** @param {import("./anchor-estimator.js").Anchor} anchor */
    const report = ({ frame, wallMs, uncertaintyMs }) => {
      // The wall clock may be set while the page lives; performance time is not.
      const wallToPageMs = this.sink.pageMs() - this.wallMs() - 0.5;
      this.sink.emit("audio.anchor", {
        frame,
        page_ms: wallMs + wallToPageMs,
        sample_rate_hz: context.sampleRate,
        uncertainty_ms: uncertaintyMs + 0.5,
      });
    };
    if (this.mode === "worklet") {
      this.clock = this.listening = this.createListening(context, report);
      return;
    }
    const estimator = new AnchorEstimator(context.sampleRate);
    this.clock = this.createScript(context, (frame) => {
      const anchor = estimator.add(frame, this.wallMs());
      if (anchor) report(anchor);
    });
  }

  /**
   * @param {AudioContext} context
   * @param {(message: FromCore) => void} receive
   * @param {ToCore[]} [initial] What it knows from its first frame on; a message comes frames later.
   * @returns {MicrophoneNode}
   */
  createMicrophone(context, receive, initial = []) {
    if (this.mode === "worklet") {
      const node = new this.natives.AudioWorkletNode(context, "harness-virtual-microphone", {
        numberOfInputs: 1,
        channelCount: 1,
        channelCountMode: "explicit",
        outputChannelCount: [1],
        processorOptions: { initial },
      });
      node.port.onmessage = (/** @type {MessageEvent} */ { data }) => receive(data);
      const send = (/** @type {ToCore} */ message) => node.port.postMessage(message);
      return { node, send, close: () => node.disconnect() };
    }
    const core = new MicrophoneCore(receive);
    let nextFrame = Math.ceil(context.currentTime * context.sampleRate);
    for (const message of initial) core.receive(message, nextFrame);
    const node = this.createScript(context, (frame, input, output) => {
      core.render(output, frame, input);
      nextFrame = frame + output.length;
    });
    node.disconnect(); // the caller connects it to its stream
    const send = (/** @type {ToCore} */ message) => core.receive(message, nextFrame);
    return { node, send, close: () => node.disconnect() };
  }

  /**
   * @param {AudioContext} context
   * @param {(batch: Batch) => void} receive
   * @returns {TapNode}
   */
  createTap(context, receive) {
    if (this.mode === "worklet") {
      if (!this.listening || this.listening.isFull) this.listening = this.createListening(context);
      return this.listening.listen(receive);
    }
    const batcher = new Batcher(receive, this.tapFrames);
    const node = this.createScript(context, (frame, input) => batcher.add(frame, input));
    const close = () => {
      batcher.flush();
      node.disconnect();
    };
    return { node, input: 0, close };
  }

  /** @param {AudioContext} context @param {(anchor: import("./anchor-estimator.js").Anchor) => void} [onAnchor] */
  createListening(context, onAnchor) {
    return new ListeningNode(this.natives.AudioWorkletNode, context, this.tapFrames, onAnchor);
  }

  /**
   * A script processor that is rendered already.
   *
   * @param {AudioContext} context
   * @param {(frame: number, input: Float32Array, output: Float32Array) => void} process
   */
  createScript(context, process) {
    const node = context.createScriptProcessor(SCRIPT_BLOCK_FRAMES, 1, 1);
    let nextFrame = -Infinity;
    node.onaudioprocess = ({ inputBuffer, outputBuffer, playbackTime }) => {
      let frame = Math.round(playbackTime * context.sampleRate);
      // The browser's figure jitters by some quanta; only a larger step is a block that was lost.
      if (Math.abs(frame - nextFrame) < SCRIPT_BLOCK_FRAMES) frame = nextFrame;
      nextFrame = frame + SCRIPT_BLOCK_FRAMES;
      process(frame, inputBuffer.getChannelData(0), outputBuffer.getChannelData(0));
    };
    node.connect(context.destination);
    return node;
  }
}

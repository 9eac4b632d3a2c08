import { isReal, replaceMethod } from "./natives.js";
import { reportSamples } from "./virtual-microphone.js";

/**
 * Device mode: the browser's own capture, listened to, so that what was sent is on record.
 *
 * @typedef {(constraints: any) => Promise<MediaStream>} GetUserMedia
 */

export class DeviceMicrophones {
  /**
   * @param {import("./sink.js").Sink} sink
   * @param {import("../audio/audio-graph.js").AudioGraph} graph
   * @param {any} target The window.
   */
  constructor(sink, graph, target) {
    this.sink = sink;
    this.graph = graph;
    this.target = target;
    this.natives = { MediaStream: target.MediaStream };
    this.count = 0;
    /** @type {Map<MediaStreamTrack, () => void>} How to end each, which also keeps its nodes alive. */
    this.endings = new Map();
  }

  /**
   * A track that the page stops itself fires no "ended".
   *
   * @returns {() => void} Puts the original back.
   */
  install() {
    return replaceMethod(this.target.MediaStreamTrack?.prototype, "stop", (native, self, args) => {
      const result = Reflect.apply(native, self, args);
      this.endings.get(self)?.();
      return result;
    });
  }

  /**
   * The page gets its stream also where we cannot listen to it.
   *
   * @param {GetUserMedia} native
   * @returns {GetUserMedia}
   */
  answer(native) {
    return async (constraints) => {
      const stream = await native(constraints);
      for (const track of stream.getAudioTracks()) await this.tryToListen(track);
      return stream;
    };
  }

  /** @param {MediaStreamTrack} track */
  async tryToListen(track) {
    try {
      await this.listen(track);
    } catch (error) {
      this.sink.emit("page.error", { message: `cannot listen to the microphone: ${error}` });
    }
  }

  /** @param {MediaStreamTrack} track */
  async listen(track) {
    const context = await this.graph.open();
    const microphone = `device-${this.count++}`;
    const tap = this.graph.createTap(context, (batch) => reportSamples(this.sink, microphone, batch));
    const source = context.createMediaStreamSource(new this.natives.MediaStream([track]));
    source.connect(tap.node, 0, tap.input);
    this.sink.emit("microphone.started", {
      microphone,
      device: track.label,
      sample_rate_hz: context.sampleRate,
      mode: "device",
    });
    /** @param {boolean} ended Whether by itself. */
    const end = (ended) => {
      if (!this.endings.delete(track)) return;
      source.disconnect();
      tap.close();
      this.sink.emit("microphone.stopped", { microphone, ended });
    };
    this.endings.set(track, () => end(false));
    track.addEventListener("ended", (event) => {
      if (isReal(event)) end(true);
    });
  }
}

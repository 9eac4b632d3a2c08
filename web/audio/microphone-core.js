import { Batcher } from "./batcher.js";
import { CutIn } from "./cut-in.js";
import { Mixer } from "./mixer.js";
import { NoiseLayers } from "./noise-layers.js";

/**
 * What a virtual microphone does, wherever it runs: mix, fall silent when disabled, report.
 *
 * Messages in: `{ play: { id, samples, startFrame, gain, joins } }`, `{ stopSources: id[] | null }`,
 * `{ noise: { id, samples, gain, fadeFrames } }` (until the next one), `{ enabled: boolean }` (the page's wish), `{ muted: boolean }` (the device's own switch),
 * `{ cutIn: Wanted }`, `{ settle: { id, onset } }`, `{ end: true }`. Messages out:
 * `{ started: { id, frame } }`, `{ decided: Decided }` and `{ batch: Batch }`.
 *
 * @typedef {{ id: string, samples: Float32Array, startFrame: number | null, gain: number,
 *             joins: boolean }} Play
 * @typedef {{ id: string, samples: Float32Array | null, gain: number, fadeFrames: number }} Noise
 * @typedef {{ play?: Play, noise?: Noise, stopSources?: string[] | null, enabled?: boolean,
 *             muted?: boolean, end?: true, cutIn?: import("./cut-in.js").Wanted,
 *             settle?: { id: string, onset: number | null } }} ToCore
 * @typedef {{ started?: { id: string, frame: number }, decided?: import("./cut-in.js").Decided,
 *             batch?: import("./batcher.js").Batch }} FromCore
 */
export class MicrophoneCore {
  /** @param {(message: FromCore) => void} post */
  constructor(post) {
    this.post = post;
    this.mixer = new Mixer();
    this.noise = new NoiseLayers();
    this.cutIn = new CutIn(this.mixer, (decided) => post({ decided }));
    this.batcher = new Batcher((batch) => post({ batch }));
    this.enabled = true;
    this.muted = false;
    this.alive = true;
    this.nextFrame = 0;
  }

  /**
   * @param {ToCore} message
   * @param {number} nowFrame The next frame to be rendered.
   */
  receive(message, nowFrame) {
    if (message.play) this.play(message.play, nowFrame);
    if (message.noise) this.setNoise(message.noise, nowFrame);
    if (message.stopSources === null) this.mixer.stopAll();
    else message.stopSources?.forEach((id) => this.mixer.stop(id));
    if (message.cutIn) this.cutIn.want(message.cutIn);
    const { settle } = message;
    if (settle) this.cutIn.settle(settle.id, settle.onset, Math.max(nowFrame, this.nextFrame));
    if (message.enabled !== undefined) this.enabled = message.enabled;
    if (message.muted !== undefined) this.muted = message.muted;
    if (message.end) this.end();
  }

  /** @param {Play} play @param {number} nowFrame */
  play({ id, samples, startFrame, gain, joins }, nowFrame) {
    const next = Math.max(nowFrame, this.nextFrame); // a block that was rendered is gone
    const frame = this.mixer.add(id, samples, startFrame, gain, next, joins);
    this.post({ started: { id, frame } });
  }

  /** @param {Noise} noise @param {number} nowFrame */
  setNoise({ id, samples, gain, fadeFrames }, nowFrame) {
    const frame = Math.max(nowFrame, this.nextFrame);
    this.noise.change(samples, gain, fadeFrames, frame);
    this.post({ started: { id, frame } });
  }

  /**
   * Fill one block and report it.
   *
   * @param {Float32Array} out Mono.
   * @param {number} frame Number of its first frame.
   * @param {Float32Array} [heard] What a user hears in this block, mono; nothing for silence.
   * @returns {boolean} Whether it wants to be called again.
   */
  render(out, frame, heard) {
    if (!this.alive) return false;
    this.cutIn.hear(heard, frame);
    this.mixer.render(out, frame);
    this.noise.render(out, frame);
    if (!this.enabled || this.muted) out.fill(0);
    this.batcher.add(frame, out);
    this.nextFrame = frame + out.length;
    return true;
  }

  end() {
    this.batcher.flush();
    this.alive = false;
  }
}

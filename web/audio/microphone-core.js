import { Batcher } from "./batcher.js";
import { CutIn } from "./cut-in.js";
import { MicrophoneEffects } from "./microphone-effects.js";
import { Mixer } from "./mixer.js";
import { NoiseLayers } from "./noise-layers.js";

/**
 * What a virtual microphone does, wherever it runs: mix, fall silent when disabled, report.
 *
 * Messages in: `{ play: { id, samples, startFrame, gain, joins } }`,
 * `{ stop: { id, sources: id[] | null, fadeFrames } }`, `{ noise: { id, samples, gain, fadeFrames } }`
 * and `{ effects: { id, plan } }` (both until the next one), `{ enabled: boolean }` (the page's wish),
 * `{ muted: boolean }` (the device's own switch),
 * `{ cutIn: Wanted }`, `{ settle: { id, onset } }`, `{ end: true }`. Messages out:
 * `{ started: { id, frame } }`, `{ decided: Decided }` and `{ batch: Batch }`.
 *
 * @typedef {{ id: string, samples: Float32Array, startFrame: number | null, gain: number,
 *             joins: boolean }} Play
 * @typedef {{ id: string, samples: Float32Array | null, gain: number, fadeFrames: number }} Noise
 * @typedef {{ id: string, sources: string[] | null, fadeFrames: number }} Stop
 * @typedef {{ id: string, plan: import("./microphone-effects.js").Plan }} Effects
 * @typedef {{ play?: Play, noise?: Noise, effects?: Effects, stop?: Stop, enabled?: boolean,
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
    this.effects = new MicrophoneEffects();
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
    if (message.effects) this.setEffects(message.effects, nowFrame);
    if (message.stop) this.stop(message.stop, nowFrame);
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

  /** @param {Effects} effects @param {number} nowFrame */
  setEffects({ id, plan }, nowFrame) {
    const frame = Math.max(nowFrame, this.nextFrame);
    this.effects.change(plan, frame);
    this.post({ started: { id, frame } });
  }

  /** @param {Stop} stop @param {number} nowFrame */
  stop({ id, sources, fadeFrames }, nowFrame) {
    const frame = Math.max(nowFrame, this.nextFrame);
    if (sources === null) this.mixer.stopAll(frame, fadeFrames);
    else sources.forEach((source) => this.mixer.stop(source, frame, fadeFrames));
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
    this.effects.apply(out, frame, heard);
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

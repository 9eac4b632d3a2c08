/**
 * What is heard and measured: the assistant's voice through a gain, levels of both sides.
 *
 *   remote stream ─► analyser
 *                └─► gain (volume 0..2) ─► loudspeaker
 *   microphone ────► analyser
 *
 * Everything plays through the one gain, so volumes above 1.0 need no second player. Chromium
 * delivers a remote WebRTC track to WebAudio only while a media element plays it too, so the
 * element gets the stream as well, muted (crbug.com/121673; can go when that is fixed).
 */
import { rms_dbfs } from "./levels.js";

const SAMPLES_MEASURED = 1024;
const VOLUME_GLIDE_S = 0.02;

export class AudioGraph {
  #AudioContext;
  #element;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {GainNode | null} */
  #gain = null;
  /** @type {{user: AnalyserNode | null, assistant: AnalyserNode | null}} */
  #analysers = { user: null, assistant: null };
  #samples = new Float32Array(SAMPLES_MEASURED);
  #volume = 1;

  /**
   * @param {{AudioContext: typeof AudioContext}} target The window.
   * @param {HTMLMediaElement} element Plays the remote stream muted, see above.
   */
  constructor(target, element) {
    this.#AudioContext = target.AudioContext;
    this.#element = element;
    element.muted = true;
  }

  get volume() {
    return this.#volume;
  }

  /** @param {number} volume 0 to 2; 1 is as sent, above it loud peaks may clip. */
  setVolume(volume) {
    this.#volume = volume;
    if (!this.#context || !this.#gain) return;
    this.#gain.gain.setTargetAtTime(volume, this.#context.currentTime, VOLUME_GLIDE_S);
  }

  /** Get ready to play; best within a click, which is when browsers allow sound. */
  start() {
    if (this.#context) return;
    this.#context = new this.#AudioContext({ latencyHint: "interactive" });
    this.#gain = this.#context.createGain();
    this.#gain.gain.value = this.#volume;
    this.#gain.connect(this.#context.destination);
  }

  /** @returns {Promise<boolean>} False while the browser wants a click or a key first. */
  async unlock() {
    const context = this.#context;
    if (!context) return true;
    // resume() stays pending while sound is not allowed, so it is not waited for alone.
    const resumed = context.resume().catch(() => {});
    await Promise.race([resumed, new Promise((resolve) => setTimeout(resolve, 500))]);
    return context.state !== "suspended";
  }

  /** @param {MediaStream} stream */
  playRemote(stream) {
    this.start();
    this.#element.srcObject = stream;
    this.#element.play().catch(() => {}); // muted: only an early end of the call stops it
    const source = this.#source(stream);
    if (!source || !this.#gain) return;
    source.connect(this.#gain);
    this.#analysers.assistant = this.#analyserOf(source);
  }

  /** @param {MediaStream} stream */
  watchMicrophone(stream) {
    this.start();
    const source = this.#source(stream);
    if (source) this.#analysers.user = this.#analyserOf(source);
  }

  /** @returns {{user: number, assistant: number}} RMS of the last 1024 samples, dBFS. */
  levels_dbfs() {
    return { user: this.#level(this.#analysers.user), assistant: this.#level(this.#analysers.assistant) };
  }

  /** Release everything; the volume is kept. */
  stop() {
    this.#element.srcObject = null;
    this.#context?.close().catch(() => {});
    this.#context = this.#gain = null;
    this.#analysers = { user: null, assistant: null };
  }

  /** @param {MediaStream} stream */
  #source(stream) {
    return stream.getAudioTracks().length > 0 ? this.#context?.createMediaStreamSource(stream) : null;
  }

  /** @param {AudioNode} source */
  #analyserOf(source) {
    const analyser = source.context.createAnalyser();
    analyser.fftSize = SAMPLES_MEASURED;
    source.connect(analyser);
    return analyser;
  }

  /** @param {AnalyserNode | null} analyser */
  #level(analyser) {
    if (!analyser) return -Infinity;
    analyser.getFloatTimeDomainData(this.#samples);
    return rms_dbfs(this.#samples);
  }
}

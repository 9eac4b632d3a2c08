/** Dictation: what a person says is recorded and written down by the server. */
import { openMicrophone, stopTracks } from "../microphone.js";

/** The longest piece: the server reads no more than five minutes. */
const MOST_MS = 120_000;

/**
 * @typedef {object} Heard
 * @property {() => void} onChange It began, or ended.
 * @property {(sound: Blob) => Promise<void>} onSound What was recorded; not after `cancel`.
 */

export class Dictation {
  #target;
  #told;
  /** @type {MediaRecorder | null} */
  #recorder = null;
  /** @type {AbortController | null} While the microphone is asked for. */
  #opening = null;
  #isWriting = false;

  /**
   * @param {Pick<Window, "navigator" | "setTimeout" | "clearTimeout"> & {MediaRecorder?: typeof MediaRecorder}} target
   * @param {Heard} told
   */
  constructor(target, told) {
    this.#target = target;
    this.#told = told;
  }

  /** Whether this browser can record. */
  get isPossible() {
    return this.#target.MediaRecorder !== undefined;
  }

  /** @returns {"off" | "listening" | "writing"} */
  get state() {
    if (this.#isWriting) return "writing";
    return this.#recorder || this.#opening ? "listening" : "off";
  }

  /**
   * Begin, or end and have it written down.
   *
   * @throws {import("../errors.js").CallError} The microphone's, and those of `onSound`.
   */
  async toggle() {
    if (this.#recorder) return this.#recorder.stop();
    if (this.state !== "off") return;
    const opening = this.#opening = new AbortController();
    this.#told.onChange();
    try {
      const stream = await openMicrophone(this.#target.navigator.mediaDevices, {}, opening.signal);
      await this.#record(stream, opening.signal);
    } catch (error) {
      if (!opening.signal.aborted) throw error;
    } finally {
      this.#opening = this.#recorder = null;
      this.#isWriting = false;
      this.#told.onChange();
    }
  }

  /** Forget what was said. */
  cancel() {
    this.#opening?.abort();
    this.#recorder?.stop();
  }

  /**
   * @param {MediaStream} stream
   * @param {AbortSignal} signal
   */
  async #record(stream, signal) {
    const Recorder = /** @type {typeof MediaRecorder} */ (this.#target.MediaRecorder);
    const recorder = this.#recorder = new Recorder(stream);
    /** @type {Blob[]} */
    const parts = [];
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const over = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
    recorder.start();
    this.#told.onChange();
    const timer = this.#target.setTimeout(() => recorder.stop(), MOST_MS);
    try {
      await over;
    } finally {
      this.#target.clearTimeout(timer);
      stopTracks(stream);
    }
    if (signal.aborted) return;
    this.#isWriting = true;
    this.#recorder = null;
    this.#told.onChange();
    await this.#told.onSound(new Blob(parts, { type: recorder.mimeType }));
  }
}

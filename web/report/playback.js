/** The recording of a call: played, stopped, a stretch of it alone, one side or both. */

/** Sent to the left ear, sent to the right, heard to the left, heard to the right. */
/** @type {Record<string, number[]>} */
const GAINS = {
  stereo: [1, 0, 0, 1],
  mono: [0.7, 0.7, 0.7, 0.7],
  sent: [1, 1, 0, 0],
  heard: [0, 0, 1, 1],
};

/**
 * @typedef {object} PlaybackListeners
 * @property {(seconds: number) => void} onPlayed Playing reached this moment: follow it.
 * @property {(seconds: number) => void} onStopped Sound stopped at this moment.
 * @property {(isPlaying: boolean) => void} onState It began or ended to play.
 */

export class Playback {
  /** Which sides are heard, by choice; a stretch is played as it was heard. */
  listening = "stereo";

  #audio;
  #listeners;
  /** Where the stretch ends that is played alone. */
  #stopAtS = Infinity;
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {GainNode[]} */
  #gains = [];

  /**
   * @param {HTMLAudioElement} audio
   * @param {PlaybackListeners} listeners
   */
  constructor(audio, listeners) {
    this.#audio = audio;
    this.#listeners = listeners;
    for (const type of ["play", "pause", "ended"]) {
      audio.addEventListener(type, () => this.#tellState());
    }
    audio.addEventListener("pause", () => this.#settle());
    audio.addEventListener("timeupdate", () => this.#follow());
  }

  get isPlaying() {
    return !this.#audio.paused;
  }

  /** @param {number} rate 1 is as it was. */
  set speed(rate) {
    this.#audio.playbackRate = rate;
  }

  /** @param {number} seconds Within the recording. */
  seek(seconds) {
    this.#audio.currentTime = seconds;
  }

  play() {
    this.#context?.resume();
    this.#audio.play().catch(() => this.#tellState());
  }

  pause() {
    this.#audio.pause();
  }

  /**
   * Play what was heard from where the recording stands, up to a moment, and nothing else. After
   * that the sides are heard again that were chosen.
   *
   * @param {number} toS
   */
  playHeardUpTo(toS) {
    this.#route("heard");
    this.#stopAtS = toS;
    this.play();
  }

  /** Choose what is heard. @param {string} what One of the names in GAINS. */
  listenTo(what) {
    this.listening = what;
    this.#route(what);
  }

  /** @param {string} what */
  #route(what) {
    if (!this.#context) this.#connect();
    const gains = GAINS[what] ?? GAINS.stereo;
    this.#gains.forEach((gain, i) => (gain.gain.value = gains[i]));
    this.#context?.resume();
  }

  /** Left (sent) and right (heard) each to both ears, through four gains. */
  #connect() {
    const context = (this.#context = new AudioContext());
    const source = context.createMediaElementSource(this.#audio);
    const splitter = context.createChannelSplitter(2);
    const merger = context.createChannelMerger(2);
    source.connect(splitter);
    this.#gains = [0, 1, 2, 3].map((i) => {
      const gain = context.createGain();
      splitter.connect(gain, i >> 1);
      gain.connect(merger, 0, i & 1);
      return gain;
    });
    merger.connect(context.destination);
  }

  #tellState() {
    this.#listeners.onState(this.isPlaying);
    if (this.isPlaying) requestAnimationFrame(() => this.#tick());
  }

  #tick() {
    if (!this.isPlaying) return;
    this.#follow();
    requestAnimationFrame(() => this.#tick());
  }

  #follow() {
    if (!this.isPlaying) return;
    if (this.#audio.currentTime >= this.#stopAtS) return this.#audio.pause();
    this.#listeners.onPlayed(this.#audio.currentTime);
  }

  /** Where the sound stopped: a slow machine has drawn its last frame well before that. */
  #settle() {
    if (!this.isPlaying && this.#stopAtS < Infinity) {
      this.#stopAtS = Infinity;
      this.#route(this.listening);
    }
    if (!this.#audio.seeking) this.#listeners.onStopped(this.#audio.currentTime);
  }
}

/**
 * Cutting in: a clip whose first voiced sample comes so many frames after a sound becomes audible.
 *
 * A sound begins at its first sample that reaches -50 dBFS (full scale 1.0), after 300 ms without
 * one. It counts once it has lasted 20 ms, so that a click does not: then the start of the clip is
 * fixed, to the frame. A cut-in that is asked for less than that after the onset comes that late.
 * Silence that a clip begins with is no part of it.
 *
 * @typedef {{ id: string, samples: Float32Array, gain: number, afterFrames: number,
 *             leadFrames: number, sinceFrame: number }} Wanted
 * @typedef {{ id: string, onset: number, frame: number }} Decided
 */

export const THRESHOLD = 10 ** (-50 / 20);
const PAUSE_FRAMES = 14_400;
const LASTS_FRAMES = 960;

/** Two findings of one onset, by level and by a detector of voices, lie no farther apart. */
const SAME_FRAMES = 14_400;

/** Where the sound that is heard now began. */
export class OnsetFinder {
  constructor() {
    this.first = 0;
    this.last = -Infinity;
    this.heard = 0;
  }

  /** @param {Float32Array | undefined} samples Mono; nothing for silence. @param {number} frame */
  hear(samples, frame) {
    this.heard = frame + (samples?.length ?? 0);
    if (!samples) return;
    for (let i = 0; i < samples.length; i++) {
      if (Math.abs(samples[i]) < THRESHOLD) continue;
      if (frame + i - this.last > PAUSE_FRAMES) this.first = frame + i;
      this.last = frame + i;
    }
  }

  /** @returns {number | null} The first frame of what sounds; null while nothing does. */
  get onset() {
    const isOver = this.heard - this.last > PAUSE_FRAMES;
    return isOver || this.last - this.first < LASTS_FRAMES ? null : this.first;
  }
}

/** One cut-in at a time. */
export class CutIn {
  /** @param {import("./mixer.js").Mixer} mixer @param {(decided: Decided) => void} decided */
  constructor(mixer, decided) {
    this.mixer = mixer;
    this.decided = decided;
    this.finder = new OnsetFinder();
    /** @type {Wanted | null} */
    this.wanted = null;
    /** @type {Decided | null} */
    this.last = null;
  }

  /** @param {Wanted} wanted */
  want(wanted) {
    this.wanted = wanted;
    this.last = null;
  }

  /**
   * Before each block is mixed.
   *
   * @param {Float32Array | undefined} samples What is heard in this block. @param {number} frame
   */
  hear(samples, frame) {
    this.finder.hear(samples, frame);
    const { onset } = this.finder;
    if (!this.wanted || this.last || onset === null || onset < this.wanted.sinceFrame) return;
    this.start(onset, frame);
  }

  /**
   * Somebody else knows the onset of what is to be cut into: that holds where no sound was found,
   * or one that was over before; else it stays as it is.
   *
   * @param {string} id @param {number | null} onset Null: nothing is to be cut into.
   * @param {number} nextFrame
   */
  settle(id, onset, nextFrame) {
    if (this.wanted?.id !== id) return;
    if (onset === null) this.mixer.stop(id);
    else if (!this.last) this.start(onset, nextFrame);
    else if (this.last.onset < onset - SAME_FRAMES && this.last.frame > nextFrame) this.start(onset, nextFrame);
    if (onset !== null && this.last) this.decided(this.last);
    this.wanted = null;
  }

  /** @param {number} onset @param {number} nextFrame */
  start(onset, nextFrame) {
    const { id, samples, gain, afterFrames, leadFrames } = /** @type {Wanted} */ (this.wanted);
    // Silence that the clip begins with is skipped where it has no room.
    const start = Math.max(onset + afterFrames, nextFrame) - leadFrames;
    const frame = this.mixer.add(id, samples, start, gain, nextFrame, true);
    this.last = { id, onset, frame };
  }
}

/**
 * Pair audio frames with the wall clock, from many readings on the audio thread.
 *
 * The browser renders audio in bursts of some quanta (10 ms is usual) and its wall clock there
 * has steps of 1 ms. One reading is therefore off by up to a burst; the median of a window is not,
 * and it does not move where the thread is late for less than half of it. A quarter of the readings
 * lies above and a quarter below what is stated around it.
 *
 * @typedef {{ frame: number, wallMs: number, uncertaintyMs: number }} Anchor
 */

/** Windows: short at first, so that the timeline is anchored soon, then two a second. */
const FIRST_WINDOW_FRAMES = 4_800;
const WINDOW_FRAMES = 24_000;

/** Most readings of a window; half a second has 188 quanta of 128 frames at 48 kHz. */
const CAPACITY = 1_024;

export class AnchorEstimator {
  /** @param {number} sampleRateHz */
  constructor(sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
    this.windowFrames = FIRST_WINDOW_FRAMES;
    /** Offsets of the window, in order of size. */
    this.offsetsMs = new Float64Array(CAPACITY);
    this.count = 0;
    this.firstFrame = 0;
  }

  /**
   * @param {number} frame First frame of a block that is being rendered now.
   * @param {number} wallMs The wall clock now, ms, cut to whole milliseconds.
   * @returns {Anchor | null} Every window, the pairing that fits its readings best.
   */
  add(frame, wallMs) {
    if (this.count === 0) this.firstFrame = frame;
    // Cut to whole milliseconds means half a millisecond early on average.
    this.insert(wallMs + 0.5 - (frame * 1000) / this.sampleRateHz);
    if (frame - this.firstFrame < this.windowFrames) return null;
    const anchor = {
      frame,
      wallMs: this.quantile(0.5) + (frame * 1000) / this.sampleRateHz,
      uncertaintyMs: (this.quantile(0.75) - this.quantile(0.25)) / 2,
    };
    this.windowFrames = WINDOW_FRAMES;
    this.count = 0;
    return anchor;
  }

  /** By hand: it may run in a page, which may have replaced what sorts. @param {number} offsetMs */
  insert(offsetMs) {
    if (this.count === CAPACITY) return;
    let place = this.count++;
    for (; place > 0 && this.offsetsMs[place - 1] > offsetMs; place--) {
      this.offsetsMs[place] = this.offsetsMs[place - 1];
    }
    this.offsetsMs[place] = offsetMs;
  }

  /** Between the two readings that lie around it. @param {number} share 0 to 1. */
  quantile(share) {
    const place = (this.count - 1) * share;
    const below = Math.floor(place);
    const above = Math.min(below + 1, this.count - 1);
    return this.offsetsMs[below] + (this.offsetsMs[above] - this.offsetsMs[below]) * (place - below);
  }
}

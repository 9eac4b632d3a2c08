/**
 * Pair audio frames with the wall clock, from many readings on the audio thread.
 *
 * The browser renders audio in bursts of some quanta (10 ms is usual) and its wall clock there
 * has steps of 1 ms. One reading is therefore off by up to a burst; the mean over a window is
 * not, and half the spread of the readings is how wrong a single frame's place may be.
 *
 * @typedef {{ frame: number, wallMs: number, uncertaintyMs: number }} Anchor
 */

/** Windows: short at first, so that the timeline is anchored soon, then two a second. */
const FIRST_WINDOW_FRAMES = 4_800;
const WINDOW_FRAMES = 24_000;

export class AnchorEstimator {
  /** @param {number} sampleRateHz */
  constructor(sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
    this.windowFrames = FIRST_WINDOW_FRAMES;
    this.count = 0;
    this.firstFrame = 0;
    this.sumMs = 0;
    this.leastMs = Infinity;
    this.mostMs = -Infinity;
  }

  /**
   * @param {number} frame First frame of a block that is being rendered now.
   * @param {number} wallMs The wall clock now, ms, cut to whole milliseconds.
   * @returns {Anchor | null} Every window, the pairing that fits its readings best.
   */
  add(frame, wallMs) {
    // Cut to whole milliseconds means half a millisecond early on average.
    const offsetMs = wallMs + 0.5 - (frame * 1000) / this.sampleRateHz;
    if (this.count === 0) this.begin(frame);
    this.count += 1;
    this.sumMs += offsetMs;
    this.leastMs = Math.min(this.leastMs, offsetMs);
    this.mostMs = Math.max(this.mostMs, offsetMs);
    if (frame - this.firstFrame < this.windowFrames) return null;
    const anchor = {
      frame,
      wallMs: this.sumMs / this.count + (frame * 1000) / this.sampleRateHz,
      uncertaintyMs: (this.mostMs - this.leastMs) / 2,
    };
    this.windowFrames = WINDOW_FRAMES;
    this.count = 0;
    return anchor;
  }

  /** Start a window. @param {number} frame */
  begin(frame) {
    this.firstFrame = frame;
    this.sumMs = 0;
    this.leastMs = Infinity;
    this.mostMs = -Infinity;
  }
}

/** Loudness as numbers. Pure. */

/** Levels from here up to full scale are drawn; speech lies between -45 and -10 dBFS. */
const QUIETEST_DBFS = -55;
const LOUDEST_DBFS = -8;

/**
 * @param {Float32Array} samples Full scale ±1.0.
 * @returns {number} Root mean square in dB relative to full scale; -Infinity for silence.
 */
export function rms_dbfs(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length);
}

/**
 * @param {number} level_dbfs
 * @returns {number} 0 (not drawn) to 1 (as tall as it gets).
 */
export function heightOf(level_dbfs) {
  const height = (level_dbfs - QUIETEST_DBFS) / (LOUDEST_DBFS - QUIETEST_DBFS);
  return Math.min(1, Math.max(0, height));
}

/** The latest levels of both sides, oldest first, of a fixed length. */
export class LevelHistory {
  /** @param {number} capacity How many levels of each side are kept. */
  constructor(capacity) {
    /** @type {{user: number, assistant: number}[]} */
    this.all = Array.from({ length: capacity }, () => ({ user: 0, assistant: 0 }));
  }

  /** @param {{user: number, assistant: number}} heights 0..1 each. */
  push(heights) {
    this.all.push(heights);
    this.all.shift();
  }

  /** True when nothing was to be heard in all that time. */
  get isStill() {
    return this.all.every(({ user, assistant }) => user === 0 && assistant === 0);
  }
}

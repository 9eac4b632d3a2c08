/** The two waveforms, drawn from peaks that the report carries: only what is in view and around it. */
import { columnsOf, levelsOf } from "./peaks.js";

/**
 * @typedef {{audio_s: number | null, peaks: Record<string, {values: string}>}} WaveData
 * @typedef {import("./view.js").Drawn} Drawn
 */

/** Full scale leaves some air above and below. */
const FULL_SCALE = 0.92;

/** One side of the recording. */
class Wave {
  /**
   * @param {HTMLElement} container As wide as the recording is long.
   * @param {string} base64
   * @param {number} audioS
   */
  constructor(container, base64, audioS) {
    this.levels = levelsOf(base64);
    this.audioS = audioS;
    this.height_px = container.clientHeight || 74;
    this.canvas = document.createElement("canvas");
    container.append(this.canvas);
  }

  /** @param {Drawn} drawn @param {string} colour */
  draw({ fromS, toS, pxPerS }, colour) {
    const { audioS, canvas } = this;
    const whole_px = audioS * pxPerS;
    const left_px = Math.floor(Math.min(audioS, fromS) * pxPerS); // whole pixels stay sharp
    const width_px = Math.ceil(Math.min(audioS, toS) * pxPerS) - left_px;
    canvas.hidden = width_px <= 0 || this.levels[0].high.length === 0;
    if (canvas.hidden) return;
    // Shares, not pixels: paper has another width than the screen.
    canvas.style.left = `${(left_px / whole_px) * 100}%`;
    canvas.style.width = `${(width_px / whole_px) * 100}%`;
    const columns = Math.round(width_px * devicePixelRatio);
    canvas.width = columns;
    canvas.height = Math.round(this.height_px * devicePixelRatio);
    const picture = { from: left_px / whole_px, to: (left_px + width_px) / whole_px, columns };
    this.fill(columnsOf(this.levels, picture), colour);
  }

  /** @param {import("./peaks.js").Level} columns @param {string} colour */
  fill({ high, low }, colour) {
    const context = this.canvas.getContext("2d");
    if (!context) return;
    context.fillStyle = colour;
    const middle = this.canvas.height / 2;
    const scale = (middle * FULL_SCALE) / 127;
    for (let column = 0; column < high.length; column++) {
      const top = Math.round(middle - high[column] * scale);
      const bottom = Math.round(middle - low[column] * scale);
      context.fillRect(column, top, 1, Math.max(1, bottom - top));
    }
  }
}

/** Each side there are peaks of, in the colours of the theme, also when that changes. */
export class Waves {
  /** @type {Drawn | null} */
  #drawn = null;

  /**
   * @param {HTMLElement} root The timeline section: it holds the lanes and defines the colours.
   * @param {WaveData} data
   */
  constructor(root, { audio_s, peaks }) {
    this.root = root;
    this.sides = Object.keys(peaks);
    this.waves = this.sides.map((side) => {
      const container = /** @type {HTMLElement} */ (
        root.querySelector(`.canvas[data-side="${side}"]`)
      );
      return new Wave(container, peaks[side].values, audio_s ?? 0);
    });
    for (const query of ["(prefers-color-scheme: dark)", "print"]) {
      matchMedia(query).addEventListener("change", () => this.recolour());
    }
  }

  recolour() {
    const drawn = this.#drawn;
    this.#drawn = null;
    if (drawn) this.draw(drawn);
  }

  /** @param {Drawn} drawn The same one changes nothing. */
  draw(drawn) {
    if (this.#drawn === drawn) return;
    this.#drawn = drawn;
    const style = getComputedStyle(this.root);
    this.waves.forEach((wave, i) => {
      wave.draw(drawn, style.getPropertyValue(`--${this.sides[i]}`).trim());
    });
  }
}

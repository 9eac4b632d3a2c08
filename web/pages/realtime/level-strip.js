/**
 * The last seconds of the conversation as a strip of bars, newest at the right: the person above
 * the line, the assistant below it, so that an interruption can be seen as it happens.
 *
 * Bars move smoothly at about 30 frames a second while there is something to see, and not at all
 * in silence. Where the person asked for less motion, two still meters are drawn instead.
 */
import { LevelHistory, heightOf } from "./levels.js";

const BAR_MS = 50;
const FRAME_MS = 1000 / 31;
const STILL_FRAME_MS = 250;
const PITCH_PX = 5;
const BAR_PX = 3;
const DOT_PX = 3;
/** Old bars fade out at the left, where the names stand. */
const FADED_PX = 60;
const FADING_PX = 120;
/** Wide screens show more seconds, up to this many bars. */
const MOST_BARS = 400;

/** @typedef {{user: string, assistant: string, line: string}} Colours CSS colours. */

export class LevelStrip {
  #canvas;
  #levels;
  #colours;
  #isStill;
  #history = new LevelHistory(MOST_BARS);
  #pushed_ms = 0;
  #drawn_ms = 0;
  #wasStill = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {object} sources
   * @param {() => {user: number, assistant: number}} sources.levels_dbfs What is to be heard now.
   * @param {() => Colours} sources.colours Asked again for each drawing: the theme may change.
   * @param {() => boolean} sources.prefersStill True when the person asked for less motion.
   */
  constructor(canvas, { levels_dbfs, colours, prefersStill }) {
    this.#canvas = canvas;
    this.#levels = levels_dbfs;
    this.#colours = colours;
    this.#isStill = prefersStill;
  }

  /** Draw again even when nothing is to be heard: the size or the colours changed. */
  invalidate() {
    this.#wasStill = false;
  }

  /** @param {number} now_ms Time of this frame, from requestAnimationFrame. */
  frame(now_ms) {
    const frame_ms = this.#isStill() ? STILL_FRAME_MS : FRAME_MS;
    if (now_ms - this.#drawn_ms < frame_ms) return;
    this.#drawn_ms = now_ms;
    this.#measure(now_ms);
    const isStill = this.#history.isStill;
    if (isStill && this.#wasStill) return;
    this.#wasStill = isStill;
    const context = this.#prepare();
    if (!context) return;
    if (this.#isStill()) this.#drawMeters(context);
    else this.#drawBars(context, isStill ? 0 : (now_ms - this.#pushed_ms) / BAR_MS);
  }

  /** @param {number} now_ms */
  #measure(now_ms) {
    const due = Math.floor((now_ms - this.#pushed_ms) / BAR_MS);
    if (due < 1) return;
    // After a pause (a hidden tab draws nothing) the missed time is not made up.
    this.#pushed_ms = due > 20 ? now_ms : this.#pushed_ms + due * BAR_MS;
    const { user, assistant } = this.#levels();
    const heights = { user: heightOf(user), assistant: heightOf(assistant) };
    for (let bar = 0; bar < Math.min(due, 20); bar++) this.#history.push(heights);
  }

  /** Fit the canvas to its place on the screen and wipe it. */
  #prepare() {
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = Math.min(2, globalThis.devicePixelRatio || 1);
    const [width, height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      Object.assign(this.#canvas, { width, height });
    }
    const context = this.#canvas.getContext("2d");
    context?.setTransform(scale, 0, 0, scale, 0, 0);
    context?.clearRect(0, 0, clientWidth, clientHeight);
    return context;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} shift How far the strip has moved since the last bar, in bars.
   */
  #drawBars(context, shift) {
    const { clientWidth: width, clientHeight } = this.#canvas;
    const middle = clientHeight / 2;
    const { user, assistant, line } = this.#colours();
    const bars = Math.min(MOST_BARS, Math.ceil(width / PITCH_PX) + 1);
    for (let age = 0; age < bars; age++) {
      const heights = this.#history.all[MOST_BARS - 1 - age];
      const x = width - (age + shift) * PITCH_PX - BAR_PX;
      context.globalAlpha = Math.min(1, Math.max(0, (x - FADED_PX) / FADING_PX));
      if (heights.user + heights.assistant === 0) dot(context, line, x, middle);
      else {
        bar(context, user, x, middle - 2, -heights.user * (middle - 4));
        bar(context, assistant, x, middle + 2, heights.assistant * (middle - 4));
      }
    }
    context.globalAlpha = 1;
  }

  /** @param {CanvasRenderingContext2D} context */
  #drawMeters(context) {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const { user, assistant, line } = this.#colours();
    const { user: userHeight, assistant: assistantHeight } = this.#history.all[MOST_BARS - 1];
    const thickness = Math.max(4, height / 8);
    for (const [y, colour, level] of /** @type {[number, string, number][]} */ ([
      [height / 2 - thickness * 1.5, user, userHeight],
      [height / 2 + thickness / 2, assistant, assistantHeight],
    ])) {
      fill(context, line, 0, y, width, thickness);
      fill(context, colour, 0, y, width * level, thickness);
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} x
 * @param {number} middle
 */
function dot(context, colour, x, middle) {
  fill(context, colour, x, middle - DOT_PX / 2, DOT_PX, DOT_PX);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} x
 * @param {number} base Where the bar begins.
 * @param {number} length Upwards when negative.
 */
function bar(context, colour, x, base, length) {
  if (Math.abs(length) < 0.5) return;
  fill(context, colour, x, Math.min(base, base + length), BAR_PX, Math.max(BAR_PX, Math.abs(length)));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 */
function fill(context, colour, x, y, width, height) {
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x, y, width, height, Math.min(width, height) / 2);
  context.fill();
}

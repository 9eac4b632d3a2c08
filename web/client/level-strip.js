/**
 * The last seconds of the conversation as a strip of bars, newest at the right: the person above
 * the line, the assistant below it, so that an interruption can be seen as it happens.
 *
 * Drawn once a bar, and not at all while there is nothing to see: a page under test shares its
 * processor with what is measured. Where the person asked for less motion, two still meters are
 * drawn instead.
 */
import { LevelHistory, heightOf } from "./levels.js";

/** Length of a bar in time, and so the time between two drawings. */
export const BAR_MS = 50;
const STILL_FRAME_MS = 250;
const PITCH_PX = 5;
const BAR_PX = 3;
/** Old bars fade out at the left, where the names stand. */
const FADED_PX = 75;
const FADING_PX = 120;
/** Wide screens show more seconds, up to this many bars. */
const MOST_BARS = 200;

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

  /** Forget what was heard: the call is over. */
  clear() {
    this.#history = new LevelHistory(MOST_BARS);
    this.invalidate();
  }

  /** @param {number} now_ms Time of this frame, from requestAnimationFrame. */
  frame(now_ms) {
    this.#measure(now_ms);
    const isStill = this.#history.isStill;
    if (isStill && this.#wasStill) return;
    if (this.#isStill() && !isStill && now_ms - this.#drawn_ms < STILL_FRAME_MS) return;
    this.#wasStill = isStill;
    this.#drawn_ms = now_ms;
    const context = this.#prepare();
    if (!context) return;
    if (this.#isStill()) this.#drawMeters(context);
    else this.#drawBars(context);
  }

  /** @param {number} now_ms */
  #measure(now_ms) {
    const due = Math.round((now_ms - this.#pushed_ms) / BAR_MS);
    if (due < 1) return;
    this.#pushed_ms = due > MOST_BARS ? now_ms : this.#pushed_ms + due * BAR_MS;
    const { user, assistant } = this.#levels();
    const heights = { user: heightOf(user), assistant: heightOf(assistant) };
    for (let bar = 0; bar < Math.min(due, MOST_BARS); bar++) this.#history.push(heights);
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

  /** @param {CanvasRenderingContext2D} context */
  #drawBars(context) {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const middle = height / 2;
    const { user, assistant, line } = this.#colours();
    const paths = { user: new Path2D(), assistant: new Path2D(), line: new Path2D() };
    const bars = Math.min(MOST_BARS, Math.ceil(width / PITCH_PX));
    for (let age = 0; age < bars; age++) {
      const heights = this.#history.all[MOST_BARS - 1 - age];
      const x = width - age * PITCH_PX - BAR_PX;
      if (heights.user + heights.assistant === 0) addBar(paths.line, x, middle - BAR_PX / 2, BAR_PX);
      addBar(paths.user, x, middle - 2, -heights.user * (middle - 4));
      addBar(paths.assistant, x, middle + 2, heights.assistant * (middle - 4));
    }
    for (const [colour, path] of /** @type {[string, Path2D][]} */ ([
      [line, paths.line], [user, paths.user], [assistant, paths.assistant],
    ])) {
      context.fillStyle = colour;
      context.fill(path);
    }
    fadeOut(context, height);
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
 * @param {Path2D} path
 * @param {number} x
 * @param {number} base Where the bar begins.
 * @param {number} length Upwards when negative.
 */
function addBar(path, x, base, length) {
  if (Math.abs(length) < 0.5) return;
  path.roundRect(x, Math.min(base, base + length), BAR_PX, Math.max(BAR_PX, Math.abs(length)), BAR_PX / 2);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} height
 */
function fadeOut(context, height) {
  const fading = context.createLinearGradient(FADED_PX, 0, FADED_PX + FADING_PX, 0);
  fading.addColorStop(0, "rgb(0 0 0 / 1)");
  fading.addColorStop(1, "rgb(0 0 0 / 0)");
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = fading;
  context.fillRect(0, 0, FADED_PX + FADING_PX, height);
  context.globalCompositeOperation = "source-over";
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

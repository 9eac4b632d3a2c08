/* global uPlot */
/** getStats as curves, drawn by uPlot: in the lanes' axis, only as wide as what is in view. */
import { frameOf, lonely, valueAt, valueText } from "./curve-values.js";

/**
 * @typedef {import("./curve-values.js").CurveData} CurveData
 * @typedef {import("./view.js").View} View
 */

/** Tracks of one side, told apart by their strokes. */
const DASHES = [[], [6, 4], [2, 3], [10, 3, 2, 3]];
/** A browser without a graphics card strokes jagged lines ten times faster if they are no wider. */
const STROKE_PX = 1;
const MOST_TEXTS = 4;
/** @type {Record<string, string>} */
const ARROWS = { received: "↓", sent: "↑" };

export class Curves {
  /**
   * @param {import("./timeline.js").CallTimeline} timeline
   * @param {CurveData[]} curves
   */
  constructor(timeline, curves) {
    this.timeline = timeline;
    this.lanes = curves.map((curve) => new CurveLane(timeline, curve));
    this.isPointed = false;
    if (!this.lanes.length) return;
    timeline.watchers.push({
      moved: (seconds) => !this.isPointed && this.tell(seconds),
      viewed: (view) => this.draw(view),
    });
    timeline.lanes.addEventListener("pointermove", (event) => {
      this.isPointed = event.pointerType !== "touch";
      if (this.isPointed) this.tell(timeline.secondsAt(event.clientX));
    });
    timeline.lanes.addEventListener("pointerleave", () => {
      this.isPointed = false;
      this.tell(timeline.nowS);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
    this.tell(timeline.nowS);
    timeline.drawSoon();
  }

  /** @param {View} view */
  draw(view) {
    for (const lane of this.lanes) lane.draw(view);
  }

  /** Show the values of a moment. @param {number} seconds */
  tell(seconds) {
    for (const lane of this.lanes) lane.tell(seconds);
  }

  recolour() {
    for (const lane of this.lanes) lane.recolour();
  }
}

class CurveLane {
  /** @type {UPlotChart | null} Made when it is first in view. */
  chart = null;
  /** @type {Record<string, string>} */
  colours = {};

  /**
   * @param {import("./timeline.js").CallTimeline} timeline
   * @param {CurveData} curve
   */
  constructor(timeline, curve) {
    this.curve = curve;
    this.root = timeline.root;
    this.element = /** @type {HTMLElement} */ (
      timeline.lanes.querySelector(`[data-curve="${curve.key}"]`)
    );
    this.plot = /** @type {HTMLElement} */ (this.element.querySelector(".plot"));
    this.texts = this.element.querySelectorAll(".value");
    this.names = namesOf(curve);
    this.limits = frameOf(curve);
  }

  /** @param {number} seconds */
  tell(seconds) {
    this.curve.lines.slice(0, MOST_TEXTS).forEach((line, i) => {
      const text = valueText(valueAt(line, seconds), this.curve.digits);
      this.texts[i].textContent = `${this.names[i]}${text}`;
    });
  }

  /** @param {View} view */
  draw({ width, fromS, toS }) {
    if (this.element.classList.contains("folded")) return;
    this.plot.style.width = `${width}px`;
    this.chart ??= this.makeChart(width);
    if (this.chart.width !== width) this.chart.setSize({ width, height: this.plot.clientHeight });
    this.chart.setScale("x", { min: fromS, max: toS });
  }

  /** @param {number} width */
  makeChart(width) {
    const { lines, unit, digits } = this.curve;
    const [low, high] = this.limits;
    for (const limit of [high, low]) {
      if (limit === 0 && limit === low) continue; // the foot of most lanes
      const text = document.createElement("span");
      text.className = limit === low ? "limit lowest" : "limit";
      text.textContent = `${valueText(limit, Number.isInteger(limit) ? 0 : digits)} ${unit}`;
      this.plot.append(text);
    }
    const tables = lines.map(({ t, v }) => [
      t, v.map((value) => (value === null ? null : Math.min(high, Math.max(low, value)))),
    ]);
    /** @type {UPlotOptions} */
    const options = {
      width,
      height: this.plot.clientHeight,
      padding: [3, 0, 3, 0],
      cursor: { show: false },
      legend: { show: false },
      select: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false, auto: false }, y: { auto: false, range: this.limits } },
      series: [{}, ...lines.map((_, i) => this.seriesOf(i))],
    };
    return new uPlot(options, tables.length === 1 ? tables[0] : uPlot.join(tables), this.plot);
  }

  /** @param {number} index @returns {UPlotSeries} */
  seriesOf(index) {
    const { lines } = this.curve;
    const { side } = lines[index];
    const earlier = lines.slice(0, index).filter((line) => line.side === side).length;
    const stroke = () => this.colourOf(side);
    /** @type {Map<unknown, number[]>} */
    const known = new Map();
    return {
      stroke,
      width: STROKE_PX,
      dash: DASHES[earlier % DASHES.length],
      spanGaps: false,
      points: {
        size: 4,
        fill: stroke,
        filter: ({ data }, series, isRoomy) => {
          if (isRoomy) return null;
          const values = data[series];
          const found = known.get(values) ?? lonely(values);
          known.set(values, found);
          return found;
        },
      },
    };
  }

  /** @param {string} side */
  colourOf(side) {
    const name = { received: "--heard", sent: "--sent" }[side] ?? "--first";
    this.colours[name] ??= getComputedStyle(this.root).getPropertyValue(name).trim();
    return this.colours[name];
  }

  recolour() {
    this.colours = {};
    this.chart?.redraw(false);
  }
}

/** What stands before each value: nothing, an arrow, a number. @param {CurveData} curve */
function namesOf({ lines }) {
  return lines.map(({ side }, index) => {
    const beside = lines.filter((line) => line.side === side);
    const arrow = side === "both" || lines.length === 1 ? "" : ARROWS[side];
    const number = beside.length > 1 ? `${beside.indexOf(lines[index]) + 1}:` : "";
    return arrow || number ? `${arrow}${number} ` : "";
  });
}

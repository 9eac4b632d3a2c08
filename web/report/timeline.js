/**
 * The lanes of one call: a cursor over everything, playback, zoom. What stands in the lanes is drawn
 * once a frame at most, and only as far as it is in view or near it.
 */
import { isRoomy, limitedZoom, neighbouringStart, scrollToSee, secondsAt } from "./axis.js";
import { clockText } from "./clock-text.js";
import { itemsOfLanes } from "./lane-items.js";
import { Playback } from "./playback.js";
import { Pointing } from "./pointing.js";
import { Selection } from "./selection.js";
import { Ticks } from "./ticks.js";
import { drawnAround } from "./view.js";
import { Waves } from "./waves.js";

/** One press of a zoom key or button. */
const ZOOM_STEP = 1.6;
/** So near to its end a recording is played from its start again. */
const AT_END_S = 0.05;
/** Scales of two timelines that differ less are the same. */
const SAME_SCALE = 1e-6;
/** A stretch that is zoomed onto takes so much of the view. */
const ONTO_SHARE = 0.8;

/**
 * @typedef {{end_s: number} & import("./waves.js").WaveData} TimelineData
 * @typedef {{labels_px: number, fit_px: number, seen_px: number}} Sizes
 *   Of the lanes' names, of the whole call at zoom 1, of what can be seen of both.
 * @typedef {{moved?: (seconds: number) => void, viewed?: (view: import("./view.js").View) => void}} Watcher
 */

export class CallTimeline {
  nowS = 0;
  zoom = 1;
  /** Who draws in the lanes' axis: told where the cursor is, and once a frame what is in view. */
  /** @type {Watcher[]} */
  watchers = [];
  /** @type {number | null} Frame that is asked for. */
  frame = null;
  /** @type {import("./view.js").Drawn | null} */
  drawn = null;
  /** @type {Sizes | null} Until the window has another size: reading them lays the page out. */
  measured = null;

  /**
   * @param {HTMLElement} root The timeline section.
   * @param {TimelineData} data
   */
  constructor(root, data) {
    this.root = root;
    this.endS = data.end_s;
    this.audioS = data.audio_s ?? 0;
    this.scroll = /** @type {HTMLElement} */ (root.querySelector(".scroll"));
    this.lanes = /** @type {HTMLElement} */ (root.querySelector(".lanes"));
    /** Where the axis is drawn: the lanes without their names. */
    this.laneBody = /** @type {HTMLElement} */ (this.lanes.querySelector(".axis .body"));
    /** What is as wide as the call; curves are only as wide as the view. */
    this.bodies = /** @type {HTMLElement[]} */ ([...this.lanes.querySelectorAll(".lane:not(.curve) .body")]);
    this.cursor = /** @type {HTMLElement} */ (this.lanes.querySelector(".cursor"));
    this.seek = /** @type {HTMLInputElement} */ (root.querySelector(".seek"));
    this.here = root.querySelector(".here");
    const words = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".word")]);
    this.words = words.map((element) => (
      { element, fromS: Number(element.dataset.from), toS: Number(element.dataset.to) }
    ));
    const audio = /** @type {HTMLAudioElement | null} */ (root.querySelector("audio"));
    this.playback = audio && new Playback(audio, {
      onPlayed: (seconds) => {
        this.show(seconds);
        this.reveal(seconds);
      },
      onStopped: (seconds) => this.show(seconds),
      onState: (isPlaying) => this.showPlaying(isPlaying),
    });
    const items = itemsOfLanes(this.lanes, this.endS);
    const parts = [new Ticks(this.laneBody, this.endS), new Waves(root, data), ...items];
    this.watchers.push({
      viewed: ({ drawn, fromS }) => {
        for (const part of parts) part.draw(drawn);
        for (const lane of items) lane.hold(fromS);
      },
    });
    this.selection = new Selection(this);
    this.listenToControls();
    new Pointing(this);
    this.draw();
    this.scroll.addEventListener("scroll", () => this.drawSoon());
    new ResizeObserver(() => {
      this.measured = null;
      this.drawSoon();
    }).observe(this.scroll);
  }

  get playing() {
    return this.playback?.isPlaying ?? false;
  }

  listenToControls() {
    /** @type {(what: string, type: string, act: (value: string) => void) => void} */
    const on = (what, type, act) => {
      const control = /** @type {HTMLInputElement | null} */ (
        this.root.querySelector(`[data-do="${what}"]`)
      );
      control?.addEventListener(type, () => act(control.value));
    };
    on("play", "click", () => this.togglePlay());
    on("zoom-in", "click", () => this.zoomIn());
    on("zoom-out", "click", () => this.zoomOut());
    on("zoom-fit", "click", () => this.zoomTo(1));
    on("speed", "change", (value) => {
      if (this.playback) this.playback.speed = Number(value);
    });
    on("listen", "change", (value) => this.playback?.listenTo(value));
    this.seek.addEventListener("input", () => this.moveTo(Number(this.seek.value), false));
  }

  /** @returns {Sizes} */
  get sizes() {
    if (this.measured) return this.measured;
    const labels_px = this.laneBody.offsetLeft;
    const fit_px = (this.lanes.clientWidth - labels_px) / this.zoom;
    const sizes = { labels_px, fit_px, seen_px: this.scroll.clientWidth };
    if (fit_px > 0) this.measured = sizes; // a call that is hidden has none
    return sizes;
  }

  /** How wide all of the call is. */
  get whole_px() {
    return this.sizes.fit_px * this.zoom;
  }

  /** @param {number} clientX */
  secondsAt(clientX) {
    const { scroll, whole_px } = this;
    const left = scroll.getBoundingClientRect().left + this.sizes.labels_px - scroll.scrollLeft;
    return secondsAt(clientX, { left, width: whole_px }, this.endS);
  }

  /** @param {number} seconds Left edge within the lanes, in CSS pixels. */
  leftOf(seconds) {
    return this.sizes.labels_px + (seconds / this.endS) * this.whole_px;
  }

  /**
   * Put the cursor at a moment.
   *
   * @param {number} seconds Beyond an end of the call, that end.
   * @param {boolean} [reveal] also scroll the lanes there
   */
  moveTo(seconds, reveal = true) {
    const target = Math.min(this.endS, Math.max(0, seconds));
    if (this.audioS) this.playback?.seek(Math.min(target, this.audioS));
    this.show(target);
    if (reveal) this.reveal(target);
  }

  /** @param {number} seconds */
  show(seconds) {
    this.nowS = seconds;
    this.cursor.style.setProperty("--now", String(seconds / this.endS));
    /** @type {HTMLElement} */ (this.root.querySelector(".now")).textContent = clockText(seconds);
    this.seek.value = String(seconds);
    this.seek.setAttribute("aria-valuetext", clockText(seconds));
    this.here?.setAttribute("href", `#${this.root.dataset.timeline}@${seconds.toFixed(3)}`);
    for (const { element, fromS, toS } of this.words) {
      element.classList.toggle("now", fromS <= seconds && seconds < toS);
    }
    for (const watcher of this.watchers) watcher.moved?.(seconds);
  }

  /** Bring a moment into view, if it is not. @param {number} seconds */
  reveal(seconds) {
    const { scrollLeft } = this.scroll;
    const { labels_px, seen_px } = this.sizes;
    const left = scrollToSee(this.leftOf(seconds), { scrollLeft, clientWidth: seen_px }, labels_px);
    if (left !== scrollLeft) this.scroll.scrollLeft = left;
  }

  togglePlay() {
    if (!this.playback || this.playing) return this.playback?.pause();
    if (this.nowS >= this.audioS - AT_END_S) this.moveTo(0);
    this.playback.play();
  }

  /**
   * Play a stretch of what was heard, and nothing else.
   *
   * @param {number} fromS
   * @param {number} toS
   */
  playStretch(fromS, toS) {
    if (!this.playback) return;
    this.playback.pause();
    this.moveTo(fromS);
    this.playback.playHeardUpTo(toS);
  }

  pause() {
    this.playback?.pause();
  }

  /** @param {boolean} isPlaying */
  showPlaying(isPlaying) {
    const button = /** @type {HTMLElement} */ (this.root.querySelector(".play"));
    button.textContent = isPlaying ? "❚❚" : "▶";
    button.setAttribute("aria-label", isPlaying ? "Pause" : "Play");
  }

  zoomIn() {
    this.zoomTo(this.zoom * ZOOM_STEP);
  }

  zoomOut() {
    this.zoomTo(this.zoom / ZOOM_STEP);
  }

  /**
   * @param {number} zoom 1 shows the whole call.
   * @param {number} [aroundS] The moment that stays where it is; the cursor or the middle if absent.
   */
  zoomTo(zoom, aroundS) {
    const { scrollLeft } = this.scroll;
    const { fit_px, seen_px } = this.sizes;
    const seen = (this.leftOf(this.nowS) - scrollLeft) / seen_px;
    const anchorS = aroundS ?? (seen > 0 && seen < 1 ? this.nowS : this.middleS(scrollLeft));
    const before = this.leftOf(anchorS) - scrollLeft;
    this.zoom = limitedZoom(zoom, fit_px, this.endS);
    this.lanes.style.setProperty("--zoom", String(this.zoom));
    this.root.classList.toggle("zoomed", isRoomy(this.whole_px / this.endS));
    this.scroll.scrollLeft = this.leftOf(anchorS) - before;
    this.drawSoon();
  }

  /** @param {number} scrollLeft */
  middleS(scrollLeft) {
    const { labels_px, seen_px } = this.sizes;
    const middle_px = scrollLeft + seen_px / 2;
    return secondsAt(middle_px, { left: labels_px, width: this.whole_px }, this.endS);
  }

  /** Let a stretch fill most of the view. @param {import("./view.js").Stretch} stretch */
  zoomOnto({ fromS, toS }) {
    const view = this.view();
    if (!view || toS <= fromS) return;
    this.zoomTo((this.zoom * (view.toS - view.fromS) * ONTO_SHARE) / (toS - fromS));
    const middle_px = this.leftOf((fromS + toS) / 2) - this.sizes.labels_px;
    this.scroll.scrollLeft = middle_px - view.width / 2;
  }

  /** Show what another timeline shows, at its scale as far as this one has it. */
  /** @param {Pick<import("./view.js").View, "fromS" | "pxPerS">} view */
  lookAt({ fromS, pxPerS }) {
    const view = this.view();
    if (!view) return;
    if (Math.abs(pxPerS / view.pxPerS - 1) > SAME_SCALE) {
      this.zoomTo((this.zoom * pxPerS) / view.pxPerS);
    }
    this.scroll.scrollLeft = fromS * (this.whole_px / this.endS);
  }

  /** What is in view of the lanes; null in a section that is hidden. */
  view() {
    if (this.root.closest("[hidden]")) return null;
    const { endS, whole_px } = this;
    const { labels_px, seen_px } = this.sizes;
    const width = Math.max(1, Math.min(whole_px, seen_px - labels_px));
    const pxPerS = whole_px / endS;
    const fromS = this.scroll.scrollLeft / pxPerS;
    return { width, pxPerS, fromS, toS: fromS + width / pxPerS };
  }

  /** Once a frame, however often one scrolls or zooms in it. */
  drawSoon() {
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = null;
    const view = this.view();
    if (!view) return;
    this.drawn = drawnAround(view, this.endS, this.drawn);
    const [width, left] = [`${this.whole_px}px`, `${-view.fromS * view.pxPerS}px`];
    for (const { style } of this.bodies) Object.assign(style, { width, left });
    for (const watcher of this.watchers) watcher.viewed?.({ ...view, drawn: this.drawn });
    if (this.drawn.isNarrow) this.drawSoon();
  }

  /** The next (1) or previous (-1) stretch of words. @param {number} direction */
  jumpWord(direction) {
    const next = neighbouringStart(this.words.map(({ fromS }) => fromS), this.nowS, direction);
    if (next !== undefined) this.moveTo(next);
  }
}

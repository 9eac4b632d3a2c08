/** The lanes of one call: two waveforms, a cursor over everything, playback, zoom. */
import {
  isCrowded, isRoomy, limitedZoom, neighbouringStart, scrollToSee, secondsAt, ticksOf,
} from "./axis.js";
import { clockText } from "./clock-text.js";
import { Playback } from "./playback.js";
import { drawWaves } from "./waves.js";

/** One press of a zoom key or button. */
const ZOOM_STEP = 1.6;
/** So near to its end a recording is played from its start again. */
const AT_END_S = 0.05;

/** @typedef {{end_s: number} & import("./waves.js").WaveData} TimelineData */

export class CallTimeline {
  nowS = 0;
  zoom = 1;
  /** Who draws in the lanes' axis: told where the cursor is, and when the view changed. */
  /** @type {{moved: (seconds: number) => void, viewed: () => void}[]} */
  watchers = [];

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
    this.seek = /** @type {HTMLInputElement} */ (root.querySelector(".seek"));
    this.words = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".word")]);
    this.labelled = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-room]")]);
    const audio = /** @type {HTMLAudioElement | null} */ (root.querySelector("audio"));
    this.playback = audio && new Playback(audio, {
      onPlayed: (seconds) => {
        this.show(seconds);
        this.reveal(seconds);
      },
      onStopped: (seconds) => this.show(seconds),
      onState: (isPlaying) => this.showPlaying(isPlaying),
    });
    drawWaves(root, data, audio);
    this.listenToControls();
    this.listenToPointer();
    this.drawAxis();
    new ResizeObserver(() => this.drawAxis()).observe(this.scroll);
  }

  /** Where the axis is drawn: the lanes without their names. */
  get laneBody() {
    return /** @type {HTMLElement} */ (this.lanes.querySelector(".axis .body"));
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

  listenToPointer() {
    const pointer = /** @type {HTMLElement} */ (this.lanes.querySelector(".pointer"));
    let dragging = false;
    this.lanes.addEventListener("pointerdown", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.button || target.closest("a, .mark, .label")) return;
      dragging = true;
      this.moveTo(this.secondsAt(event.clientX), false);
    });
    this.lanes.addEventListener("pointermove", (event) => {
      const seconds = this.secondsAt(event.clientX);
      pointer.hidden = event.pointerType === "touch";
      pointer.style.left = `${this.leftOf(seconds)}px`;
      /** @type {HTMLElement} */ (pointer.firstElementChild).textContent = clockText(seconds);
      if (dragging) this.moveTo(seconds, false);
    });
    this.lanes.addEventListener("pointerleave", () => (pointer.hidden = true));
    addEventListener("pointerup", () => (dragging = false));
    this.scroll.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        this.zoomTo(this.zoom * Math.exp(-event.deltaY / 200), this.secondsAt(event.clientX));
      },
      { passive: false },
    );
  }

  /** @param {number} clientX */
  secondsAt(clientX) {
    return secondsAt(clientX, this.laneBody.getBoundingClientRect(), this.endS);
  }

  /** @param {number} seconds Left edge within the lanes, in CSS pixels. */
  leftOf(seconds) {
    return this.laneBody.offsetLeft + (seconds / this.endS) * this.laneBody.clientWidth;
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
    this.lanes.style.setProperty("--now", String(seconds / this.endS));
    /** @type {HTMLElement} */ (this.root.querySelector(".now")).textContent = clockText(seconds);
    this.seek.value = String(seconds);
    this.seek.setAttribute("aria-valuetext", clockText(seconds));
    for (const word of this.words) {
      const inside = Number(word.dataset.from) <= seconds && seconds < Number(word.dataset.to);
      word.classList.toggle("now", inside);
    }
    for (const watcher of this.watchers) watcher.moved(seconds);
  }

  /** Bring a moment into view, if it is not. @param {number} seconds */
  reveal(seconds) {
    const left = scrollToSee(this.leftOf(seconds), this.scroll, this.laneBody.offsetLeft);
    if (left !== this.scroll.scrollLeft) this.scroll.scrollLeft = left;
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
    const fit = this.laneBody.clientWidth / this.zoom;
    const seen = (this.leftOf(this.nowS) - this.scroll.scrollLeft) / this.scroll.clientWidth;
    const middle = this.secondsAt(
      this.scroll.getBoundingClientRect().left + this.scroll.clientWidth / 2,
    );
    const anchorS = aroundS ?? (seen > 0 && seen < 1 ? this.nowS : middle);
    const before = this.leftOf(anchorS) - this.scroll.scrollLeft;
    this.zoom = limitedZoom(zoom, fit);
    this.lanes.style.setProperty("--zoom", String(this.zoom));
    this.root.classList.toggle("zoomed", isRoomy((fit * this.zoom) / this.endS));
    this.scroll.scrollLeft = this.leftOf(anchorS) - before;
    this.drawAxis();
  }

  drawAxis() {
    const pxPerS = this.laneBody.clientWidth / this.endS;
    if (!pxPerS) return; // in a section that is hidden
    this.hideCrowded(pxPerS);
    const ticks = ticksOf(this.endS, pxPerS).map(({ share, text }) => {
      const tick = document.createElement("span");
      tick.className = "tick";
      tick.style.left = `${share * 100}%`;
      tick.textContent = text;
      return tick;
    });
    this.laneBody.replaceChildren(...ticks);
    for (const watcher of this.watchers) watcher.viewed();
  }

  /** Leave out labels that would cover the next one. @param {number} pxPerS */
  hideCrowded(pxPerS) {
    for (const bar of this.labelled) {
      const text = bar.firstElementChild?.textContent ?? "";
      const label = { text, isWord: bar.classList.contains("word"), roomS: Number(bar.dataset.room) };
      bar.classList.toggle("crowded", isCrowded(label, pxPerS));
    }
  }

  /** The next (1) or previous (-1) stretch of words. @param {number} direction */
  jumpWord(direction) {
    const starts = this.words.map((word) => Number(word.dataset.from));
    const next = neighbouringStart(starts, this.nowS, direction);
    if (next !== undefined) this.moveTo(next);
  }
}

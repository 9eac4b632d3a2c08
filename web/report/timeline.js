"use strict";
/* global WaveSurfer */

/** How wide the lanes may get, in CSS pixels: beyond this a canvas costs more than it shows. */
const WIDEST_PX = 30000;

/**
 * A place on the timeline as text: 63.4 is "1:03.40".
 * @param {number} seconds
 * @param {number} [digits] digits after the point
 */
function clockText(seconds, digits = 2) {
  const scale = 10 ** digits;
  const units = Math.round(Math.abs(seconds) * scale);
  const minutes = Math.floor(units / (60 * scale));
  const rest = ((units % (60 * scale)) / scale).toFixed(digits);
  const padded = rest.padStart(digits ? digits + 3 : 2, "0");
  return `${seconds < 0 && units ? "−" : ""}${minutes}:${padded}`;
}

/**
 * @param {string} base64 Signed bytes: highest, lowest, highest, lowest, …
 * @returns {[Float32Array, Float32Array]} What wavesurfer draws above and below the middle.
 */
function decodePeaks(base64) {
  const bytes = Int8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const high = new Float32Array(bytes.length / 2);
  const low = new Float32Array(bytes.length / 2);
  for (let i = 0; i < high.length; i++) {
    high[i] = bytes[2 * i] / 127;
    low[i] = bytes[2 * i + 1] / 127;
  }
  return [high, low];
}

/** The lanes of one call: two waveforms, a cursor over everything, playback, zoom. */
class CallTimeline {
  /**
   * @param {HTMLElement} root The timeline section.
   * @param {{end_s: number, audio_s: number | null, peaks: Record<string, any>}} data
   */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.endS = data.end_s;
    this.nowS = 0;
    this.zoom = 1;
    /** Where the stretch ends that is played alone. */
    this.stopAtS = Infinity;
    /** @type {(() => void) | undefined} */
    this.afterStretch = undefined;
    /** @type {((nowS: number) => void)[]} */
    this.watchers = [];
    this.scroll = /** @type {HTMLElement} */ (root.querySelector(".scroll"));
    this.lanes = /** @type {HTMLElement} */ (root.querySelector(".lanes"));
    this.audio = /** @type {HTMLAudioElement | null} */ (root.querySelector("audio"));
    this.seek = /** @type {HTMLInputElement} */ (root.querySelector(".seek"));
    this.words = /** @type {HTMLElement[]} */ ([...root.querySelectorAll(".word")]);
    this.labelled = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-room]")]);
    this.waves = this.drawWaves();
    this.listenToControls();
    this.listenToPointer();
    this.drawAxis();
    new ResizeObserver(() => this.drawAxis()).observe(this.scroll);
  }

  get laneBody() {
    return /** @type {HTMLElement} */ (this.lanes.querySelector(".axis .body"));
  }

  get playing() {
    return this.audio !== null && !this.audio.paused;
  }

  drawWaves() {
    /** @type {WaveSurferWave[]} */
    const waves = [];
    for (const [side, peaks] of Object.entries(this.data.peaks)) {
      const container = /** @type {HTMLElement} */ (
        this.lanes.querySelector(`.canvas[data-side="${side}"]`)
      );
      waves.push(
        WaveSurfer.create({
          container,
          media: this.audio,
          peaks: decodePeaks(peaks.values),
          duration: this.data.audio_s ?? undefined,
          height: container.clientHeight || 74,
          barHeight: 0.92, // leave some air at full scale
          interact: false,
          cursorWidth: 0,
          autoScroll: false,
          hideScrollbar: true,
          ...this.waveColours(side),
        }),
      );
    }
    const recolour = () =>
      waves.forEach((wave, i) => wave.setOptions(this.waveColours(Object.keys(this.data.peaks)[i])));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
    matchMedia("print").addEventListener("change", recolour);
    return waves;
  }

  /** @param {string} side */
  waveColours(side) {
    const colour = getComputedStyle(this.root).getPropertyValue(`--${side}`).trim();
    return { waveColor: colour, progressColor: colour };
  }

  listenToControls() {
    const on = (/** @type {string} */ what, /** @type {string} */ type, /** @type {any} */ act) =>
      this.root.querySelector(`[data-do="${what}"]`)?.addEventListener(type, act);
    on("play", "click", () => this.togglePlay());
    on("zoom-in", "click", () => this.zoomTo(this.zoom * 1.6));
    on("zoom-out", "click", () => this.zoomTo(this.zoom / 1.6));
    on("zoom-fit", "click", () => this.zoomTo(1));
    on("speed", "change", (/** @type {any} */ e) => {
      if (this.audio) this.audio.playbackRate = Number(e.target.value);
    });
    on("listen", "change", (/** @type {any} */ e) => this.listenTo(e.target.value));
    this.seek.addEventListener("input", () => this.moveTo(Number(this.seek.value), false));
    for (const type of ["play", "pause", "ended"]) {
      this.audio?.addEventListener(type, () => this.showPlaying());
    }
    this.audio?.addEventListener("pause", () => this.settle());
    this.audio?.addEventListener("timeupdate", () => this.followAudio());
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
    const box = this.laneBody.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientX - box.left) / box.width)) * this.endS;
  }

  /** @param {number} seconds Left edge within the lanes, in CSS pixels. */
  leftOf(seconds) {
    return this.laneBody.offsetLeft + (seconds / this.endS) * this.laneBody.clientWidth;
  }

  /**
   * Put the cursor at a moment.
   * @param {number} seconds
   * @param {boolean} [reveal] also scroll the lanes there
   */
  moveTo(seconds, reveal = true) {
    const target = Math.min(this.endS, Math.max(0, seconds));
    if (this.audio && this.data.audio_s) {
      this.audio.currentTime = Math.min(target, this.data.audio_s);
    }
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
    for (const watcher of this.watchers) watcher(seconds);
  }

  /** Bring a moment into view, if it is not. @param {number} seconds */
  reveal(seconds) {
    const left = this.leftOf(seconds);
    const from = this.scroll.scrollLeft + this.laneBody.offsetLeft;
    const to = this.scroll.scrollLeft + this.scroll.clientWidth;
    if (left < from || left > to - 20) {
      this.scroll.scrollLeft = left - this.laneBody.offsetLeft - this.scroll.clientWidth / 4;
    }
  }

  togglePlay() {
    if (!this.audio) return;
    if (!this.audio.paused) return this.audio.pause();
    if (this.nowS >= (this.data.audio_s ?? 0) - 0.05) this.moveTo(0);
    this.context?.resume();
    this.audio.play().catch(() => this.showPlaying());
  }

  /**
   * Play a stretch of what was heard, and nothing else.
   * @param {number} fromS
   * @param {number} toS
   */
  playStretch(fromS, toS) {
    if (!this.audio) return;
    this.audio.pause();
    this.moveTo(fromS);
    const select = /** @type {HTMLSelectElement} */ (this.root.querySelector('[data-do="listen"]'));
    this.listenTo("heard");
    this.stopAtS = toS;
    this.afterStretch = () => this.listenTo(select.value);
    this.togglePlay();
  }

  /** Stop behind the stretch that is played, if it is one. */
  endStretch() {
    this.stopAtS = Infinity;
    this.afterStretch?.();
    this.afterStretch = undefined;
  }

  pause() {
    this.audio?.pause();
  }

  showPlaying() {
    const button = /** @type {HTMLElement} */ (this.root.querySelector(".play"));
    button.textContent = this.playing ? "❚❚" : "▶";
    button.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    if (this.playing) requestAnimationFrame(() => this.tick());
  }

  tick() {
    if (!this.playing) return;
    this.followAudio();
    requestAnimationFrame(() => this.tick());
  }

  followAudio() {
    if (!this.audio || !this.playing) return;
    if (this.audio.currentTime >= this.stopAtS) return this.audio.pause();
    this.show(this.audio.currentTime);
    this.reveal(this.audio.currentTime);
  }

  /** Where the sound stopped: a slow machine has drawn its last frame well before that. */
  settle() {
    if (this.audio?.paused) this.endStretch();
    if (this.audio && !this.audio.seeking) this.show(this.audio.currentTime);
  }

  /** Choose which side is heard. @param {string} what */
  listenTo(what) {
    if (!this.audio) return;
    if (!this.context) this.routeAudio();
    const gains = {
      stereo: [1, 0, 0, 1],
      mono: [0.7, 0.7, 0.7, 0.7],
      sent: [1, 1, 0, 0],
      heard: [0, 0, 1, 1],
    }[what] ?? [1, 0, 0, 1];
    this.gains?.forEach((gain, i) => (gain.gain.value = gains[i]));
    this.context?.resume();
  }

  /** Left (sent) and right (heard) each to both ears, through four gains. */
  routeAudio() {
    const context = (this.context = new AudioContext());
    const source = context.createMediaElementSource(/** @type {HTMLAudioElement} */ (this.audio));
    const splitter = context.createChannelSplitter(2);
    const merger = context.createChannelMerger(2);
    source.connect(splitter);
    this.gains = [0, 1, 2, 3].map((i) => {
      const gain = context.createGain();
      splitter.connect(gain, i >> 1);
      gain.connect(merger, 0, i & 1);
      return gain;
    });
    merger.connect(context.destination);
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
    this.zoom = Math.min(Math.max(1, zoom), Math.max(1, WIDEST_PX / fit));
    this.lanes.style.setProperty("--zoom", String(this.zoom));
    this.root.classList.toggle("zoomed", (fit * this.zoom) / this.endS > 90);
    this.scroll.scrollLeft = this.leftOf(anchorS) - before;
    this.drawAxis();
  }

  /** A mark every 1, 2 or 5 times a power of ten seconds, at least 80 px apart. */
  drawAxis() {
    const perSecond = this.laneBody.clientWidth / this.endS;
    if (!perSecond) return;
    this.hideCrowded(perSecond);
    const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600];
    const step = steps.find((s) => s * perSecond >= 80) ?? 600;
    const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
    const ticks = [];
    for (let i = 0; i * step < this.endS; i++) {
      const tick = document.createElement("span");
      tick.className = "tick";
      tick.style.left = `${((i * step) / this.endS) * 100}%`;
      tick.textContent = clockText(i * step, digits);
      ticks.push(tick);
    }
    this.laneBody.replaceChildren(...ticks);
  }

  /** Leave out labels that would cover the next one. @param {number} perSecond CSS pixels */
  hideCrowded(perSecond) {
    for (const bar of this.labelled) {
      const label = /** @type {HTMLElement} */ (bar.firstElementChild);
      const needed = bar.classList.contains("word") ? 40 : 12 + 8 * (label.textContent ?? "").length;
      bar.classList.toggle("crowded", Number(bar.dataset.room) * perSecond < needed);
    }
  }

  /** The next (1) or previous (-1) stretch of words. @param {number} direction */
  jumpWord(direction) {
    const starts = this.words.map((word) => Number(word.dataset.from)).sort((a, b) => a - b);
    const next =
      direction > 0
        ? starts.find((s) => s > this.nowS + 0.01)
        : starts.reverse().find((s) => s < this.nowS - 0.3);
    if (next !== undefined) this.moveTo(next);
  }
}

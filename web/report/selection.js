/** A stretch of a call that a person measures: shown on the lanes, in words, and copied as text. */
import { clockText } from "./clock-text.js";

/** A stretch that begins further right in the view has its length written inside it, not behind it. */
const LATE = 0.7;

export class Selection {
  /** Where it began, in seconds; its head is where the cursor went. The same where nothing is selected. */
  anchorS = 0;
  headS = 0;

  /** @param {import("./timeline.js").CallTimeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    const find = (/** @type {string} */ selector) => (
      /** @type {HTMLElement} */ (timeline.root.querySelector(selector))
    );
    this.band = find(".selection");
    this.output = find(".measure output");
    this.buttons = find(".measure .some");
    this.hint = find(".measure .hint");
    this.copyButton = find('[data-do="selection-copy"]');
    this.copyButton.addEventListener("click", () => this.copy());
    find('[data-do="selection-clear"]').addEventListener("click", () => this.clear());
    find('[data-do="selection-zoom"]').addEventListener("click", () => timeline.zoomOnto(this));
    timeline.watchers.push({ viewed: (view) => this.draw(view) });
  }

  get fromS() {
    return Math.min(this.anchorS, this.headS);
  }

  get toS() {
    return Math.max(this.anchorS, this.headS);
  }

  get isEmpty() {
    return this.anchorS === this.headS;
  }

  /** "0:03.200 to 0:04.434: 1.234 s"; "" where nothing is selected. */
  get text() {
    if (this.isEmpty) return "";
    return `${clockText(this.fromS, 3)} to ${clockText(this.toS, 3)}: ${lengthText(this.toS - this.fromS)}`;
  }

  /** @param {number} anchorS @param {number} headS */
  select(anchorS, headS) {
    Object.assign(this, { anchorS, headS });
    this.band.hidden = this.buttons.hidden = this.isEmpty;
    this.hint.hidden = !this.isEmpty;
    this.output.textContent = this.text;
    this.copyButton.textContent = "Copy";
    /** @type {HTMLElement} */ (this.band.firstElementChild).textContent = lengthText(this.toS - this.fromS);
    const { endS } = this.timeline;
    this.band.style.setProperty("--from", String(this.fromS / endS));
    this.band.style.setProperty("--length", String((this.toS - this.fromS) / endS));
    this.timeline.drawSoon();
  }

  clear() {
    if (!this.isEmpty) this.select(this.headS, this.headS);
  }

  /**
   * Take what the cursor passes, as Shift does in a text: from where it stood, or further from
   * where the selection began, if the cursor stood at its head.
   *
   * @param {() => void} move Moves the cursor.
   */
  extend(move) {
    const stoodS = this.timeline.nowS;
    move();
    const goesOn = !this.isEmpty && stoodS === this.headS;
    this.select(goesOn ? this.anchorS : stoodS, this.timeline.nowS);
  }

  /** @param {import("./view.js").View} view */
  draw({ fromS, toS }) {
    this.band.classList.toggle("late", this.fromS > fromS + LATE * (toS - fromS));
  }

  /** Put it on the clipboard, which works in a page from disk too. */
  copy() {
    const put = (/** @type {ClipboardEvent} */ event) => event.defaultPrevented || this.putOn(event);
    document.addEventListener("copy", put);
    const isCopied = document.execCommand("copy");
    document.removeEventListener("copy", put);
    this.copyButton.textContent = isCopied ? "Copied" : "Not copied";
  }

  /** @param {ClipboardEvent} event */
  putOn(event) {
    event.clipboardData?.setData("text/plain", this.text);
    event.preventDefault();
  }
}

/** @param {number} seconds "432 ms", "1.234 s", "2:03.400". */
export function lengthText(seconds) {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  return seconds < 59.9995 ? `${seconds.toFixed(3)} s` : clockText(seconds, 3);
}

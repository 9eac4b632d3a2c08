/** Mouse, wheel and fingers on the lanes of a call. */
import { clockText } from "./clock-text.js";
import { Fingers } from "./fingers.js";

const ENDS_OF_DRAG = /** @type {const} */ (["pointerup", "pointercancel"]);
/** A pointer that moved less has clicked. */
const CLICK_PX = 3;
/** The wheel zooms by a factor of e in so many pixels. */
const WHEEL_PX = 200;

export class Pointing {
  /** Where a finger that is held began to select. */
  #anchorS = 0;

  /** @param {import("./timeline.js").CallTimeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.pointer = /** @type {HTMLElement} */ (timeline.lanes.querySelector(".pointer"));
    this.fingers = new Fingers({
      onTap: (x) => {
        timeline.moveTo(timeline.secondsAt(x), false);
        timeline.selection.clear();
      },
      onHold: (x) => {
        this.#anchorS = timeline.secondsAt(x);
        timeline.moveTo(this.#anchorS, false);
        timeline.selection.clear();
      },
      onDrag: (x) => this.selectTo(x, this.#anchorS),
      onPinch: ({ scale, fromX, toX }) => {
        timeline.zoomTo(timeline.zoom * scale, timeline.secondsAt(fromX));
        timeline.scroll.scrollLeft += fromX - toX;
      },
    });
    this.listen();
    this.listenToFingers();
  }

  listen() {
    const { timeline, pointer } = this;
    const { lanes, scroll } = timeline;
    lanes.addEventListener("pointerdown", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.button || target.closest("a, .mark, .label")) return;
      if (event.pointerType !== "touch") this.startDrag(event);
    });
    lanes.addEventListener("pointermove", (event) => {
      const seconds = timeline.secondsAt(event.clientX);
      pointer.hidden = event.pointerType === "touch";
      pointer.style.left = `${timeline.leftOf(seconds)}px`;
      /** @type {HTMLElement} */ (pointer.firstElementChild).textContent = clockText(seconds);
    });
    lanes.addEventListener("pointerleave", () => (pointer.hidden = true));
    const turn = (/** @type {WheelEvent} */ event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const zoom = timeline.zoom * Math.exp(-event.deltaY / WHEEL_PX);
      timeline.zoomTo(zoom, timeline.secondsAt(event.clientX));
    };
    scroll.addEventListener("wheel", turn, { passive: false });
  }

  /** One finger scrolls by itself, as long as nothing here needs it. */
  listenToFingers() {
    const { fingers } = this;
    const { lanes } = this.timeline;
    const keep = (/** @type {Event} */ event) => {
      if (fingers.isBusy && event.cancelable) event.preventDefault();
    };
    const options = { passive: false };
    lanes.addEventListener("touchmove", keep, options);
    lanes.addEventListener("contextmenu", keep);
    lanes.addEventListener("pointerdown", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.pointerType !== "touch" || target.closest(".label")) return;
      fingers.down(event);
      target.addEventListener("touchmove", keep, options); // it may leave the page while one zooms
    });
    addEventListener("pointermove", (event) => fingers.move(event));
    addEventListener("pointerup", (event) => fingers.up(event));
    addEventListener("pointercancel", (event) => fingers.cancel(event));
  }

  /** A click moves the cursor; dragging selects what it passes. @param {PointerEvent} start */
  startDrag(start) {
    const { timeline } = this;
    const anchorS = timeline.secondsAt(start.clientX);
    let isClick = true;
    timeline.moveTo(anchorS, false);
    const move = (/** @type {PointerEvent} */ { clientX }) => {
      isClick &&= Math.abs(clientX - start.clientX) < CLICK_PX;
      if (isClick) timeline.moveTo(timeline.secondsAt(clientX), false);
      else this.selectTo(clientX, anchorS);
    };
    const stop = () => {
      if (isClick) timeline.selection.clear();
      removeEventListener("pointermove", move);
      for (const type of ENDS_OF_DRAG) removeEventListener(type, stop);
    };
    addEventListener("pointermove", move);
    for (const type of ENDS_OF_DRAG) addEventListener(type, stop);
  }

  /** @param {number} x @param {number} anchorS */
  selectTo(x, anchorS) {
    const seconds = this.timeline.secondsAt(x);
    this.timeline.moveTo(seconds, false);
    this.timeline.selection.select(anchorS, seconds);
  }
}

/** Fingers on the lanes: one taps, or is held and then selects; two pinch. Knows no element. */

/** A finger that stays so long, and no further than this from its place, selects from there on. */
export const HOLD_MS = 450;
const STILL_PX = 10;
/** Two fingers nearer than this would zoom by leaps. */
const NEAREST_PX = 24;

/**
 * @typedef {Pick<PointerEvent, "pointerId" | "clientX" | "clientY">} Finger
 *
 * @typedef {object} FingerListeners What is told, in CSS pixels of the window.
 * @property {(x: number) => void} onTap
 * @property {(x: number) => void} onHold From here on it selects.
 * @property {(x: number) => void} onDrag It selects up to here.
 * @property {(pinch: {scale: number, fromX: number, toX: number}) => void} onPinch
 *   How much further apart two fingers are since they were told of last, and where their middle went.
 */

export class Fingers {
  /** @type {Map<number, Finger>} Those that are down, where they are. */
  #down = new Map();
  /** @type {Finger | null} One that may still become a tap or be held. */
  #still = null;
  #isHeld = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {FingerListeners} listeners */
  constructor(listeners) {
    this.listeners = listeners;
  }

  /** Whether they do something here, so that nothing may be scrolled by them. */
  get isBusy() {
    return this.#isHeld || this.#down.size > 1;
  }

  /** @param {Finger} finger */
  down(finger) {
    this.#down.set(finger.pointerId, finger);
    this.#settle();
    if (this.#down.size > 1) return;
    this.#still = finger;
    this.#timer = setTimeout(() => this.#hold(finger), HOLD_MS);
  }

  /** @param {Finger} finger */
  move(finger) {
    const before = this.#down.get(finger.pointerId);
    if (!before) return;
    this.#down.set(finger.pointerId, finger);
    if (this.#isHeld) return this.listeners.onDrag(finger.clientX);
    if (this.#still && distance(this.#still, finger) > STILL_PX) this.#settle();
    const other = [...this.#down.values()].find(({ pointerId }) => pointerId !== finger.pointerId);
    if (other) this.#pinch(other, before, finger);
  }

  /** @param {Finger} finger */
  up(finger) {
    const tapped = this.#still;
    this.cancel(finger);
    if (tapped) this.listeners.onTap(tapped.clientX);
  }

  /** The browser took the finger, to scroll by it. @param {Pick<Finger, "pointerId">} finger */
  cancel({ pointerId }) {
    this.#down.delete(pointerId);
    this.#settle();
  }

  /** It is no tap any more, and nothing is held. */
  #settle() {
    clearTimeout(this.#timer);
    this.#still = null;
    this.#isHeld = false;
  }

  /** @param {Finger} finger */
  #hold(finger) {
    this.#still = null;
    this.#isHeld = true;
    this.listeners.onHold(finger.clientX);
  }

  /** @param {Finger} other @param {Finger} before @param {Finger} now */
  #pinch(other, before, now) {
    const [apartBefore, apartNow] = [before, now].map((one) => Math.max(NEAREST_PX, distance(other, one)));
    const [fromX, toX] = [before, now].map(({ clientX }) => (clientX + other.clientX) / 2);
    this.listeners.onPinch({ scale: apartNow / apartBefore, fromX, toX });
  }
}

/** @param {Finger} one @param {Finger} other */
function distance(one, other) {
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
}

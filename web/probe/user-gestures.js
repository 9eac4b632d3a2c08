import { getterOf, isReal, quietly } from "./natives.js";
import { sharedGestures } from "./shared-natives.js";

/**
 * Whether somebody clicked, touched or typed on the page yet: what browsers ask before they let it be
 * heard (HTML, “sticky activation”).
 *
 * The browser has that as `navigator.userActivation`, but whoever drives it by DevTools changes that:
 * Playwright's every look at an element counts there as a click. So the events themselves are taken.
 *
 * A click counts for all frames of the page's origin, and for the next document of that origin. What
 * happens in frames of another origin is out of reach: there the browser's own word is taken, and a
 * frame in a page of another origin counts as clicked.
 */

const EVENTS = ["pointerdown", "pointerup", "mousedown", "touchend", "keydown"];

export class UserGestures {
  /**
   * @param {any} target The window.
   * @param {string} mark Name under which one document tells the next; a secret of the probe's.
   */
  constructor(target, mark) {
    this.target = target;
    this.mark = mark;
    this.shared = sharedGestures();
    const { getItem, setItem, removeItem } = target.Storage?.prototype ?? {};
    this.natives = {
      activation: getterOf(target.Navigator?.prototype, "userActivation"),
      getItem, setItem, removeItem,
    };
  }

  install() {
    const { target } = this;
    this.shared.seen ||= this.wasActive() || this.takeMark();
    for (const type of EVENTS) this.listen(type, (event) => this.on(event));
    if (target.top === target) this.listen("pagehide", () => this.leaveMark());
  }

  /** Was there one, as far as this frame may know? */
  get any() {
    return this.shared.seen || this.isInForeignPage() || (this.hasForeignFrame() && this.isActive());
  }

  /** @param {string} type @param {(event: any) => void} task */
  listen(type, task) {
    const told = (/** @type {any} */ event) => quietly(() => isReal(event) && task(event));
    this.target.addEventListener?.(type, told, true);
  }

  /** @param {any} event */
  on({ type, key, pointerType }) {
    if (type === "keydown" && key === "Escape") return;
    // A finger that goes down may be about to scroll.
    if (type === "pointerdown" && pointerType !== "mouse") return;
    this.shared.seen = true;
  }

  /** A document that was there before the probe: what was done on it only the browser knows. */
  wasActive() {
    return this.target.document?.readyState === "complete" && this.isActive();
  }

  isActive() {
    const { activation } = this.natives;
    return activation ? Boolean(Reflect.apply(activation, this.target.navigator, []).hasBeenActive) : false;
  }

  isInForeignPage() {
    for (let at = this.target; at.parent && at.parent !== at; at = at.parent) {
      if (!isReachable(at.parent)) return true;
    }
    return false;
  }

  hasForeignFrame() {
    const { target } = this;
    for (let at = 0; at < (target.length ?? 0); at += 1) if (!isReachable(target[at])) return true;
    return false;
  }

  /** @returns {boolean} */
  takeMark() {
    if (this.target.top !== this.target) return false;
    try {
      const storage = this.target.sessionStorage;
      const was = Reflect.apply(this.natives.getItem, storage, [this.mark]) !== null;
      Reflect.apply(this.natives.removeItem, storage, [this.mark]);
      return was;
    } catch {
      return false; // a document without storage, of a sandbox for example
    }
  }

  leaveMark() {
    if (this.shared.seen) Reflect.apply(this.natives.setItem, this.target.sessionStorage, [this.mark, ""]);
  }
}

/** @param {any} window */
function isReachable(window) {
  try {
    return Boolean(window.document);
  } catch {
    return false;
  }
}

import { getterOf, quietly, replaceAttribute, replaceConstructor, replaceMethod } from "./natives.js";

/**
 * The autoplay policy that people's browsers have: a page is not heard before its user has clicked,
 * unless it has a microphone or a camera open.
 *
 * The browser that we drive lets every page play, and its own policy would bind the probe as well: the
 * virtual microphone is none that the browser knows of, and what is received could not be listened to.
 * So the page meets here what Chromium's “document-user-activation-required” does. Not done: files
 * that an element plays by its attribute alone, and elements that take their `muted` off.
 *
 * Source: HTML, “allowed to play”; W3C webaudio, “allowed to start”; Chromium, autoplay_policy.cc.
 */

/** What a refused play() is rejected with. */
export const NOT_ALLOWED = "NotAllowedError";

const REFUSAL =
  "play() failed because the user didn't interact with the document first. https://goo.gl/xX8pDD";

export class AutoplayPolicy {
  /**
   * @param {object} parts
   * @param {any} parts.target The window.
   * @param {() => boolean} parts.isAllowed May the page be heard as it is now?
   * @param {(element: object) => boolean} parts.isOurs Elements of the harness play.
   * @param {(element: object) => void} [parts.onKeptStill] Told of one that would have played by its attribute.
   */
  constructor({ target, isAllowed, isOurs, onKeptStill = () => {} }) {
    this.target = target;
    this.isAllowed = isAllowed;
    this.isOurs = isOurs;
    this.onKeptStill = onKeptStill;
    const media = target.HTMLMediaElement?.prototype;
    this.natives = {
      muted: getterOf(media, "muted"),
      paused: getterOf(media, "paused"),
      autoplay: getterOf(media, "autoplay"),
      context: getterOf(target.AudioNode?.prototype, "context"),
      state: getterOf(target.BaseAudioContext?.prototype, "state"),
      addEventListener: target.EventTarget?.prototype.addEventListener,
      pause: media?.pause,
      suspend: target.AudioContext?.prototype.suspend,
      resume: target.AudioContext?.prototype.resume,
      then: target.Promise?.prototype.then,
      DOMException: target.DOMException,
      HTMLVideoElement: target.HTMLVideoElement,
      Promise: target.Promise,
    };
    /** Contexts that wait for a click, and whom they let wait. @type {WeakMap<object, (() => void)[]>} */
    this.held = new WeakMap();
  }

  /** To be done before anything else watches elements and contexts. @returns {() => void} The way back. */
  install() {
    const { target } = this;
    const media = target.HTMLMediaElement?.prototype;
    const undo = [
      replaceMethod(media, "play", (native, self, args) =>
        this.mayPlay(self) ? Reflect.apply(native, self, args) : this.refused(),
      ),
      ...["srcObject", "autoplay"].map((name) =>
        replaceAttribute(media, name, {
          set: (native, self, args) => {
            Reflect.apply(native, self, args);
            quietly(() => this.keepStill(self));
          },
        }),
      ),
      replaceConstructor(target, ["AudioContext", "webkitAudioContext"], (made) => this.hold(made)),
      replaceMethod(target.AudioContext?.prototype, "resume", (native, self, args) =>
        this.resume(native, self, args),
      ),
      ...["AudioScheduledSourceNode", "AudioBufferSourceNode"].map((name) =>
        replaceMethod(target[name]?.prototype, "start", (native, self, args) => {
          Reflect.apply(native, self, args);
          quietly(() => this.started(self));
        }),
      ),
    ];
    return () => undo.reverse().forEach((back) => back());
  }

  /** @param {any} element Anything that a page calls play() on. */
  mayPlay(element) {
    try {
      if (this.isOurs(element) || this.isAllowed() || this.isQuietVideo(element)) return true;
      return !Reflect.apply(this.natives.paused, element, []);
    } catch {
      return true; // no element: the browser's to refuse
    }
  }

  /** @param {any} element */
  isQuietVideo(element) {
    const { HTMLVideoElement, muted } = this.natives;
    return HTMLVideoElement && element instanceof HTMLVideoElement && Reflect.apply(muted, element, []);
  }

  refused() {
    return this.natives.Promise.reject(new this.natives.DOMException(REFUSAL, NOT_ALLOWED));
  }

  /** What would play by its attribute once it can does so no more; as paused as it was. @param {any} element */
  keepStill(element) {
    if (!Reflect.apply(this.natives.autoplay, element, []) || this.mayPlay(element)) return;
    Reflect.apply(this.natives.pause, element, []);
    this.onKeptStill(element);
  }

  /** It is as one that has not begun, which tells of no state. @param {any} context */
  hold(context) {
    if (this.isAllowed()) return;
    const { addEventListener, state, suspend } = this.natives;
    this.held.set(context, []);
    Reflect.apply(addEventListener, context, [
      "statechange",
      (/** @type {Event} */ event) => {
        if (this.held.has(context) && Reflect.apply(state, context, []) !== "closed") event.stopImmediatePropagation();
      },
    ]);
    Reflect.apply(suspend, context, []);
  }

  /** @param {any} native @param {any} context @param {any[]} args */
  resume(native, context, args) {
    const waiting = this.held.get(context);
    if (!waiting) return Reflect.apply(native, context, args);
    if (!this.isAllowed()) {
      return new this.natives.Promise((/** @type {() => void} */ resolve) => void (waiting[waiting.length] = resolve));
    }
    this.held.delete(context);
    const outcome = Reflect.apply(native, context, args);
    this.natives.then.call(outcome, () => waiting.forEach((resolve) => resolve()), () => {});
    return outcome;
  }

  /** A source that is started lets its context run, where it may by now. @param {any} source */
  started(source) {
    const context = Reflect.apply(this.natives.context, source, []);
    if (this.held.has(context) && this.isAllowed()) this.resume(this.natives.resume, context, []);
  }
}

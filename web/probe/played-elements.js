import { getterOf, quietly, replaceAttribute, replaceMethod } from "./natives.js";
import { watchCopies } from "./track-copies.js";

/**
 * Which of a page's media elements play which remote tracks, how loud, and why not.
 *
 * Nothing but an element's own state says whether a user hears it: what it plays cannot be tapped
 * behind its volume. Elements are found when they get a stream, in a document or not; the elements
 * that the harness makes are left out.
 *
 * @typedef {{ gain: number, reason: string }} Audible A factor, and why it is 0 where it is.
 */

const EVENTS = ["play", "playing", "pause", "volumechange", "ended", "emptied", "loadedmetadata", "loadeddata", "canplay", "waiting"];
const STATES = /** @type {const} */ (["srcObject", "muted", "volume", "autoplay", "paused", "ended", "readyState"]);

/** From here on an element has something to play. */
const HAVE_CURRENT_DATA = 2;

const NO_ELEMENT = "no element plays the track";

export class PlayedElements {
  /** @param {any} target The window. @param {() => void} changed Told when what is heard may have changed. */
  constructor(target, changed) {
    this.target = target;
    this.changed = changed;
    const prototype = target.HTMLMediaElement?.prototype;
    this.read = Object.fromEntries(STATES.map((name) => [name, getterOf(prototype, name)]));
    this.natives = {
      addEventListener: target.EventTarget?.prototype.addEventListener,
      getAudioTracks: target.MediaStream?.prototype.getAudioTracks,
      enabled: getterOf(target.MediaStreamTrack?.prototype, "enabled"),
      readyState: getterOf(target.MediaStreamTrack?.prototype, "readyState"),
      then: target.Promise?.prototype.then,
    };
    /** @type {Set<WeakRef<object>>} */
    this.elements = new Set();
    this.known = new WeakSet();
    /** Elements of the harness. @type {WeakSet<object>} */
    this.ours = new WeakSet();
    /** Elements whose sound a graph of the page takes. @type {WeakSet<object>} */
    this.rerouted = new WeakSet();
    /** Elements that were told to play once. @type {WeakSet<object>} */
    this.asked = new WeakSet();
    /** Names of the errors of play(). @type {WeakMap<object, string>} */
    this.refused = new WeakMap();
    /** Copies of tracks, and what they are copies of. @type {WeakMap<object, MediaStreamTrack>} */
    this.originals = new WeakMap();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const { target } = this;
    const media = target.HTMLMediaElement?.prototype;
    const undo = [
      replaceAttribute(media, "srcObject", {
        set: (native, self, args) => {
          Reflect.apply(native, self, args);
          this.watch(self);
        },
      }),
      replaceMethod(media, "play", (native, self, args) => this.play(native, self, args)),
      this.wrapEnabled(target.MediaStreamTrack?.prototype),
      this.wrapStop(target.MediaStreamTrack?.prototype),
      watchCopies(target, (original, copy) => this.originals.set(copy, this.originalOf(original))),
      ...["addTrack", "removeTrack"].map((name) =>
        replaceMethod(target.MediaStream?.prototype, name, (native, self, args) => {
          const result = Reflect.apply(native, self, args);
          this.changed();
          return result;
        }),
      ),
    ];
    return () => undo.forEach((back) => back());
  }

  /** An element of the harness: it is no part of the page. @param {object} element */
  leaveOut(element) {
    this.ours.add(element);
  }

  /** The element's sound goes into an audio graph, and nowhere else. @param {object} element */
  reroute(element) {
    this.rerouted.add(element);
    this.changed();
  }

  /** What a track is a copy of; itself, where it is none. @param {MediaStreamTrack} track */
  originalOf(track) {
    return this.originals.get(track) ?? track;
  }

  /** The audio tracks that an element has been given. @param {object} element @returns {MediaStreamTrack[]} */
  tracksOf(element) {
    const stream = this.state(element, "srcObject");
    try {
      return stream ? Reflect.apply(this.natives.getAudioTracks, stream, []) : [];
    } catch {
      return []; // no stream: a MediaSource, a file
    }
  }

  /** An element may not play, by the browser's policy. @param {object} element @param {string} why Name of the error. */
  refuse(element, why) {
    if (this.ours.has(element)) return;
    this.refused.set(element, why);
    this.changed();
  }

  /** The page's elements that have a stream. @returns {object[]} */
  live() {
    return this.all().filter((element) => this.state(element, "srcObject"));
  }

  /** The page's elements that are known. @returns {object[]} */
  all() {
    const found = [];
    for (const reference of this.elements) {
      const element = reference.deref();
      if (element === undefined) this.elements.delete(reference);
      else found.push(element);
    }
    return found;
  }

  /**
   * How loud a track is played, by whatever element plays it loudest.
   *
   * @param {MediaStreamTrack} track The original, not a copy.
   * @returns {Audible}
   */
  audible(track) {
    let best = { gain: 0, reason: NO_ELEMENT };
    for (const element of this.live()) {
      for (const copy of this.tracksOf(element)) {
        if (this.originalOf(copy) !== track) continue;
        const heard = this.through(element, copy);
        if (heard.gain > best.gain || best.reason === NO_ELEMENT) best = heard;
      }
    }
    return best;
  }

  /** @param {object} element @param {MediaStreamTrack} track @returns {Audible} */
  through(element, track) {
    const reason = this.silenceOf(element) ?? this.muteOf(track);
    return reason ? { gain: 0, reason } : { gain: this.state(element, "volume"), reason: "" };
  }

  /** @param {object} element @returns {string | null} */
  silenceOf(element) {
    return this.rerouteOf(element) ?? this.standstillOf(element) ?? this.quietOf(element);
  }

  /**
   * What an element makes of sound that comes only while it plays.
   *
   * @param {object} element @param {MediaStreamTrack} track @returns {number}
   */
  loudness(element, track) {
    const isSilent = this.rerouteOf(element) ?? this.quietOf(element) ?? this.muteOf(track);
    return isSilent ? 0 : this.state(element, "volume");
  }

  /** Does the element play, or will it once it can? @param {object} element */
  isToPlay(element) {
    return this.asked.has(element) || this.state(element, "autoplay") || !this.state(element, "paused");
  }

  /** @param {object} element @returns {string | null} */
  rerouteOf(element) {
    return this.rerouted.has(element) ? "the element's sound goes into an audio graph" : null;
  }

  /** Why an element does not play. @param {object} element @returns {string | null} */
  standstillOf(element) {
    const refused = this.refused.get(element);
    if (this.state(element, "ended")) return "the element's stream has ended";
    if (this.state(element, "paused")) return refused ? `play() was refused: ${refused}` : "the element is paused";
    return this.state(element, "readyState") < HAVE_CURRENT_DATA ? "the element has nothing to play yet" : null;
  }

  /** Why an element that plays is not heard. @param {object} element @returns {string | null} */
  quietOf(element) {
    if (this.state(element, "muted")) return "the element is muted";
    return this.state(element, "volume") === 0 ? "the element's volume is 0" : null;
  }

  /** Why a track plays silence: what the page did to it, which is not done to ours. @param {MediaStreamTrack} track */
  muteOf(track) {
    const { enabled, readyState } = this.natives;
    if (readyState && Reflect.apply(readyState, track, []) === "ended") return "the track was stopped";
    return enabled && !Reflect.apply(enabled, track, []) ? "the track is disabled" : null;
  }

  /** @param {object} element @param {(typeof STATES)[number]} name */
  state(element, name) {
    const get = this.read[name];
    return get ? Reflect.apply(get, element, []) : undefined;
  }

  /** @param {object} element */
  watch(element) {
    if (this.ours.has(element)) return;
    if (!this.known.has(element)) {
      this.known.add(element);
      this.elements.add(new WeakRef(element));
      for (const event of EVENTS) this.natives.addEventListener.call(element, event, this.changed);
    }
    this.changed();
  }

  /**
   * The promise is passed on, not watched: a refusal that the page ignores is told as one.
   *
   * @param {any} native @param {any} self @param {any[]} args
   */
  play(native, self, args) {
    if (!this.isElement(self)) return Reflect.apply(native, self, args);
    quietly(() => this.asked.add(self)); // before: what is listened to once it plays lacks its beginning
    quietly(() => this.watch(self));
    /** @type {Promise<void>} */
    const outcome = Reflect.apply(native, self, args);
    return this.natives.then.call(
      outcome,
      (/** @type {any} */ value) => {
        this.refused.delete(self);
        this.changed();
        return value;
      },
      (/** @type {any} */ error) => {
        quietly(() => this.refuse(self, String(error?.name ?? error)));
        throw error;
      },
    );
  }

  /** @param {any} object Anything that a page calls play() on. */
  isElement(object) {
    try {
      Reflect.apply(this.read[STATES[0]], object, []);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {any} prototype */
  wrapStop(prototype) {
    return replaceMethod(prototype, "stop", (native, self, args) => {
      Reflect.apply(native, self, args);
      this.changed();
    });
  }

  /** @param {any} prototype */
  wrapEnabled(prototype) {
    return replaceAttribute(prototype, "enabled", {
      set: (native, self, args) => {
        Reflect.apply(native, self, args);
        this.changed();
      },
    });
  }
}

import { serialize } from "./serialize.js";

/**
 * Number, stamp and batch envelopes on their way to Python.
 *
 * The first envelope after a quiet moment leaves at the end of its task, but for samples, for the audio
 * clock and for what the page sends. Each way out costs the browser half a millisecond, however little
 * leaves, and there are often others soon. What comes under load within a few milliseconds leaves
 * together, and what sounds the same is told once: "=" and the number of the envelope that has it
 * (harness/line/repeated_sound.py).
 *
 * Nothing is lost silently: a number is used up even when there is no room, so that the gap shows, and the
 * count is reported.
 *
 * @typedef {import("../types/envelope").EnvelopeData} EnvelopeData
 * @typedef {<T extends keyof EnvelopeData>(type: T, data: EnvelopeData[T]) => void} Emit
 * @typedef {{ pcm: string, seq: number, next: Sound | null }} Sound
 * @typedef {{ emit: Emit, flush: () => void, pageMs: () => number, frameId: string }} Sink
 */

export const ENVELOPE_VERSION = 1;

/** Most characters that wait for the way out (about a minute of audio both ways). */
const CAPACITY_CHARS = 24_000_000;

/** Under load a batch leaves this often; the first envelope after a quiet moment leaves at once. */
const GATHER_MS = 4;

/** So many envelopes with sound are looked through for the same one. */
const MOST_ALIKE = 8;

/** Sound is a tenth of a second old when it is told: it can wait so long for company, or to be it. */
const SOUND_WAITS_MS = 30;
const SOUND = { "microphone.samples": true, "heard.samples": true, "played.samples": true };

/** What a page called is for who reads the trace: nobody waits for it. */
const CALLS = { "page.webrtc_call": true };

/** The audio clock is right for long: where there is sound, that takes it along. The first is waited for. */
const CLOCK_WAITS_MS = 120;

/** A timer that is later than this is held back: those of a page that nobody sees may come once a second. */
const HELD_BACK_MS = 16;

/**
 * @param {object} options
 * @param {((payload: string) => void) | undefined} options.send The way out; may throw when the
 *   page is going away.
 * @param {string} options.frameId Names this page realm; another load gets another one.
 * @param {Pick<import("./time.js").Time, "pageMs" | "defer" | "soon">} options.time
 * @param {number} [options.capacityChars]
 * @returns {Sink}
 */
export function createSink({ send, frameId, time, capacityChars = CAPACITY_CHARS }) {
  const { pageMs, defer, soon } = time;
  /** Envelopes as one text: no array, whose methods a page may replace. */
  let waiting = "";
  let waitingChars = 0;
  /** Sound that waits, the latest first. @type {Sound | null} */
  let sounds = null;
  let lost = 0;
  let seq = 0;
  let scheduled = false;
  /** When the next timer is due. @type {number | null} */
  let dueMs = null;
  let knowsClock = false;
  let sentMs = -Infinity;

  /** @param {string} type @param {unknown} data */
  const number = (type, data) =>
    serialize({ v: ENVELOPE_VERSION, frame_id: frameId, seq: seq++, page_ms: pageMs(), type, data });

  /** @param {string} text */
  const append = (text) => {
    waiting += waiting ? `,${text}` : text;
  };

  const reportLoss = () => {
    const count = lost;
    lost = 0;
    append(number("sink.lost", { count }));
  };

  const flush = () => {
    scheduled = false;
    if (lost > 0) reportLoss();
    if (!waiting || !send) return;
    try {
      send(`[${waiting}]`);
    } catch {
      return; // kept: the next flush tries again, and the bound below counts what does not fit
    }
    waiting = "";
    waitingChars = 0;
    sounds = null;
    sentMs = pageMs();
  };

  /** @param {number} waitsMs How long it can wait; 0 for what is in a hurry. */
  const schedule = (waitsMs) => {
    if (scheduled) return;
    const sinceMs = pageMs() - sentMs;
    const isQuiet = sinceMs > GATHER_MS;
    if (waitsMs > 0 && isQuiet && !isHeldBack()) return wait(waitsMs);
    scheduled = true;
    if (isQuiet) soon(flush);
    else defer(flush, GATHER_MS - sinceMs);
  };

  /** What comes meanwhile and is in a hurry takes it along. @param {number} waitsMs */
  const wait = (waitsMs) => {
    const untilMs = pageMs() + waitsMs;
    if (dueMs !== null && dueMs <= untilMs) return;
    dueMs = untilMs;
    defer(() => {
      if (dueMs !== untilMs) return; // an earlier one came in its place
      dueMs = null;
      if (!scheduled) flush();
    }, waitsMs);
  };

  const isHeldBack = () => dueMs !== null && pageMs() - dueMs > HELD_BACK_MS;

  /** @param {string} type @param {any} data */
  const patienceOf = (type, data) => {
    if (type in SOUND || type in CALLS) return SOUND_WAITS_MS;
    if (type === "audio.anchor" && knowsClock) return CLOCK_WAITS_MS;
    knowsClock ||= type === "audio.anchor";
    // A question can wait for its answer: nobody reacts to it, and it has its time.
    return data.direction === "sent" ? GATHER_MS : 0;
  };

  /** @type {Emit} */
  const emit = (type, data) => {
    const pcm = type in SOUND ? /** @type {any} */ (data).pcm : "";
    const same = pcm && seqOf(sounds, pcm);
    const text = number(type, same ? { ...data, pcm: same } : data);
    if (waitingChars + text.length > capacityChars) {
      lost += 1;
    } else {
      append(text);
      waitingChars += text.length;
      if (pcm && !same) sounds = { pcm, seq: seq - 1, next: sounds };
    }
    schedule(patienceOf(type, data));
  };
  return { emit, flush, pageMs, frameId };
}

/** Which envelope has this sound, as it is named; "" for none. @param {Sound | null} sounds @param {string} pcm */
function seqOf(sounds, pcm) {
  for (let sound = sounds, i = 0; sound && i < MOST_ALIKE; sound = sound.next, i++) {
    if (sound.pcm === pcm) return `=${sound.seq}`;
  }
  return "";
}

import { getterOf } from "./natives.js";
import { redactSdp, redactUrl } from "./redact.js";

/**
 * What a page gives to a call, in a few words each, without secrets.
 *
 * Descriptions are told by their kind and length: the trace has them where they are set. Nothing of
 * the page's runs for it: getters of its objects are left alone.
 */

const MOST_ARGUMENTS = 4;
const MOST_MEMBERS = 8;
const MOST_DEPTH = 4;

/** Characters of one text, and of one argument. */
const MOST_TEXT = 60;
const MOST_CHARS = 160;

/** Characters of an error's message, and of a place in the page's scripts. */
export const MOST_WORDS = 300;

const SECRET = /credential|passw|secret|token|username|key|auth|ice-?pwd/i;
const ADDRESS = /\b(?:https?|wss?|turns?|stuns?):[^\s'")]+/gi;
const KEY = /\b(?:sk|ek|pk)[-_][\w-]{8,}|\beyJ[\w.-]{10,}/g;

const { getOwnPropertyDescriptor, getPrototypeOf, keys } = Object;
const { isArray } = Array;
const plainPrototype = Object.prototype;

export class CallWords {
  /** @param {any} target The window. */
  constructor(target) {
    /** What the browser's own objects are told by. @type {[get: any, tell: (value: any, read: any) => string][]} */
    this.known = [
      [getterOf(target.MediaStreamTrack?.prototype, "kind"), (_, kind) => plain(String(kind))],
      [getterOf(target.MediaStream?.prototype, "active"), () => "stream"],
      [getterOf(target.RTCSessionDescription?.prototype, "sdp"), (value, sdp) => description(read(this.type, value), sdp)],
      [getterOf(target.RTCIceCandidate?.prototype, "candidate"), (_, text) => candidate(text)],
      [getterOf(target.RTCRtpSender?.prototype, "track"), () => "sender"],
    ];
    this.type = getterOf(target.RTCSessionDescription?.prototype, "type");
  }

  /** @param {any[]} args @returns {string[]} */
  ofAll(args) {
    const words = [];
    for (let i = 0; i < args.length && i < MOST_ARGUMENTS; i++) words[i] = cut(this.of(args[i], 0), MOST_CHARS);
    return words;
  }

  /** @param {any} value @param {number} depth @returns {string} */
  of(value, depth) {
    if (typeof value === "string") return text(value);
    if (typeof value === "function") return "function";
    if (typeof value === "symbol") return "symbol";
    if (typeof value !== "object" || value === null) return `${value}`;
    if (depth === MOST_DEPTH) return "…";
    if (isArray(value)) return this.ofArray(value, depth);
    const prototype = getPrototypeOf(value);
    if (prototype === null || prototype === plainPrototype) return this.ofObject(value, depth);
    for (const [get, tell] of this.known) {
      const found = read(get, value);
      if (found !== undefined) return tell(value, found);
    }
    return "object";
  }

  /** @param {any[]} values @param {number} depth */
  ofArray(values, depth) {
    let words = "";
    for (let i = 0; i < values.length && i < MOST_MEMBERS; i++) {
      words += `${i ? ", " : ""}${this.of(valueOf(values, `${i}`), depth + 1)}`;
    }
    return `[${words}${values.length > MOST_MEMBERS ? ", …" : ""}]`;
  }

  /** @param {any} object @param {number} depth */
  ofObject(object, depth) {
    const sdp = valueOf(object, "sdp");
    if (typeof sdp === "string") return description(valueOf(object, "type"), sdp);
    const line = valueOf(object, "candidate");
    if (typeof line === "string") return candidate(line);
    const names = keys(object);
    let words = "";
    for (let i = 0; i < names.length && i < MOST_MEMBERS; i++) {
      const value = valueOf(object, names[i]);
      if (value === undefined) continue;
      const told = SECRET.test(names[i]) ? "***" : this.of(value, depth + 1);
      words += `${words ? ", " : ""}${cut(plain(names[i]), MOST_TEXT)}: ${told}`;
    }
    return `{${words}${names.length > MOST_MEMBERS ? ", …" : ""}}`;
  }
}

/** An error's name and message, without secrets. @param {any} error @returns {{ name: string, message: string }} */
export function wordsOfError(error) {
  if (error === null || error === undefined) return { name: "", message: "" };
  const name = typeof error === "object" ? String(error.name ?? "Error") : "Error";
  const message = String(typeof error === "object" ? (error.message ?? "") : error);
  return { name: cut(name, MOST_TEXT), message: cut(plain(redactSdp(message)), MOST_WORDS) };
}

/** @param {unknown} type @param {string} sdp */
function description(type, sdp) {
  return `${plain(cut(String(type ?? "description"), 20))}, ${sdp.length} characters`;
}

/** @param {string} line */
function candidate(line) {
  return line ? text(line) : "end of candidates";
}

/** @param {string} value */
function text(value) {
  if (value.startsWith("v=0")) return `SDP, ${value.length} characters`;
  // Longer than is told: what is cut in the middle of a secret is not known as one.
  return `"${cut(plain(cut(value, 4 * MOST_TEXT)), MOST_TEXT)}"`;
}

/** Without what may be a secret. @param {string} value */
function plain(value) {
  return value.replace(ADDRESS, redactUrl).replace(KEY, "***");
}

/** @param {string} value @param {number} most */
export function cut(value, most) {
  return value.length > most ? `${value.slice(0, most - 1)}…` : value;
}

/** A member that is a value; what a getter of the page's would say is not asked. @param {any} object @param {string} name */
function valueOf(object, name) {
  return getOwnPropertyDescriptor(object, name)?.value;
}

/** What a getter of the browser's says; undefined of an object that is none of its kind. @param {any} get @param {any} value */
function read(get, value) {
  try {
    return get && Reflect.apply(get, value, []);
  } catch {
    return undefined;
  }
}

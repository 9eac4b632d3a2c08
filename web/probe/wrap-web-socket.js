import { isReal, quietly, replaceConstructor, replaceMethod } from "./natives.js";
import { redactUrl } from "./redact.js";
import { textualBytes } from "./textual-bytes.js";
import { utf8Length } from "./utf8.js";

/**
 * Report a WebSocket's life and its messages, both ways.
 *
 * A page's sound may go over one. Sound says nothing to a protocol, and a hundred messages a
 * second of it would fill the call's memory: long base64 in a text is told as "…", and of messages
 * that are sound alone, one a second and direction is told, with how much sound came since the one before.
 *
 * Source: WHATWG WebSockets.
 *
 * @typedef {{ socket: string, label: string }} Name
 */

const BASE64 = /[A-Za-z0-9+/_=-]{400,}/g;

/** Texts beyond are told by their length only. */
const MOST_CHARS = 256_000;

/** A text whose base64 was taken out and that is no longer than this is sound alone. */
const SOUND_CHARS = 500;

const SOUND_EVERY_MS = 1000;

const TYPE = /"type"\s*:\s*"([^"]*)"/;

export class WebSockets {
  /** @param {import("./sink.js").Sink} sink @param {any} target The window. */
  constructor(sink, target) {
    this.sink = sink;
    this.target = target;
    this.count = 0;
    /** @type {WeakMap<WebSocket, Name>} */
    this.names = new WeakMap();
    /** @type {Set<WebSocket>} Those not closed yet. */
    this.open = new Set();
    /** When sound was told last, by socket, direction and length. @type {Map<string, number>} */
    this.soundMs = new Map();
    /** Bytes of sound since it was told last, by socket, direction and type of message. @type {Map<string, number>} */
    this.soundBytes = new Map();
  }

  /** @returns {() => void} Puts the originals back. */
  install() {
    const prototype = this.target.WebSocket?.prototype;
    const undo = [
      replaceMethod(prototype, "send", (native, self, args) => {
        const result = Reflect.apply(native, self, args);
        const name = this.names.get(self);
        if (name) quietly(() => this.reportMessage(name, "sent", args[0]));
        return result;
      }),
      replaceConstructor(this.target, ["WebSocket"], (socket) => this.observe(socket)),
    ];
    return () => undo.forEach((back) => back());
  }

  /** @param {WebSocket} socket */
  observe(socket) {
    const name = { socket: `socket-${this.count++}`, label: withoutQuery(redactUrl(socket.url)) };
    const { sink } = this;
    this.names.set(socket, name);
    this.open.add(socket);
    sink.emit("web_socket.created", name);
    socket.addEventListener("open", () => sink.emit("web_socket.open", { ...name, subprotocol: socket.protocol }));
    socket.addEventListener("message", ({ data }) =>
      quietly(() => this.reportMessage(name, "received", data)),
    );
    socket.addEventListener("close", (event) => {
      if (!isReal(event) || !this.open.delete(socket)) return;
      const { code, reason } = /** @type {CloseEvent} */ (event);
      sink.emit("web_socket.closed", { ...name, code, reason });
    });
  }

  /** @param {Name} name @param {"sent" | "received"} direction @param {any} data */
  reportMessage(name, direction, data) {
    const size = sizeOf(data);
    if (size !== null) {
      const bytes = textualBytes(data);
      const sound = bytes === null ? this.countSound(name, direction, "", size) : null;
      if (sound !== null && !this.tellsSound(name, direction, "bytes")) return;
      this.sink.emit("web_socket.message", {
        ...name,
        direction,
        text: null,
        bytes_length: size,
        data: bytes,
        sound_bytes: this.takeSound(sound),
      });
      return;
    }
    const whole = `${data}`; // whatever is no bytes is sent as a text
    let bytes = 0;
    const text = whole.replace(BASE64, (base64) => {
      bytes += Math.floor((base64.replace(/=+$/, "").length * 3) / 4);
      return "…";
    });
    const isSound = text.length < whole.length && text.length <= SOUND_CHARS;
    const sound = isSound ? this.countSound(name, direction, TYPE.exec(text)?.[1] ?? "", bytes) : null;
    if (sound !== null && !this.tellsSound(name, direction, `${text.length}`)) return;
    this.sink.emit("web_socket.message", {
      ...name,
      direction,
      text: text.length <= MOST_CHARS ? text : null,
      bytes_length: utf8Length(whole),
      data: null,
      sound_bytes: this.takeSound(sound),
    });
  }

  /**
   * Sound that went, told or not.
   *
   * @param {Name} name @param {string} direction @param {string} type Of its message. @param {number} bytes
   * @returns {string} Under which it is counted.
   */
  countSound({ socket }, direction, type, bytes) {
    const key = `${socket} ${direction} ${type}`;
    this.soundBytes.set(key, (this.soundBytes.get(key) ?? 0) + bytes);
    return key;
  }

  /** How much it is by now; it begins anew. @param {string | null} key Null: it is no sound. */
  takeSound(key) {
    if (key === null) return null;
    const bytes = this.soundBytes.get(key) ?? 0;
    this.soundBytes.delete(key);
    return bytes;
  }

  /** @param {Name} name @param {string} direction @param {string} kind Messages that look alike. */
  tellsSound({ socket }, direction, kind) {
    const key = `${socket} ${direction} ${kind}`;
    const nowMs = this.sink.pageMs();
    if (nowMs - (this.soundMs.get(key) ?? -Infinity) < SOUND_EVERY_MS) return false;
    this.soundMs.set(key, nowMs);
    return true;
  }

  /**
   * Send a text through the page's own WebSocket, as the page itself would.
   *
   * @param {string} label
   * @param {string} text
   * @returns {boolean} False where no open one has that address.
   */
  send(label, text) {
    for (const socket of this.open) {
      if (this.names.get(socket)?.label === label && socket.readyState === 1) {
        socket.send(text);
        return true;
      }
    }
    return false;
  }
}

/** @param {string} url */
function withoutQuery(url) {
  return url.replace(/[?#].*$/, "");
}

/** The bytes of a buffer, a view or a Blob; null for anything else. @param {any} data @returns {number | null} */
function sizeOf(data) {
  if (typeof data !== "object" || data === null) return null;
  const size = data.byteLength ?? data.size;
  return typeof size === "number" ? size : null;
}

import { isReal, quietly, replaceMethod } from "./natives.js";
import { unseen } from "./page-calls.js";
import { pageLine } from "./page-line.js";
import { textualBytes } from "./textual-bytes.js";
import { utf8Length } from "./utf8.js";

/**
 * Report a data channel's life and its messages, both ways.
 *
 * @typedef {{ connection: string, channel: string, label: string }} Name
 */

export class DataChannels {
  /** @param {import("./sink.js").Sink} sink @param {any} target The window. */
  constructor(sink, target) {
    this.sink = sink;
    this.target = target;
    this.count = 0;
    /** @type {WeakMap<RTCDataChannel, Name>} */
    this.names = new WeakMap();
    /** @type {Set<RTCDataChannel>} Those not closed yet. */
    this.open = new Set();
  }

  /** @returns {() => void} Puts the original back. */
  install() {
    const prototype = this.target.RTCDataChannel?.prototype;
    return replaceMethod(prototype, "send", (native, self, args) => {
      const name = this.names.get(self);
      const result = this.trySend(name, native, self, args);
      if (name) quietly(() => this.reportMessage(name, "sent", args[0]));
      return result;
    });
  }

  /** @param {Name | undefined} name @param {any} native @param {RTCDataChannel} self @param {any[]} args */
  trySend(name, native, self, args) {
    try {
      return Reflect.apply(native, self, args);
    } catch (/** @type {any} */ error) {
      if (!name) throw error; // no channel at all, perhaps
      const { readyState: state } = self;
      const message = String(error?.message ?? error);
      const line = pageLine(error);
      quietly(() => this.sink.emit("data_channel.send_failed", { ...name, state, message, line }));
      throw error;
    }
  }

  /**
   * @param {RTCDataChannel} channel
   * @param {string} connection
   * @param {"local" | "remote"} side Who opened it.
   */
  observe(channel, connection, side) {
    const name = { connection, channel: `channel-${this.count++}`, label: channel.label };
    const { sink } = this;
    this.names.set(channel, name);
    this.open.add(channel);
    const { id, negotiated } = channel;
    sink.emit("data_channel.created", { ...name, side, negotiated, id: negotiated ? id : null });
    let announced = false;
    const announce = () => {
      if (!announced) sink.emit("data_channel.open", name);
      announced = true; // one that the other side opened is open before its event
    };
    channel.addEventListener("open", announce);
    channel.addEventListener("message", ({ data }) => this.reportMessage(name, "received", data));
    channel.addEventListener("error", (event) => {
      const message = String(/** @type {any} */ (event).error?.message ?? "unknown");
      sink.emit("data_channel.error", { ...name, message });
    });
    channel.addEventListener("close", (event) => {
      if (isReal(event)) this.close(channel, name);
    });
    if (channel.readyState === "open") announce();
  }

  /** @param {RTCDataChannel} channel @param {Name} name */
  close(channel, name) {
    if (this.open.delete(channel)) this.sink.emit("data_channel.closed", name);
  }

  /** @param {Name} name @param {"sent" | "received"} direction @param {any} data */
  reportMessage(name, direction, data) {
    const bytes = sizeOf(data);
    const text = bytes === null ? `${data}` : null; // whatever is no bytes is sent as a text
    const bytes_length = bytes ?? utf8Length(/** @type {string} */ (text));
    const held = bytes === null ? null : textualBytes(data);
    this.sink.emit("data_channel.message", { ...name, direction, text, bytes_length, data: held });
  }

  /**
   * Send a text through the page's own channel, as the page itself would.
   *
   * @param {string} label
   * @param {string} text
   * @returns {boolean} False where no open channel has that label.
   */
  send(label, text) {
    for (const channel of this.open) {
      if (channel.label === label && channel.readyState === "open") {
        unseen(() => channel.send(text));
        return true;
      }
    }
    return false;
  }
}

/** The bytes of a buffer, a view or a Blob; null for anything else. @param {any} data @returns {number | null} */
function sizeOf(data) {
  if (typeof data !== "object" || data === null) return null;
  const size = data.byteLength ?? data.size;
  return typeof size === "number" ? size : null;
}

/** The socket of an inspection: opened again where it was lost, until the inspection has ended. */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** @typedef {"connecting" | "open" | "lost" | "ended"} SocketState */

export class Connection {
  #address;
  #onState;
  #onMessage;
  /** @type {WebSocket | null} */
  #socket = null;
  #wait_ms = FIRST_WAIT_MS;
  #hasEnded = false;

  /**
   * @param {string} address
   * @param {object} told
   * @param {(state: SocketState) => void} told.onState
   * @param {(message: any) => void} told.onMessage The first one after "open" has all there is.
   */
  constructor(address, { onState, onMessage }) {
    this.#address = address;
    this.#onState = onState;
    this.#onMessage = onMessage;
  }

  open() {
    this.#onState("connecting");
    const socket = (this.#socket = new WebSocket(this.#address));
    socket.addEventListener("open", () => {
      this.#wait_ms = FIRST_WAIT_MS;
      this.#onState("open");
    });
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      this.#hasEnded ||= "end" in message;
      this.#onMessage(message);
    });
    socket.addEventListener("close", () => this.#closed());
  }

  /** @param {string} line A command. @returns {boolean} Whether somebody gets it. */
  send(line) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(line);
    return true;
  }

  #closed() {
    this.#onState(this.#hasEnded ? "ended" : "lost");
    if (this.#hasEnded) return;
    setTimeout(() => this.open(), this.#wait_ms);
    this.#wait_ms = Math.min(2 * this.#wait_ms, LONGEST_WAIT_MS);
  }
}

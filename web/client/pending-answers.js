/**
 * Client events that wait for the server's answer.
 *
 * The server does not repeat a client event's id when all is well, only in an `error` event.
 * So each waiter says which event is its answer, and is refused by the error with its id.
 */
import { CallError } from "./errors.js";

/**
 * One event as it stands on the data channel.
 *
 * @typedef {{type: string, event_id?: string} & Record<string, any>} WireEvent
 *
 * @typedef {object} Waiter
 * @property {string} eventId
 * @property {(event: WireEvent) => boolean} isAnswer
 * @property {(event: WireEvent) => void} resolve
 * @property {(error: CallError) => void} reject
 */

export class PendingAnswers {
  /** @type {Set<Waiter>} */
  #waiters = new Set();
  #timers;

  /** @param {{setTimeout: (call: () => void, after_ms: number) => any, clearTimeout: (id: any) => void}} timers */
  constructor(timers) {
    this.#timers = timers;
  }

  /**
   * @param {object} wait
   * @param {string} wait.eventId Id of the client event that was sent, or "" for none.
   * @param {string} wait.what What is waited for, for the error message.
   * @param {(event: WireEvent) => boolean} wait.isAnswer
   * @param {number} wait.within_ms
   * @returns {Promise<WireEvent>} The answer.
   */
  wait({ eventId, what, isAnswer, within_ms }) {
    return new Promise((resolve, reject) => {
      const seconds = Math.round(within_ms / 1000);
      const late = () => end(() => reject(new CallError("timeout", `No ${what} within ${seconds} s.`)));
      const timer = this.#timers.setTimeout(late, within_ms);
      /** @param {() => void} finish */
      const end = (finish) => {
        this.#timers.clearTimeout(timer);
        this.#waiters.delete(waiter);
        finish();
      };
      /** @type {Waiter} */
      const waiter = {
        eventId,
        isAnswer,
        resolve: (event) => end(() => resolve(event)),
        reject: (error) => end(() => reject(error)),
      };
      this.#waiters.add(waiter);
    });
  }

  /** @param {WireEvent} event One event from the server. */
  receive(event) {
    for (const waiter of [...this.#waiters]) {
      if (event.type === "error" && waiter.eventId && event.error?.event_id === waiter.eventId) {
        waiter.reject(refusedBy(event));
      } else if (waiter.isAnswer(event)) {
        waiter.resolve(event);
      }
    }
  }

  /** @param {CallError} error What every waiter gets: the call is over. */
  endAll(error) {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}

/** @param {WireEvent} event An `error` event. */
function refusedBy(event) {
  const { message, code } = event.error ?? {};
  return new CallError(code ?? "refused", message ?? "The server refused the event.");
}

/** The buttons, the volume slider and the lines of words around them. */

/**
 * What the controls show.
 *
 * @typedef {object} View
 * @property {import("./client.js").Status} status
 * @property {boolean} isMuted
 * @property {boolean} isManual The person ends turns by hand.
 * @property {import("./conversation.js").Activity} activity
 * @property {number} volume 0 to 2.
 *
 * @typedef {object} Actions
 * @property {() => void} start
 * @property {() => void} hangUp
 * @property {() => void} toggleMute
 * @property {() => void} interrupt
 * @property {() => void} sendTurn
 * @property {(volume: number) => void} setVolume
 */

const STATUS_WORDS = {
  idle: "Not connected",
  connecting: "Connecting…",
  connected: "Connected",
  interrupted: "Connection interrupted",
  ended: "Call ended",
};

const ACTIVITY_WORDS = {
  user_speaking: "You are speaking",
  assistant_speaking: "The assistant is speaking",
  thinking: "The assistant is thinking",
  quiet: "Listening",
};

/**
 * @param {Pick<View, "status" | "isMuted" | "activity">} view
 * @returns {string} What goes on right now, one line; "" outside a call.
 */
export function activityWords({ status, isMuted, activity }) {
  if (status !== "connected") return "";
  return activity === "quiet" && isMuted ? "Your microphone is off" : ACTIVITY_WORDS[activity];
}

export class Controls {
  #elements;
  /** @type {number | null} */
  #began_ms = null;

  /**
   * @param {Document} document
   * @param {Actions} actions
   */
  constructor(document, actions) {
    const find = finder(document);
    this.#elements = {
      root: document.documentElement,
      status: find("status", HTMLElement),
      activity: find("activity", HTMLElement),
      elapsed: find("elapsed", HTMLElement),
      start: find("start", HTMLButtonElement),
      hangUp: find("hang-up", HTMLButtonElement),
      mute: find("mute", HTMLButtonElement),
      interrupt: find("interrupt", HTMLButtonElement),
      sendTurn: find("send-turn", HTMLButtonElement),
      volume: find("volume", HTMLInputElement),
      volumeWords: find("volume-words", HTMLElement),
    };
    const { start, hangUp, mute, interrupt, sendTurn, volume } = this.#elements;
    start.addEventListener("click", actions.start);
    hangUp.addEventListener("click", actions.hangUp);
    mute.addEventListener("click", actions.toggleMute);
    interrupt.addEventListener("click", actions.interrupt);
    sendTurn.addEventListener("click", actions.sendTurn);
    volume.addEventListener("input", () => actions.setVolume(volume.valueAsNumber));
  }

  /** @param {View} view */
  render(view) {
    const { root, status, activity, interrupt, mute, sendTurn } = this.#elements;
    const isUp = view.status === "connected" || view.status === "interrupted";
    root.dataset.status = view.status;
    root.dataset.activity = isUp ? view.activity : "quiet";
    setText(status, STATUS_WORDS[view.status]);
    setText(activity, activityWords(view));
    mute.setAttribute("aria-pressed", String(view.isMuted));
    interrupt.disabled = !isUp || !["assistant_speaking", "thinking"].includes(view.activity);
    sendTurn.hidden = !isUp || !view.isManual;
    this.#renderVolume(view.volume);
    this.#renderStart(isUp || view.status === "connecting");
  }

  /** @param {number} now_ms Any steady clock. */
  renderElapsed(now_ms) {
    const isUp = ["connected", "interrupted"].includes(this.#elements.root.dataset.status ?? "");
    if (!isUp) this.#began_ms = null;
    else this.#began_ms ??= now_ms;
    const elapsed_ms = this.#began_ms === null ? null : now_ms - this.#began_ms;
    setText(this.#elements.elapsed, elapsed_ms === null ? "" : clockWords(elapsed_ms));
  }

  /** @param {boolean} isBusy */
  #renderStart(isBusy) {
    const { start, hangUp } = this.#elements;
    const [shown, hidden] = isBusy ? [hangUp, start] : [start, hangUp];
    const hadFocus = hidden.ownerDocument.activeElement === hidden;
    shown.hidden = false;
    hidden.hidden = true;
    // The button under the person's finger was exchanged: the focus goes along.
    if (hadFocus) shown.focus();
  }

  /** @param {number} level */
  #renderVolume(level) {
    const { volume, volumeWords } = this.#elements;
    const words = `${Math.round(level * 100)} %`;
    if (volume.valueAsNumber !== level) volume.valueAsNumber = level;
    volume.style.setProperty("--filled", `${level * 50}%`);
    volume.setAttribute("aria-valuetext", words);
    setText(volumeWords, words);
  }
}

/**
 * @param {number} elapsed_ms
 * @returns {string} Minutes and seconds, "3:07".
 */
export function clockWords(elapsed_ms) {
  const seconds = Math.floor(elapsed_ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * Find elements by id, of the class we count on.
 *
 * @param {Document} document
 */
export function finder(document) {
  /**
   * @template {HTMLElement} T
   * @param {string} id
   * @param {new () => T} kind
   * @returns {T}
   */
  return (id, kind) => {
    const found = document.getElementById(id);
    if (found instanceof kind) return found;
    throw new Error(`The page has no ${kind.name} with id "${id}".`);
  };
}

/**
 * Set text only when it changed, so that live regions speak only of changes.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * The transcript on the page: one list item a turn, kept in step with the conversation.
 *
 * All words are set as text, never as HTML. A turn is aria-busy while it grows, so that a screen
 * reader announces it once, whole.
 */
import { element } from "./toasts.js";

/** @typedef {import("./turns.js").Turn} Turn */

const NAMES = { user: "You", assistant: "Assistant", tool: "Tool" };
/** Within this distance of its end the transcript follows what is new. */
const FOLLOW_PX = 80;

export class ConversationView {
  /** Whether what is new is scrolled to, where its end was in view before. */
  follows = true;
  /** @type {Record<Turn["role"], string>} */
  names = NAMES;
  #list;
  #scroller;
  #empty;
  #extras;
  /** @type {Map<string, {item: HTMLElement, shown: string}>} */
  #items = new Map();

  /**
   * @param {{list: HTMLElement, scroller: HTMLElement, empty: HTMLElement}} places `empty` is
   *   shown while there are no turns.
   * @param {(turn: Turn) => HTMLElement[]} [extras] Draws what a turn has beside its words.
   */
  constructor({ list, scroller, empty }, extras = () => []) {
    this.#list = list;
    this.#scroller = scroller;
    this.#empty = empty;
    this.#extras = extras;
  }

  /** What is drawn is drawn anew with the next `render`: its extras may look different. */
  forget() {
    this.#items.clear();
    this.#list.replaceChildren();
  }

  /** @param {readonly Turn[]} turns */
  render(turns) {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
    this.#empty.hidden = turns.length > 0;
    this.#removeOthers(turns);
    turns.forEach((turn, index) => {
      const item = this.#itemOf(turn);
      const there = this.#list.children[index];
      if (there !== item) this.#list.insertBefore(item, there ?? null);
    });
    if (isAtEnd && this.follows) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** @param {readonly Turn[]} turns */
  #removeOthers(turns) {
    const ids = new Set(turns.map(({ id }) => id));
    for (const [id, { item }] of this.#items) {
      if (ids.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
  }

  /** @param {Turn} turn */
  #itemOf(turn) {
    const known = this.#items.get(turn.id) ?? { item: element("li", `turn turn-${turn.role}`), shown: "" };
    this.#items.set(turn.id, known);
    const shown = JSON.stringify(turn);
    if (known.shown === shown) return known.item;
    known.shown = shown;
    fill(known.item, turn, this.names[turn.role], this.#extras(turn));
    return known.item;
  }
}

/**
 * @param {HTMLElement} item
 * @param {Turn} turn
 * @param {string} who
 * @param {HTMLElement[]} extras
 */
function fill(item, turn, who, extras) {
  item.dataset.item = turn.id;
  item.dataset.phase = turn.phase;
  item.setAttribute("aria-busy", String(turn.phase === "live"));
  const heard = turn.heardCharacters ?? turn.text.length;
  const text = element("p", "turn-text");
  text.append(element("span", "turn-heard", turn.text.slice(0, heard)));
  const unheard = turn.text.slice(heard);
  if (unheard) {
    text.append(element("span", "visually-hidden", " Not heard: "), element("s", "turn-unheard", unheard));
  }
  if (!turn.text && turn.phase === "live") text.append(waiting(turn));
  const words = turn.text || turn.phase === "live" || extras.length === 0 ? [text] : [];
  item.replaceChildren(element("p", "turn-who", who), ...words, ...extras);
  const note = noteOf(turn);
  if (note) item.append(element("p", "turn-note", note));
}

/** @param {Turn} turn */
function waiting({ role }) {
  const dots = element("span", "turn-waiting");
  dots.append(element("span", "visually-hidden", role === "user" ? "Listening" : "Thinking"));
  for (let dot = 0; dot < 3; dot++) dots.append(element("i", "turn-dot"));
  return dots;
}

/**
 * @param {Turn} turn
 * @returns {string} The remark under a turn, or "".
 */
export function noteOf({ phase, heard_ms, note }) {
  if (phase !== "interrupted") return note;
  if (heard_ms === null) return "Interrupted";
  return `Interrupted after ${(heard_ms / 1000).toFixed(1)} s`;
}

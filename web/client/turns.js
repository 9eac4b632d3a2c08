/**
 * The turns of a conversation in their order, and what can be read from an item.
 *
 * @typedef {object} Turn
 * @property {string} id The item's id.
 * @property {"user" | "assistant" | "tool"} role
 * @property {string} text All of it, also what was not heard.
 * @property {"live" | "done" | "interrupted" | "failed"} phase
 * @property {string} note One remark for people, or "".
 * @property {number | null} heardCharacters Characters before the cut; null when there was none.
 * @property {number | null} heard_ms Milliseconds heard before the cut; null when there was none.
 * @property {Record<string, any>} [widget] Of the ChatKit protocol: shown in place of the text.
 * @property {import("./chat/work-view.js").Work} [work] What is worked through, in place of the text.
 * @property {Record<string, any>[]} [files] Of the ChatKit protocol: what is attached.
 * @property {Record<string, any>[]} [entities] Of the ChatKit protocol: what is named in it.
 */

export class TurnList {
  /** @type {Turn[]} */
  all = [];

  /** @param {string} id */
  find(id) {
    return this.all.find((turn) => turn.id === id);
  }

  /**
   * The turn of an item, made at the end where there is none yet.
   *
   * @param {string} id
   * @param {Turn["role"]} role
   * @returns {Turn}
   */
  findOrAdd(id, role) {
    const known = this.find(id);
    if (known) return known;
    /** @type {Turn} */
    const turn = { id, role, text: "", phase: "live", note: "", heardCharacters: null, heard_ms: null };
    this.all.push(turn);
    return turn;
  }

  /**
   * Put a turn right behind its predecessor, where the page shows that one.
   *
   * @param {Turn} turn
   * @param {string | null} previousId
   */
  placeAfter(turn, previousId) {
    const others = this.all.filter((other) => other !== turn);
    const previous = others.findIndex(({ id }) => id === previousId);
    if (previous >= 0) this.all = others.toSpliced(previous + 1, 0, turn);
  }

  /** @param {(turn: Turn) => boolean} isKept */
  keep(isKept) {
    this.all = this.all.filter(isKept);
  }
}

/**
 * @param {Record<string, any>} item
 * @returns {Turn["role"] | null} Null for what is not shown (system messages and the like).
 */
export function roleOf(item) {
  if (item.type === "function_call") return "tool";
  if (item.type !== "message") return null;
  return item.role === "user" || item.role === "assistant" ? item.role : null;
}

/**
 * @param {Record<string, any>} item
 * @returns {string} What was written or transcribed, "" where nothing is there yet.
 */
export function textOf(item) {
  if (item.type === "function_call") return item.arguments ? `${item.name}(${item.arguments})` : "";
  /** @type {any[]} */
  const parts = Array.isArray(item.content) ? item.content : [];
  return parts.map((part) => part?.transcript ?? part?.text ?? "").join(" ").trim();
}

/**
 * The end of the last whole word within `limit` characters.
 *
 * @param {string} text
 * @param {number} limit
 * @returns {number}
 */
export function wordBoundary(text, limit) {
  if (limit >= text.length) return text.length;
  return Math.max(0, text.lastIndexOf(" ", Math.max(0, limit)));
}

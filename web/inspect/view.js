/**
 * What the page of an inspection shows. All of it may come from the page under test: it is put in as
 * text, and never as markup.
 */
import { showLevel } from "./levels.js";

const MOST_LINES = 400;
const SIDES = ["you", "page"];

/**
 * @typedef {{text: string, kind: "event" | "finding" | "note" | "problem"}} Line
 * @typedef {{now_s: number, page: string, state: string[], levels_dbfs: Record<string, number>, is_muted: boolean, paused_at: string}} Board
 * @typedef {{name: string, severity: "error" | "warning" | "note", cause: string, to_do: string, at_s: number | null, evidence: {seq: number, type: string}[], page_line?: string}} Finding
 * @typedef {{outcome: string, findings: Finding[], report: string | null, path: string}} End
 * @typedef {{lines: Line[], left_out: number, board?: Board, findings?: Finding[], end?: End}} Message
 */

const WORDS = {
  connecting: "Connecting",
  open: "Watching",
  lost: "Not connected. It is tried again; the inspection may have been ended in the terminal.",
  ended: "Ended",
};

export class View {
  #announced = new Set();

  /** All that was shown goes: everything comes again. */
  clear() {
    byId("events").replaceChildren();
  }

  /** @param {import("./connection.js").SocketState} state */
  showState(state) {
    document.documentElement.dataset.state = state;
    byId("status").textContent = WORDS[state];
  }

  /** @param {Message} message */
  take({ lines, left_out, board, findings, end }) {
    if (left_out > 0) this.#line({ text: `… ${left_out} lines before`, kind: "note" });
    const log = byId("events-scroller");
    const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
    for (const line of lines) this.#line(line);
    if (board) this.#board(board);
    if (findings) this.#findings(findings); // they leave the events less room
    if (isAtEnd) log.scrollTop = log.scrollHeight;
    if (end) this.#end(end);
  }

  /** @param {string} text For those who do not see it. */
  announce(text) {
    byId("announced").textContent = text;
  }

  /** @param {Line} line */
  #line({ text, kind }) {
    const list = byId("events");
    list.append(element("li", `line line-${kind}`, text));
    while (list.childElementCount > MOST_LINES) list.firstElementChild?.remove();
    if (kind === "problem" || kind === "note") this.announce(text);
  }

  /** @param {Board} board */
  #board({ now_s, page, state, levels_dbfs, is_muted, paused_at }) {
    byId("page").textContent = page || "no page yet";
    byId("now").textContent = `${now_s.toFixed(1)} s`;
    byId("state").replaceChildren(...state.map((part) => element("li", "part", part)));
    for (const side of SIDES) {
      showLevel(byId(`level-${side}`), byId(`number-${side}`), levels_dbfs[side]);
    }
    const mute = byId("mute");
    mute.setAttribute("aria-pressed", String(is_muted));
    mute.textContent = is_muted ? "Muted" : "Mute";
    byId("paused").hidden = paused_at === "";
    if (paused_at && byId("paused-at").textContent !== paused_at) this.announce(`Paused at ${paused_at}`);
    byId("paused-at").textContent = paused_at;
  }

  /** @param {Finding[]} findings */
  #findings(findings) {
    byId("findings").replaceChildren(...findings.map(findingItem));
    byId("findings-none").hidden = findings.length > 0;
    byId("findings-count").textContent = findings.length > 0 ? `(${findings.length})` : "";
    for (const { name, at_s, cause } of findings) {
      const key = `${name} ${at_s}`;
      if (this.#announced.has(key)) continue;
      this.#announced.add(key);
      this.announce(`${name}: ${cause}`);
    }
  }

  /** @param {End} end */
  #end({ outcome, findings, report, path }) {
    this.#findings(findings);
    byId("ended").hidden = false;
    byId("paused").hidden = true;
    byId("outcome").textContent = outcome;
    const link = byId("report");
    link.hidden = report === null;
    if (report !== null) link.setAttribute("href", `./report/${encodeURIComponent(report)}`);
    byId("report-path").textContent = path;
    for (const field of document.querySelectorAll("#acts button, #acts input")) {
      /** @type {HTMLButtonElement | HTMLInputElement} */ (field).disabled = true;
    }
    this.announce(outcome);
  }
}

/** @param {Finding} finding */
function findingItem({ name, severity, cause, to_do, at_s, evidence, page_line }) {
  const item = element("li", `finding finding-${severity}`);
  const head = element("p", "finding-head");
  head.append(element("strong", "finding-name", name), element("span", "finding-severity", severity));
  if (at_s !== null) head.append(element("span", "finding-at", `${at_s.toFixed(2)} s`));
  item.append(head, element("p", "finding-cause", cause), element("p", "finding-to-do", to_do));
  const seen = evidence.map(({ seq, type }) => `event ${seq} (${type})`).join(", ");
  const facts = [seen && `See ${seen}.`, page_line && `Line: ${page_line}`].filter(Boolean).join(" ");
  if (facts) item.append(element("p", "finding-facts", facts));
  return item;
}

/** @param {string} name @param {string} className @param {string} [text] */
function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

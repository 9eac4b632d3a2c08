/** The connections of a call: descriptions compared line by line, and events with what led to them. */
import { compareLines } from "./sdp-diff.js";

/**
 * @typedef {import("./sdp-diff.js").Line} Line
 * @typedef {import("./event-search.js").EventRow} EventRow
 * @typedef {Record<string, {label: string, lines: Line[], left_out: number}>} Descriptions By key.
 *
 * What Python tells: the descriptions of each connection; the cause of an event, by its number.
 * @typedef {{connections: Descriptions[], causes: Record<string, number>}} ConnectionsData
 */

const SIGNS = { same: [" ", " "], changed: ["~", "~"], left: ["−", ""], right: ["", "+"] };

/** For people who cannot see the colours. */
const TOLD = { same: "", changed: "changed: ", left: "only left: ", right: "only right: " };

/** Of consequences the details of an event name so many. */
const MOST_LINKS = 12;
const MOST_TEXT = 40;

export class Connections {
  /**
   * @param {HTMLElement} root The connections section.
   * @param {ConnectionsData} data
   * @param {import("./events.js").EventList} events
   */
  constructor(root, data, events) {
    this.root = root;
    this.events = events;
    this.causes = new Map(Object.entries(data.causes).map(([seq, cause]) => [Number(seq), cause]));
    /** @type {Map<number, number[]>} */
    this.effects = new Map();
    for (const [effect, cause] of this.causes) {
      this.effects.set(cause, [...(this.effects.get(cause) ?? []), effect]);
    }
    this.places = new Map(events.rows.map(({ seq }, index) => [seq, index]));
    events.linksOf = (row) => this.linksOf(row);
    root.addEventListener("click", (event) => this.click(event));
    const boxes = /** @type {NodeListOf<HTMLDetailsElement>} */ (root.querySelectorAll("[data-sdp]"));
    for (const box of boxes) {
      const descriptions = data.connections[Number(box.dataset.sdp)];
      const show = () => showDescriptions(box, descriptions);
      box.addEventListener("toggle", show);
      box.addEventListener("change", show);
    }
  }

  /** @param {Event} event */
  click({ target }) {
    const element = /** @type {HTMLElement} */ (target);
    const toEvent = /** @type {HTMLElement | null} */ (element.closest("[data-seq]"));
    if (toEvent) this.goTo(Number(toEvent.dataset.seq));
    const compare = /** @type {HTMLElement | null} */ (element.closest("[data-compare]"));
    const box = compare?.closest("details")?.querySelector("[data-sdp]");
    if (compare && box) openAt(/** @type {HTMLDetailsElement} */ (box), String(compare.dataset.compare));
  }

  /** Unfold one of them. @param {string} name */
  show(name) {
    const boxes = /** @type {HTMLDetailsElement[]} */ ([...this.root.querySelectorAll("[data-connection]")]);
    const box = boxes.find(({ dataset }) => dataset.connection === name);
    if (!box) return;
    box.open = true;
    box.scrollIntoView({ block: "nearest" });
    box.querySelector("summary")?.focus({ preventScroll: true });
  }

  /** Show an event in the list. @param {number} seq */
  goTo(seq) {
    const place = this.places.get(seq);
    if (place === undefined) return;
    this.events.choose(place);
    this.events.root.scrollIntoView({ block: "nearest" });
  }

  /**
   * Where an event followed from another, or others from it: buttons that lead there.
   *
   * @param {EventRow} row
   * @returns {HTMLElement | null}
   */
  linksOf({ seq }) {
    const cause = this.causes.get(seq);
    const effects = this.effects.get(seq) ?? [];
    if (cause === undefined && effects.length === 0) return null;
    const links = document.createElement("div");
    links.className = "links";
    if (cause !== undefined) links.append(...this.buttons("Followed from", [cause]));
    if (effects.length > 0) links.append(...this.buttons("Led to", effects));
    return links;
  }

  /** @param {string} title @param {number[]} seqs @returns {HTMLElement[]} */
  buttons(title, seqs) {
    const shown = seqs.filter((seq) => this.places.has(seq)).slice(0, MOST_LINKS);
    const more = seqs.length - shown.length;
    const head = withText("small", `${title}${more > 0 ? ` (and ${more} more)` : ""}: `);
    const buttons = shown.map((seq) => {
      const { type, text } = this.events.rows[Number(this.places.get(seq))];
      const button = withText("button", `${type} ${text.slice(0, MOST_TEXT)}`);
      button.addEventListener("click", () => this.goTo(seq));
      return button;
    });
    return [head, ...buttons];
  }
}

/** @param {HTMLDetailsElement} box @param {string} keys Of the left and the right description. */
function openAt(box, keys) {
  const [left, right] = keys.split(" ");
  selectOf(box, "left").value = left;
  selectOf(box, "right").value = right;
  box.open = true;
  box.dispatchEvent(new Event("change"));
  box.scrollIntoView({ block: "nearest" });
  box.querySelector("summary")?.focus({ preventScroll: true });
}

/** @param {HTMLElement} box @param {string} side @returns {HTMLSelectElement} */
function selectOf(box, side) {
  return /** @type {HTMLSelectElement} */ (box.querySelector(`[data-side="${side}"]`));
}

/** @param {HTMLDetailsElement} box @param {Descriptions} descriptions */
function showDescriptions(box, descriptions) {
  if (!box.open) return;
  const [left, right] = ["left", "right"].map((side) => descriptions[selectOf(box, side).value]);
  const pairs = compareLines(left.lines, right.lines);
  const lines = /** @type {HTMLElement} */ (box.querySelector(".lines"));
  const isTicked = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement} */ (box.querySelector(`[data-${name}]`)).checked;
  lines.classList.toggle("only-changes", isTicked("only-changes"));
  lines.classList.toggle("wordless", !isTicked("words"));
  lines.replaceChildren(...pairs.map(makePair));
  const count = /** @type {HTMLElement} */ (box.querySelector(".tally"));
  count.textContent = inWords(pairs, left.left_out + right.left_out);
}

/** @param {import("./sdp-diff.js").LinePair} pair */
function makePair({ kind, left, right }) {
  const row = document.createElement("div");
  const isSection = (left ?? right)?.[0].startsWith("m=");
  row.className = `pair ${kind}${isSection ? " section" : ""}`;
  const [leftSign, rightSign] = SIGNS[kind];
  row.append(
    makeCell(left, { sign: leftSign, told: TOLD[kind], hasWords: true }),
    makeCell(right, { sign: rightSign, told: left ? "" : TOLD[kind], hasWords: kind !== "same" }),
  );
  return row;
}

/**
 * @param {Line | undefined} line
 * @param {{sign: string, told: string, hasWords: boolean}} how
 */
function makeCell(line, { sign, told, hasWords }) {
  const cell = document.createElement("div");
  if (!line) return cell;
  const code = document.createElement("code");
  code.textContent = line[0];
  code.dataset.sign = sign;
  if (told) cell.append(withText("span", told, "unseen"));
  cell.append(code);
  if (hasWords && line[1]) cell.append(withText("small", line[1]));
  return cell;
}

/** @param {string} tag @param {string} text @param {string} [name] Of its class. */
function withText(tag, text, name = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

/** @param {import("./sdp-diff.js").LinePair[]} pairs @param {number} leftOut */
function inWords(pairs, leftOut) {
  const differing = pairs.filter(({ kind }) => kind !== "same").length;
  const same = `${pairs.length - differing} the same`;
  const rest = leftOut > 0 ? `; ${leftOut} lines are left out, and in the trace` : "";
  return `${differing} line${differing === 1 ? " differs" : "s differ"}, ${same}${rest}`;
}

/** The list of events: filter, search, choose; and their marks on the lanes. */
import { clockText } from "./clock-text.js";
import { matcherOf, neighbouringEvent, searchTextOf, unfolded } from "./event-search.js";

/** @typedef {import("./event-search.js").EventRow} EventRow */

/** From so many rows on, those out of sight are not laid out. */
const LONG_ROWS = 1500;

export class EventList {
  /**
   * @param {HTMLElement} root The events section.
   * @param {EventRow[]} rows
   * @param {import("./timeline.js").CallTimeline} timeline
   */
  constructor(root, rows, timeline) {
    this.root = root;
    this.rows = rows;
    this.timeline = timeline;
    this.chosen = -1;
    /**
     * What led to an event, and what it led to, where that is known.
     * @type {(row: EventRow) => HTMLElement | null}
     */
    this.linksOf = () => null;
    /** @type {number[]} */
    this.visible = [];
    this.list = /** @type {HTMLElement} */ (root.querySelector(".list"));
    this.details = /** @type {HTMLElement} */ (root.querySelector(".details"));
    this.search = /** @type {HTMLInputElement} */ (root.querySelector("input[type=search]"));
    this.searchTexts = rows.map(searchTextOf);
    this.elements = rows.map((row, i) => this.makeRow(row, i));
    this.list.replaceChildren(...this.elements);
    this.list.classList.toggle("long", rows.length > LONG_ROWS);
    this.marks = this.makeMarks();
    this.listen();
    this.filter();
  }

  /** @param {EventRow} row @param {number} index */
  makeRow(row, index) {
    const element = document.createElement("div");
    element.className = `row ${row.group}${row.bad ? " bad" : ""}`;
    element.id = `${this.root.dataset.events}-event-${row.seq}`;
    element.setAttribute("role", "option");
    element.dataset.index = String(index);
    const cells = { t: row.t === null ? "–" : clockText(row.t, 3), type: row.type, text: row.text };
    for (const [name, text] of Object.entries(cells)) {
      const cell = document.createElement("span");
      cell.className = name;
      cell.textContent = text;
      element.append(cell);
    }
    return element;
  }

  /** @returns {Map<number, HTMLElement>} A mark for every event with a time and a lane. */
  makeMarks() {
    const marks = new Map();
    const lanes = /** @type {NodeListOf<HTMLElement>} */ (
      this.timeline.root.querySelectorAll("[data-marks]")
    );
    for (const lane of lanes) {
      this.rows.forEach((row, index) => {
        if (row.group !== lane.dataset.marks || row.t === null) return;
        if (row.type === "stats") return; // curves show them, and a mark a second slows the zoom
        const mark = document.createElement("i");
        mark.className = `mark${row.bad ? " bad" : ""}`;
        mark.title = `${clockText(row.t, 3)}  ${row.type}  ${row.text}`;
        mark.style.left = `${(Math.max(0, row.t) / this.timeline.endS) * 100}%`;
        mark.dataset.index = String(index);
        lane.append(mark);
        marks.set(index, mark);
      });
    }
    return marks;
  }

  listen() {
    this.list.addEventListener("click", (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest(".row");
      if (row instanceof HTMLElement) this.choose(Number(row.dataset.index));
    });
    this.list.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      this.step(step);
    });
    this.timeline.lanes.addEventListener("click", (event) => {
      const mark = /** @type {HTMLElement} */ (event.target).closest(".mark");
      if (mark instanceof HTMLElement) this.choose(Number(mark.dataset.index));
    });
    this.search.addEventListener("input", () => this.filter());
    for (const chip of this.root.querySelectorAll(".chip")) {
      chip.addEventListener("click", () => {
        const pressed = chip.getAttribute("aria-pressed") === "true";
        chip.setAttribute("aria-pressed", String(!pressed));
        this.filter();
      });
    }
  }

  filter() {
    const chips = /** @type {NodeListOf<HTMLElement>} */ (
      this.root.querySelectorAll('.chip[aria-pressed="true"]')
    );
    const groups = new Set([...chips].map((chip) => chip.dataset.group));
    const matches = matcherOf(this.search.value);
    this.visible = [];
    this.rows.forEach((row, i) => {
      const shown = groups.has(row.group) && matches(this.searchTexts[i]);
      if (shown) this.visible.push(i);
      this.elements[i].hidden = !shown;
      const mark = this.marks.get(i);
      if (mark) mark.hidden = !shown;
    });
    const all = this.visible.length === this.rows.length;
    /** @type {HTMLElement} */ (this.root.querySelector(".count")).textContent = all
      ? String(this.rows.length)
      : `${this.visible.length} of ${this.rows.length}`;
  }

  /** Choose the next (1) or previous (-1) event that is shown. @param {number} direction */
  step(direction) {
    const { chosen, timeline } = this;
    const next = neighbouringEvent(this.rows, this.visible, {
      chosen, nowS: timeline.nowS, direction,
    });
    if (next !== undefined) this.choose(next);
  }

  /** Show all of one event, and its moment on the timeline. @param {number} index */
  choose(index) {
    const row = this.rows[index];
    if (this.chosen >= 0) {
      this.elements[this.chosen].setAttribute("aria-selected", "false");
      this.marks.get(this.chosen)?.classList.remove("chosen");
    }
    this.chosen = index;
    const element = this.elements[index];
    element.setAttribute("aria-selected", "true");
    this.list.setAttribute("aria-activedescendant", element.id);
    this.scrollListTo(element);
    this.marks.get(index)?.classList.add("chosen");
    this.showDetails(row);
    if (row.t !== null && !this.timeline.playing) this.timeline.moveTo(row.t);
  }

  /** Only the list scrolls, not the page. @param {HTMLElement} element */
  scrollListTo(element) {
    const above = element.offsetTop - this.list.offsetTop;
    const below = above + element.offsetHeight - this.list.clientHeight;
    if (above < this.list.scrollTop) this.list.scrollTop = above - 40;
    else if (below > this.list.scrollTop) this.list.scrollTop = below + 40;
  }

  /** @param {EventRow} row */
  showDetails(row) {
    const title = document.createElement("h4");
    title.textContent = row.type;
    const where = document.createElement("small");
    const time = row.t === null ? "before the timeline began" : `${clockText(row.t, 3)}`;
    where.textContent = `${time} · ${row.group} · event ${row.seq}`;
    const data = document.createElement("pre");
    data.textContent = JSON.stringify(unfolded(row.data), null, 2);
    const links = this.linksOf(row);
    this.details.replaceChildren(title, where, ...(links ? [links] : []), data);
    this.details.scrollTop = 0;
  }
}

/** The list of events: filter, search, choose; and their marks on the lanes. */
import { clockText } from "./clock-text.js";
import { EventRows } from "./event-rows.js";
import { matcherOf, neighbouringEvent, searchTextOf, unfolded } from "./event-search.js";
import { LaneItems } from "./lane-items.js";

/** @typedef {import("./event-search.js").EventRow} EventRow */

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
    /** @type {string[] | null} Made when somebody searches for the first time. */
    this.searchTexts = null;
    this.visibleRows = new EventRows(this.list, (index) => this.makeRow(index));
    /** @type {Map<number, {mark: import("./lane-items.js").Item, lane: LaneItems}>} By event. */
    this.marks = new Map();
    const lanes = /** @type {NodeListOf<HTMLElement>} */ (
      timeline.root.querySelectorAll("[data-marks]")
    );
    this.markLanes = [...lanes].map((lane) => this.makeMarks(lane));
    timeline.watchers.push({
      viewed: ({ drawn }) => this.markLanes.forEach((lane) => lane.draw(drawn)),
    });
    this.listen();
    this.filter();
    timeline.drawSoon();
  }

  /** @param {number} index */
  makeRow(index) {
    const row = this.rows[index];
    const element = document.createElement("div");
    element.className = `row ${row.group}${row.bad ? " bad" : ""}`;
    element.id = `${this.root.dataset.events}-event-${row.seq}`;
    element.setAttribute("role", "option");
    if (index === this.chosen) element.setAttribute("aria-selected", "true");
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

  /** A mark for every event of a lane that has a time. @param {HTMLElement} element */
  makeMarks(element) {
    /** @type {[number, import("./lane-items.js").Item][]} */
    const marks = this.rows.flatMap((row, index) => {
      if (row.group !== element.dataset.marks || row.t === null) return [];
      if (row.type === "stats") return []; // curves show them
      const atS = Math.max(0, row.t);
      const make = () => this.makeMark(index, atS);
      return [[index, { fromS: atS, toS: atS, kind: row.bad ? "bad" : "", make, label: null }]];
    });
    const lane = new LaneItems(element, marks.map(([, mark]) => mark));
    for (const [index, mark] of marks) this.marks.set(index, { mark, lane });
    return lane;
  }

  /** @param {number} index @param {number} atS */
  makeMark(index, atS) {
    const row = this.rows[index];
    const mark = document.createElement("i");
    mark.className = `mark${row.bad ? " bad" : ""}`;
    mark.title = `${clockText(row.t ?? 0, 3)}  ${row.type}  ${row.text}`;
    mark.style.left = `${(atS / this.timeline.endS) * 100}%`;
    mark.dataset.index = String(index);
    return mark;
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
    const matches = this.matcher();
    this.visible = [];
    this.rows.forEach((row, i) => groups.has(row.group) && matches(i) && this.visible.push(i));
    this.visibleRows.show(this.visible);
    const marks = new Set(this.visible.map((i) => this.marks.get(i)?.mark));
    for (const lane of this.markLanes) lane.show((mark) => marks.has(mark));
    const all = this.visible.length === this.rows.length;
    /** @type {HTMLElement} */ (this.root.querySelector(".count")).textContent = all
      ? String(this.rows.length)
      : `${this.visible.length} of ${this.rows.length}`;
  }

  /** @returns {(index: number) => boolean} Whether an event has all that is searched for. */
  matcher() {
    if (!this.search.value.trim()) return () => true;
    const texts = (this.searchTexts ??= this.rows.map(searchTextOf));
    const matches = matcherOf(this.search.value);
    return (index) => matches(texts[index]);
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
    this.visibleRows.elementOf(this.chosen)?.setAttribute("aria-selected", "false");
    this.pinMark(this.chosen, false);
    this.chosen = index;
    this.visibleRows.reveal(index);
    const element = this.visibleRows.elementOf(index);
    element?.setAttribute("aria-selected", "true");
    if (element) this.list.setAttribute("aria-activedescendant", element.id);
    else this.list.removeAttribute("aria-activedescendant");
    this.pinMark(index, true);
    this.showDetails(row);
    if (row.t !== null && !this.timeline.playing) this.timeline.moveTo(row.t);
  }

  /** The mark of the chosen event stands out, and is there where others stand at its place. */
  /** @param {number} index @param {boolean} isChosen */
  pinMark(index, isChosen) {
    const { mark, lane } = this.marks.get(index) ?? {};
    if (!mark || !lane) return;
    lane.pinned = isChosen ? mark : null;
    lane.elementOf(mark).classList.toggle("chosen", isChosen);
    lane.redraw();
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

/** Lanes that a person folds and orders: by a click on a name, or in the menu; kept in the browser. */
import { movedLane, orderedLanes, readChoice } from "./lane-order.js";

const KEPT_AS = "harness-report-lanes";

export class Lanes {
  /**
   * @param {import("./timeline.js").CallTimeline} timeline
   */
  constructor(timeline) {
    this.timeline = timeline;
    this.menu = /** @type {HTMLDetailsElement} */ (timeline.root.querySelector(".lane-menu"));
    this.list = /** @type {HTMLElement} */ (this.menu.querySelector("ol"));
    const lanes = /** @type {HTMLElement[]} */ ([
      ...timeline.lanes.querySelectorAll(".lane[data-lane]"),
    ]).filter((lane) => !lane.classList.contains("axis"));
    /** @type {Map<string, HTMLElement>} */
    this.byName = new Map(lanes.map((lane) => [String(lane.dataset.lane), lane]));
    this.own = [...this.byName.keys()];
    this.choice = readChoice(kept());
    this.apply();
    this.listen();
  }

  get order() {
    return orderedLanes(this.own, this.choice.order);
  }

  listen() {
    this.timeline.lanes.addEventListener("click", (event) => {
      const label = /** @type {HTMLElement} */ (event.target).closest(".label");
      const lane = label?.closest(".lane[data-lane]");
      if (lane instanceof HTMLElement && !lane.classList.contains("axis")) {
        this.fold(String(lane.dataset.lane), !lane.classList.contains("folded"));
      }
    });
    this.menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.menu.open = false;
      this.menu.querySelector("summary")?.focus();
    });
    this.menu.querySelector('[data-do="lanes-reset"]')?.addEventListener("click", () => {
      this.choice = { order: [], folded: {} };
      this.keep();
    });
  }

  /** @param {string} name @param {boolean} isFolded */
  fold(name, isFolded) {
    this.choice.folded[name] = isFolded;
    this.keep();
  }

  /** @param {string} name @param {number} step −1 is up, 1 is down. */
  move(name, step) {
    const elsewhere = this.choice.order.filter((one) => !this.byName.has(one));
    this.choice.order = [...movedLane(this.order, name, step), ...elsewhere];
    this.keep();
    const buttons = /** @type {NodeListOf<HTMLElement>} */ (this.list.querySelectorAll("button"));
    [...buttons].find(({ dataset }) => dataset.name === name && dataset.move === String(step))?.focus();
  }

  /** Unfold the lane of a curve and bring it into view. @param {string} key */
  showCurve(key) {
    const found = [...this.byName].find(([, lane]) => lane.dataset.curve === key);
    if (!found) return;
    const [name, lane] = found;
    if (lane.classList.contains("folded")) this.fold(name, false);
    for (const other of this.byName.values()) other.classList.toggle("shown-by-link", other === lane);
    lane.scrollIntoView({ block: "center" });
  }

  keep() {
    try {
      localStorage.setItem(KEPT_AS, JSON.stringify(this.choice));
    } catch {
      // a browser that keeps nothing for this page: the choice holds while it is open
    }
    this.apply();
  }

  apply() {
    const order = this.order;
    for (const name of order) {
      const lane = /** @type {HTMLElement} */ (this.byName.get(name));
      lane.parentElement?.append(lane);
      lane.classList.toggle("folded", this.choice.folded[name] === true);
    }
    this.list.replaceChildren(...order.map((name) => this.makeRow(name)));
    this.timeline.drawSoon();
  }

  /** @param {string} name */
  makeRow(name) {
    const row = document.createElement("li");
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = this.choice.folded[name] !== true;
    box.addEventListener("change", () => {
      const isFolded = !box.checked;
      this.fold(name, isFolded);
      this.list.querySelectorAll("input")[this.order.indexOf(name)]?.focus();
    });
    label.append(box, ` ${name}`);
    row.append(label, ...[-1, 1].map((step) => this.makeButton(name, step)));
    return row;
  }

  /** @param {string} name @param {number} step */
  makeButton(name, step) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = step < 0 ? "↑" : "↓";
    button.setAttribute("aria-label", `Move ${name} ${step < 0 ? "up" : "down"}`);
    button.dataset.move = String(step);
    button.dataset.name = name;
    button.addEventListener("click", () => this.move(name, step));
    return button;
  }
}

/** @returns {string | null} */
function kept() {
  try {
    return localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

/** The calls of a report: one is shown, or two side by side; drawn when first looked at. */
import { Connections } from "./connections.js";
import { Curves } from "./curves.js";
import { EventList } from "./events.js";
import { Lanes } from "./lanes.js";
import { commandOf } from "./shortcuts.js";
import { CallTimeline } from "./timeline.js";

/** @typedef {{timeline: CallTimeline, events: EventList, lanes: Lanes, connections: Connections | null}} OpenCall */

/** So near to an edge of the window the timeline counts as out of sight. */
const EDGE_PX = 60;
/** With Shift they select what the cursor passes. */
const MOVES = new Set(["back", "on", "start", "end"]);

export class Viewer {
  /** The id of the call that keys work on; "" before the first. */
  currentId = "";
  /** Those that are shown: that one, and maybe another beside it. */
  /** @type {string[]} */
  shownIds = [];
  /** @type {Map<string, OpenCall>} */
  openCalls = new Map();

  constructor() {
    this.sections = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".scenario")]);
    this.help = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.help"));
  }

  /** Show what the address names, and do from now on what a person asks for. */
  start() {
    document.documentElement.classList.add("scripted");
    const helpButton = document.querySelector('[data-do="help"]');
    helpButton?.addEventListener("click", () => this.help.showModal());
    document.addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("copy", (event) => this.copy(event));
    addEventListener("hashchange", () => this.followHash());
    addEventListener("beforeprint", () => this.showAll());
    addEventListener("afterprint", () => this.hideOthers());
    this.followHash();
  }

  /** @returns {OpenCall | undefined} The call that keys work on. */
  get current() {
    return this.openCalls.get(this.currentId);
  }

  /** @param {HTMLElement} section */
  open(section) {
    const known = this.openCalls.get(section.id);
    if (known) return known;
    const data = JSON.parse(document.getElementById(`${section.id}-data`)?.textContent ?? "{}");
    const timeline = new CallTimeline(
      /** @type {HTMLElement} */ (section.querySelector("[data-timeline]")),
      data,
    );
    const events = new EventList(
      /** @type {HTMLElement} */ (section.querySelector("[data-events]")),
      data.events,
      timeline,
    );
    const root = /** @type {HTMLElement | null} */ (section.querySelector("[data-connections]"));
    const connections = root && new Connections(root, data.connections, events);
    new Curves(timeline, data.curves);
    this.lead(section, timeline);
    const call = { timeline, events, lanes: new Lanes(timeline), connections };
    this.openCalls.set(section.id, call);
    return call;
  }

  /**
   * Of two calls the one that is pointed at or has the focus leads: the other one goes along.
   *
   * @param {HTMLElement} section
   * @param {CallTimeline} timeline
   */
  lead(section, timeline) {
    const take = () => this.shownIds.includes(section.id) && this.choose(section.id);
    for (const type of ["pointerdown", "wheel", "focusin"]) {
      section.addEventListener(type, take, { passive: true, capture: true });
    }
    const other = () => {
      const id = this.currentId === section.id && this.shownIds.find((one) => one !== section.id);
      return id ? this.openCalls.get(id)?.timeline : undefined;
    };
    timeline.watchers.push({
      moved: (seconds) => (timeline.playing ? other()?.show(seconds) : other()?.moveTo(seconds, false)),
      viewed: (view) => other()?.lookAt(view),
    });
  }

  /**
   * Show one call of the report, and a moment of it.
   *
   * @param {string} id An unknown one shows the first.
   * @param {number} [atS]
   */
  show(id, atS) {
    const section = this.sections.find((one) => one.id === id) ?? this.sections[0];
    if (!this.shownIds.includes(section.id)) {
      const beside = this.shownIds.filter((one) => one !== this.currentId);
      this.shownIds = [section.id, ...beside];
    }
    this.choose(section.id);
    const { timeline } = this.open(section);
    if (atS === undefined) return;
    timeline.moveTo(atS);
    const box = timeline.root.getBoundingClientRect();
    if (box.bottom < EDGE_PX || box.top > innerHeight - EDGE_PX) {
      timeline.root.scrollIntoView({ block: "nearest", behavior: "smooth" });
    }
  }

  /** Keys work on it from now on. @param {string} id Of one that is shown. */
  choose(id) {
    if (id === this.currentId) return;
    this.current?.timeline.pause();
    this.currentId = id;
    this.showChoice();
  }

  /** Show another call beside this one, or this one alone again. @param {string} id */
  toggleBeside(id) {
    const isShown = this.shownIds.includes(id);
    if (isShown && this.shownIds.length < 2) return;
    this.shownIds = isShown ? this.shownIds.filter((one) => one !== id) : [this.currentId, id];
    if (!this.shownIds.includes(this.currentId)) this.choose(this.shownIds[0]);
    history.replaceState(null, "", `#${this.shownIds.join("+")}`);
    this.showChoice();
    for (const section of this.sections) if (!section.hidden) this.open(section);
    this.current?.timeline.drawSoon();
  }

  /** "#s2@12.345" is the second call at 12.345 s; "#s2+s3@12.345" has the third beside it. */
  followHash() {
    const { id, besideId, atS } = placeOf(location.hash);
    const [first, second] = [id, besideId].map((one) => this.sections.find((section) => section.id === one));
    if (first && second && first !== second) {
      this.shownIds = [first.id, second.id];
      this.showChoice();
      this.open(second);
    }
    this.show(id, atS);
  }

  /** @param {number} direction */
  showNeighbour(direction) {
    const at = this.sections.findIndex(({ id }) => id === this.currentId) + direction;
    if (this.sections[at]) location.hash = this.sections[at].id;
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape" && target.closest("input[type=search]")) return target.blur();
    if (this.help.open || !this.current) return;
    const { selection } = this.current.timeline;
    if (event.key === "Escape") return selection.clear();
    const command = commandOf(event, target);
    if (!command) return;
    event.preventDefault();
    const act = this.actions(this.current, event.shiftKey ? 0.1 : 1)[command];
    if (event.shiftKey && MOVES.has(command)) selection.extend(act);
    else act();
  }

  /** What is measured is copied, unless the page's text is selected. @param {ClipboardEvent} event */
  copy(event) {
    const { selection } = this.current?.timeline ?? {};
    const isInField = /** @type {HTMLElement} */ (event.target).closest("input");
    if (!selection || selection.isEmpty || isInField || String(getSelection())) return;
    selection.putOn(event);
  }

  /**
   * @param {OpenCall} call
   * @param {number} stepS How far an arrow key goes.
   * @returns {Record<import("./shortcuts.js").Command, () => void>}
   */
  actions({ timeline, events }, stepS) {
    return {
      play: () => timeline.togglePlay(),
      back: () => timeline.moveTo(timeline.nowS - stepS),
      on: () => timeline.moveTo(timeline.nowS + stepS),
      start: () => timeline.moveTo(0),
      end: () => timeline.moveTo(timeline.endS),
      next_event: () => events.step(1),
      previous_event: () => events.step(-1),
      next_word: () => timeline.jumpWord(1),
      previous_word: () => timeline.jumpWord(-1),
      zoom_in: () => timeline.zoomIn(),
      zoom_out: () => timeline.zoomOut(),
      zoom_fit: () => timeline.zoomTo(1),
      search: () => events.search.focus(),
      help: () => this.help.showModal(),
      previous_call: () => this.showNeighbour(-1),
      next_call: () => this.showNeighbour(1),
    };
  }

  /** @param {MouseEvent} event */
  click(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const beside = /** @type {HTMLElement | null} */ (target.closest("[data-beside]"));
    if (beside) return this.toggleBeside(String(beside.dataset.beside));
    const row = target.closest("[data-scenario-row]");
    if (row) {
      event.preventDefault();
      location.hash = String(row.getAttribute("data-scenario-row"));
      return;
    }
    const stretch = /** @type {HTMLElement | null} */ (target.closest("[data-stretch]"));
    if (stretch) {
      const { from, to } = stretch.dataset;
      this.show(String(stretch.dataset.stretch));
      return this.current?.timeline.playStretch(Number(from), Number(to));
    }
    const link = target.closest('a[href^="#"]');
    if (!link) return;
    event.preventDefault(); // a second click on the same moment must jump again
    history.replaceState(null, "", link.getAttribute("href"));
    this.followHash();
    const curve = link.getAttribute("data-show-lane");
    if (curve) this.current?.lanes.showCurve(curve);
    const connection = link.getAttribute("data-show-connection");
    if (connection) this.current?.connections?.show(connection);
  }

  /** On paper every call is drawn, each in its place: a hidden one has no width. */
  showAll() {
    for (const section of this.sections) {
      section.hidden = false;
      const { timeline } = this.open(section);
      timeline.zoomTo(1);
      timeline.draw(); // no frame comes before paper
    }
  }

  /** What is shown, in the page and in its overview. */
  showChoice() {
    this.hideOthers();
    for (const row of document.querySelectorAll("[data-scenario-row]")) {
      row.classList.toggle("current", row.getAttribute("data-scenario-row") === this.currentId);
    }
    const isPair = this.shownIds.length > 1;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-beside]"))) {
      const isShown = this.shownIds.includes(String(button.dataset.beside));
      button.setAttribute("aria-pressed", String(isPair && isShown));
    }
    document.querySelector("main")?.classList.toggle("paired", isPair);
  }

  hideOthers() {
    for (const section of this.sections) section.hidden = !this.shownIds.includes(section.id);
  }
}

/**
 * @param {string} hash Of an address: "#s2@12.345", "#s2", "#s2+s3@12.345" or "".
 * @returns {{id: string, besideId: string, atS: number | undefined}}
 *   The call, the one beside it, and a moment in seconds.
 */
export function placeOf(hash) {
  const [ids, at] = decodeURIComponent(hash.slice(1)).split("@");
  const [id, besideId = ""] = ids.split("+");
  const atS = Number(at);
  return { id, besideId, atS: at !== undefined && Number.isFinite(atS) ? atS : undefined };
}

/** The rows of a list of any length: only those in view, and some around them, are in the page. */

/** How high a row is, in CSS pixels: the style sheet is told. */
const ROW_PX = 23;
/** So many rows above and below the view are in the page too. */
const AROUND = 400;
/** A row that is scrolled to keeps so far from the edge of the list. */
const EDGE_PX = 40;

export class EventRows {
  /** @type {number[]} Which rows the list has, in order. */
  #places = [];
  /** Which of them are in the page: from the first, up to before the last. */
  #first = 0;
  #last = 0;
  /** @type {Map<number, HTMLElement>} */
  #elements = new Map();

  /**
   * @param {HTMLElement} list
   * @param {(place: number) => HTMLElement} make
   */
  constructor(list, make) {
    this.list = list;
    this.make = make;
    this.rows = document.createElement("div");
    this.rows.className = "rows";
    this.rows.setAttribute("role", "presentation");
    list.style.setProperty("--row", `${ROW_PX}px`);
    list.replaceChildren(this.rows);
    list.addEventListener("scroll", () => this.draw());
  }

  /** @param {number[]} places */
  show(places) {
    this.#places = places;
    this.#first = this.#last = 0;
    this.draw();
  }

  /** @param {number} place @returns {HTMLElement | undefined} Where that row is in the page. */
  elementOf(place) {
    return this.#elements.get(place);
  }

  /** Scroll the list, and not the page, to a row; without it where the list does not have it. */
  /** @param {number} place */
  reveal(place) {
    const at = this.#places.indexOf(place);
    if (at < 0) return;
    const { list } = this;
    const above = at * ROW_PX;
    const below = above + ROW_PX - list.clientHeight;
    if (above < list.scrollTop) list.scrollTop = Math.max(0, above - EDGE_PX);
    else if (below > list.scrollTop) list.scrollTop = below + EDGE_PX;
    this.draw();
  }

  draw() {
    const count = this.#places.length;
    const { scrollTop, clientHeight } = this.list;
    const top = Math.min(count, Math.floor(scrollTop / ROW_PX));
    const bottom = Math.min(count, Math.ceil((scrollTop + clientHeight) / ROW_PX));
    if (this.#first < this.#last && this.#first <= top && bottom <= this.#last) return;
    this.#first = Math.max(0, top - AROUND);
    this.#last = Math.min(count, bottom + AROUND);
    const known = this.#elements;
    this.#elements = new Map();
    for (let at = this.#first; at < this.#last; at++) {
      const place = this.#places[at];
      const element = known.get(place) ?? this.make(place);
      element.setAttribute("aria-posinset", String(at + 1));
      element.setAttribute("aria-setsize", String(count));
      this.#elements.set(place, element);
    }
    this.rows.style.paddingTop = `${this.#first * ROW_PX}px`;
    this.rows.style.paddingBottom = `${(count - this.#last) * ROW_PX}px`;
    this.rows.replaceChildren(...this.#elements.values());
  }
}

/** Words, bars and marks on the lanes: only those that can be told apart in view are in the page. */
import { isCrowded } from "./axis.js";
import { firstFrom } from "./sorted.js";

/**
 * @typedef {object} Item
 * @property {number} fromS
 * @property {number} toS
 * @property {string} kind Two of different kinds never stand for each other.
 * @property {() => HTMLElement} make
 * @property {import("./axis.js").Label | null} label
 *
 * @typedef {Pick<Item, "fromS" | "toS" | "kind">} Place
 * @typedef {import("./view.js").Drawn} Drawn
 */

/** What Python draws on the lanes, as a share of their width. */
const DRAWN_BY_PYTHON = ".voiced, .muted, .word, .bar, .check";
/** Of items of one kind that are no wider and no further apart, the last stands for the others. */
const APART_PX = 8;

/**
 * How far items reach that begin here or before: what `drawnItems` finds the first one by.
 *
 * @param {Place[]} items By their beginnings.
 * @returns {number[]}
 */
export function reachesOf(items) {
  let furthestS = -Infinity;
  return items.map(({ toS }) => (furthestS = Math.max(furthestS, toS)));
}

/**
 * @param {Place[]} items By their beginnings.
 * @param {number[]} reaches
 * @param {Drawn} drawn
 * @param {Place | null} [pinned] One that is always among them.
 * @returns {number[]} The places of those that are drawn, ascending.
 */
export function drawnItems(items, reaches, { fromS, toS, pxPerS }, pinned = null) {
  const first = firstFrom(reaches, fromS);
  let last = first - 1;
  while (items[last + 1]?.fromS <= toS) last += 1;
  /** @type {Map<string, number>} From where on a kind covers its lane. */
  const covered = new Map();
  const places = [];
  for (let i = last; i >= first; i--) {
    const item = items[i];
    if (item.toS < fromS) continue;
    const [from_px, to_px] = [item.fromS * pxPerS, item.toS * pxPerS];
    const isCovered = from_px >= (covered.get(item.kind) ?? Infinity);
    if (isCovered && to_px - from_px <= APART_PX && item !== pinned) continue;
    covered.set(item.kind, Math.min(from_px, to_px - APART_PX));
    places.push(i);
  }
  return places.reverse();
}

export class LaneItems {
  /** @type {Item | null} One that is in the page even where others cover it. */
  pinned = null;
  /** @type {Set<Item>} */
  #inPage = new Set();
  /** @type {Map<Item, HTMLElement>} */
  #elements = new Map();
  /** @type {Drawn | null} */
  #drawn = null;
  /** @type {Item[]} Those that begin before the view: their words stay in it. */
  #held = [];

  /**
   * @param {HTMLElement} parent
   * @param {Item[]} items
   * @param {Node | null} [before] What they stand before in the parent.
   */
  constructor(parent, items, before = null) {
    this.parent = parent;
    this.before = before;
    this.all = items.toSorted((a, b) => a.fromS - b.fromS);
    this.items = this.all;
    this.reaches = reachesOf(this.all);
  }

  /** Those that are in the page already. @param {Item[]} items */
  adopt(items) {
    for (const item of items) this.#elements.set(item, item.make());
    this.#inPage = new Set(items);
  }

  /** Choose which may be seen at all. @param {(item: Item) => boolean} isShown */
  show(isShown) {
    this.items = this.all.filter(isShown);
    this.reaches = reachesOf(this.items);
    this.redraw();
  }

  /** @param {Item} item @returns {HTMLElement} */
  elementOf(item) {
    const known = this.#elements.get(item) ?? item.make();
    this.#elements.set(item, known);
    return known;
  }

  redraw() {
    const drawn = this.#drawn;
    this.#drawn = null;
    if (drawn) this.draw(drawn);
  }

  /** @param {Drawn} drawn The same one changes nothing. */
  draw(drawn) {
    if (this.#drawn === drawn) return;
    this.#drawn = drawn;
    const items = drawnItems(this.items, this.reaches, drawn, this.pinned).map((i) => this.items[i]);
    const staying = new Set(items);
    for (const item of this.#inPage) if (!staying.has(item)) this.elementOf(item).remove();
    let next = this.before;
    for (const item of items.toReversed()) {
      const element = this.elementOf(item);
      if (!this.#inPage.has(item)) this.parent.insertBefore(element, next);
      if (item.label) element.classList.toggle("crowded", isCrowded(item.label, drawn.pxPerS));
      next = element;
    }
    this.#inPage = staying;
  }

  /**
   * Hold the words of what begins before the view at the view's edge. By class, and only these: each
   * element that sticks is a layer of its own, and hundreds of them are slow.
   *
   * @param {number} atS Where the view begins.
   */
  hold(atS) {
    const held = [];
    for (let i = firstFrom(this.reaches, atS); this.items[i]?.fromS < atS; i++) {
      const item = this.items[i];
      if (item.toS > atS && this.#inPage.has(item)) held.push(item);
    }
    for (const item of this.#held) if (!held.includes(item)) this.elementOf(item).classList.remove("held");
    for (const item of held) this.elementOf(item).classList.add("held");
    this.#held = held;
  }
}

/**
 * What Python drew on the lanes of a call, lane by lane.
 *
 * @param {HTMLElement} lanes
 * @param {number} endS
 * @returns {LaneItems[]}
 */
export function itemsOfLanes(lanes, endS) {
  const elements = /** @type {NodeListOf<HTMLElement>} */ (lanes.querySelectorAll(DRAWN_BY_PYTHON));
  /** @type {Map<HTMLElement, HTMLElement[]>} */
  const byParent = new Map();
  for (const element of elements) {
    const parent = /** @type {HTMLElement} */ (element.parentElement);
    if (!byParent.get(parent)?.push(element)) byParent.set(parent, [element]);
  }
  return [...byParent].map(([parent, own]) => {
    const items = own.map((element) => itemOf(element, endS));
    const lane = new LaneItems(parent, items, /** @type {HTMLElement} */ (own.at(-1)).nextElementSibling);
    lane.adopt(items);
    return lane;
  });
}

/** @param {HTMLElement} element @param {number} endS @returns {Item} */
function itemOf(element, endS) {
  const share = (/** @type {string} */ text) => (Number.parseFloat(text) || 0) / 100;
  const { left, width } = element.style;
  const { room } = element.dataset;
  return {
    fromS: share(left) * endS,
    toS: (share(left) + share(width)) * endS,
    kind: element.className,
    make: () => element,
    label: room === undefined ? null : {
      text: element.firstElementChild?.textContent ?? "",
      isWord: element.classList.contains("word"),
      roomS: Number(room),
    },
  };
}

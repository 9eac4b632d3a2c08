/** A sink that keeps what it is told, and a page clock that stands still. */
export function listeningSink() {
  /** @type {{ type: string, data: any }[]} */
  const told = [];
  return {
    told,
    emit: (/** @type {any} */ type, /** @type {any} */ data) => void told.push({ type, data }),
    flush: () => {},
    pageMs: () => 1_000,
    frameId: "realm",
    of: (/** @type {string} */ type) => told.filter((one) => one.type === type).map(({ data }) => data),
  };
}

/** Enough of an event target. */
export class Target {
  constructor() {
    /** @type {Map<string, Function[]>} */
    this.listeners = new Map();
  }
  /** @param {string} name @param {Function} listener */
  addEventListener(name, listener) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }
  /** @param {string} name @param {object} event */
  fire(name, event = {}) {
    for (const listener of this.listeners.get(name) ?? []) listener(event);
  }
}

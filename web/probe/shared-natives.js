/**
 * Which native stands behind each of our proxies, known to all windows of a page.
 *
 * A page may print a function of one window by the `toString` of another: of a frame's, of the one
 * that opened it. So a window goes by what its parent or opener knows, where it may reach that one.
 *
 * Closed to the page: the native is kept in a private name, which is looked up past proxies of the
 * page's and past methods that it replaced. Windows find each other by an event whose type only the
 * probe knows. Who asks has run no script of a page yet; who answers has listened before its page.
 */

/** Its subclass can put a private name on an object that is there. */
class Given {
  /** @param {object} object */
  constructor(object) {
    return object;
  }
}

class Marked extends Given {
  #native;
  /** @param {Function} proxy @param {Function} native */
  constructor(proxy, native) {
    super(proxy);
    this.#native = native;
  }
  /** @param {unknown} value @returns {Function | undefined} */
  static nativeOf(value) {
    return typeof value === "function" && #native in value ? value.#native : undefined;
  }
}

let known = { mark, nativeOf: Marked.nativeOf };

/** @param {Function} proxy @param {Function} native */
function mark(proxy, native) {
  new Marked(proxy, native);
}

/** @param {Function} proxy Ours, and not marked yet. @param {Function} native What it stands for. */
export function markProxy(proxy, native) {
  known.mark(proxy, native);
}

/** @param {unknown} value @returns {Function | undefined} Undefined of what is no proxy of ours. */
export function nativeBehind(value) {
  return known.nativeOf(value);
}

/**
 * Go by what the windows around know, and tell it to those that come. To be done before the first
 * proxy is made.
 *
 * @param {any} target The window.
 * @param {string} key Type of the event; a secret of the probe's.
 */
export function shareNatives(target, key) {
  const { CustomEvent, dispatchEvent } = target;
  if (typeof CustomEvent !== "function" || typeof dispatchEvent !== "function") return;
  let isFound = false;
  /** @param {typeof known} theirs */
  const take = (theirs) => {
    known = theirs;
    isFound = true;
  };
  for (const other of windowsAround(target)) {
    if (isFound) break;
    try {
      Reflect.apply(dispatchEvent, other, [new CustomEvent(key, { detail: take })]);
    } catch {
      // one of another origin: its functions are out of the page's reach, too
    }
  }
  target.addEventListener(key, (/** @type {CustomEvent} */ event) => event.detail(known));
}

/** Those that a page can have got this one from. @param {any} target @returns {any[]} */
function windowsAround(target) {
  const found = [];
  for (let at = target; at; at = at.parent === at ? null : at.parent) {
    if (at !== target) found[found.length] = at;
    if (at.opener) found[found.length] = at.opener;
  }
  return found;
}

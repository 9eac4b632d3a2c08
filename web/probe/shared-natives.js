/**
 * Which native stands behind each of our proxies, known to all windows of a page.
 *
 * A page may print a function of one window by the `toString` of another: of a frame's, of the one
 * that opened it. So a window goes by what its parent or opener knows, where it may reach that one.
 *
 * Closed to the page: the native is kept in a private name, which is looked up past proxies of the
 * page's and past methods that it replaced. Windows find each other by an element that each defines,
 * whose name only the probe knows: nobody can list what is defined. (An event would not do: where a
 * window is held at its beginning, the one that opened it hears nothing.) Who looks has run no script
 * of a page yet, so that it does so by the browser's own methods.
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

let known = { mark, nativeOf: Marked.nativeOf, gestures: { seen: false } };

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

/** What all these windows know of their user's clicks; to be asked once the natives are shared. */
export function sharedGestures() {
  return known.gestures;
}

/**
 * Go by what the windows around know, and have it there for those that come. To be done before the
 * first proxy is made.
 *
 * @param {any} target The window.
 * @param {string} key Name of the element; a secret of the probe's.
 */
export function shareNatives(target, key) {
  const registry = Object.getOwnPropertyDescriptor(target, "customElements")?.get;
  const { get, define } = target.CustomElementRegistry?.prototype ?? {};
  if (!registry || !get || !define) return;
  /** @param {any} window @returns {typeof known | undefined} */
  const ofWindow = (window) => {
    try {
      return Reflect.apply(get, Reflect.apply(registry, window, []), [key])?.known;
    } catch {
      return undefined; // of another origin: its functions are out of the page's reach, too
    }
  };
  for (const window of windowsAround(target)) {
    const theirs = ofWindow(window);
    if (!theirs) continue;
    known = theirs;
    break;
  }
  if (ofWindow(target)) return; // it is the second document of this window
  const holder = class extends target.HTMLElement {};
  holder.known = known;
  Reflect.apply(define, Reflect.apply(registry, target, []), [key, holder]);
}

/** This one, and those that a page can have got it from. @param {any} target @returns {any[]} */
function windowsAround(target) {
  const found = [target];
  for (let at = target; at; at = at.parent === at ? null : at.parent) {
    if (at !== target) found[found.length] = at;
    if (at.opener) found[found.length] = at.opener;
  }
  return found;
}

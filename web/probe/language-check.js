/**
 * Whether the language still does what the probe needs of it.
 *
 * The probe shares arrays, maps, promises and texts with the page. A page may put methods of its
 * own on their prototypes, and most do what the natives did; one that does not breaks the probe, and
 * what it then tells, or no longer tells, is no verdict on the page. A method is tried once, when it
 * is found to be another one: a page that replaces nothing never sees a call.
 *
 * @typedef {[owner: any, name: string | symbol, works: () => boolean, label: string]} Check
 */

const LOOK_MS = 500;

/** With these the page takes part in a call; a frame that does not may do what it likes. */
const TAKES_PART = { "user_media.requested": true, "peer_connection.created": true };

/** @param {any} target The window. @returns {Check[]} */
function createChecks(target) {
  const array = Array.prototype;
  const text = String.prototype;
  const bytes = Uint8Array.prototype;
  const typed = Object.getPrototypeOf(bytes);
  const key = {};
  const three = () => new Uint8Array([7, 8, 9]);
  /** @type {Check[]} */
  const checks = [
    [array, Symbol.iterator, () => [...[7, 8]].length === 2, "Array.prototype[Symbol.iterator]"],
    [array, "map", () => [1, 2].map((n) => n + 1)[1] === 3, "Array.prototype.map"],
    [array, "filter", () => [1, 2].filter((n) => n > 1)[0] === 2, "Array.prototype.filter"],
    [array, "forEach", () => sumOf([1, 2]) === 3, "Array.prototype.forEach"],
    [array, "find", () => [1, 2].find((n) => n > 1) === 2, "Array.prototype.find"],
    [array, "some", () => [1, 2].some((n) => n > 1) && ![1].some((n) => n > 1), "Array.prototype.some"],
    [array, "every", () => [1, 2].every((n) => n > 0) && ![1].every((n) => n > 1), "Array.prototype.every"],
    [array, "includes", () => [1, 2].includes(2) && ![1].includes(2), "Array.prototype.includes"],
    [array, "push", () => [1].push(2) === 2, "Array.prototype.push"],
    [array, "slice", () => [1, 2].slice(1)[0] === 2, "Array.prototype.slice"],
    [array, "join", () => [1, 2].join("-") === "1-2", "Array.prototype.join"],
    [Map.prototype, "set", () => new Map([[key, 1]]).set(key, 2).size === 1, "Map.prototype.set"],
    [Map.prototype, "get", () => new Map([[key, 1]]).get(key) === 1, "Map.prototype.get"],
    [Map.prototype, "delete", () => new Map([[key, 1]]).delete(key) === true, "Map.prototype.delete"],
    [Set.prototype, "add", () => new Set().add(key).size === 1, "Set.prototype.add"],
    [Set.prototype, "has", () => new Set([key]).has(key) === true, "Set.prototype.has"],
    [Set.prototype, Symbol.iterator, () => [...new Set([7])][0] === 7, "Set.prototype[Symbol.iterator]"],
    [WeakMap.prototype, "get", () => new WeakMap([[key, 1]]).get(key) === 1, "WeakMap.prototype.get"],
    [WeakMap.prototype, "set", () => new WeakMap().set(key, 1).has(key), "WeakMap.prototype.set"],
    [Promise.prototype, "then", () => isPromise(Promise.resolve().then(() => {})), "Promise.prototype.then"],
    [Promise.prototype, "catch", () => isPromise(Promise.resolve().catch(() => {})), "Promise.prototype.catch"],
    [Function.prototype, "call", () => one.call(null, 7) === 7 && one.call(null, 8) === 8, "Function.prototype.call"],
    [Function.prototype, "bind", () => one.bind(null, 7)() === 7, "Function.prototype.bind"],
    [text, "replace", () => "ab".replace("b", "c") === "ac", "String.prototype.replace"],
    [text, "codePointAt", () => "a".codePointAt(0) === 97, "String.prototype.codePointAt"],
    [text, "startsWith", () => "ab".startsWith("a") && !"ab".startsWith("b"), "String.prototype.startsWith"],
    [typed, "slice", () => three().slice(1)[0] === 8, "TypedArray.prototype.slice"],
    [typed, "subarray", () => three().subarray(1)[0] === 8, "TypedArray.prototype.subarray"],
    [Uint8Array, "fromBase64", () => /** @type {any} */ (Uint8Array).fromBase64("Bwg=")[1] === 8, "Uint8Array.fromBase64"],
    [bytes, "toBase64", () => /** @type {any} */ (three()).toBase64() === "BwgJ", "Uint8Array.prototype.toBase64"],
    [target.EventTarget?.prototype, "addEventListener", () => hears(target), "EventTarget.prototype.addEventListener"],
  ];
  return checks;
}

/** @template T @param {T} value */
function one(value) {
  return value;
}

/** @param {number[]} values */
function sumOf(values) {
  let sum = 0;
  values.forEach((value) => (sum += value));
  return sum;
}

/** Libraries may give a promise of their own. @param {any} value */
function isPromise(value) {
  return typeof value?.then === "function";
}

/** @param {any} target */
function hears(target) {
  let heard = 0;
  const own = new target.EventTarget();
  own.addEventListener("look", () => (heard += 1));
  own.dispatchEvent(new target.Event("look"));
  return heard === 1;
}

export class LanguageCheck {
  /** Before the page's scripts. @param {any} target The window. */
  constructor(target) {
    this.checks = createChecks(target);
    /** @type {unknown[]} */
    this.known = this.checks.map(([owner, name]) => owner?.[name]);
  }

  /** What no longer works, by its name; "" where everything does. */
  fault() {
    const { checks, known } = this;
    for (let i = 0; i < checks.length; i++) {
      const check = checks[i]; // no destructuring: that would ask the page's iterator
      const found = check[0]?.[check[1]];
      if (found === known[i]) continue;
      if (!succeeds(check[2])) return check[3];
      known[i] = found;
    }
    return "";
  }
}

/** @param {() => boolean} works */
function succeeds(works) {
  try {
    return works();
  } catch {
    return false;
  }
}

/**
 * A sink that also tells, once, when a page that takes part in a call has broken the language.
 *
 * @param {import("./sink.js").Sink} sink @param {LanguageCheck} check
 * @param {import("./time.js").Time["defer"]} defer
 * @returns {import("./sink.js").Sink}
 */
export function watchLanguage(sink, check, defer) {
  let looks = false;
  const look = () => {
    const what = check.fault();
    if (what) sink.emit("page.broke_probe", { what });
    else defer(look, LOOK_MS);
  };
  /** @type {import("./sink.js").Emit} */
  const emit = (type, data) => {
    sink.emit(type, data);
    if (looks || !(type in TAKES_PART)) return;
    looks = true;
    look();
  };
  return { emit, flush: sink.flush, pageMs: sink.pageMs, frameId: sink.frameId };
}

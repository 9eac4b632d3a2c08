import assert from "node:assert/strict";
import { test } from "node:test";
import { markProxy, nativeBehind, shareNatives } from "../../probe/shared-natives.js";

const KEY = "w-secret";
const proxyOf = (/** @type {any} */ native) => new Proxy(native, {});

let loaded = 0;

/** The module as another window has it. @returns {Promise<any>} */
const ofAnotherWindow = () => import(`../../probe/shared-natives.js?${loaded++}`);

/** As the browser's: by name alone, once. */
class CustomElementRegistry {
  /** @type {Map<string, any>} */
  #defined = new Map();
  get(/** @type {string} */ name) { return this.#defined.get(name); }
  define(/** @type {string} */ name, /** @type {any} */ made) {
    if (this.#defined.has(name)) throw new DOMException("defined", "NotSupportedError");
    this.#defined.set(name, made);
  }
}

/** Whose attributes are read by the getters of any window. @type {WeakMap<object, CustomElementRegistry>} */
const registries = new WeakMap();

/** @param {object} [around] Its parent, its opener. @returns {any} */
function makeWindow(around = {}) {
  const target = /** @type {any} */ ({ CustomElementRegistry, HTMLElement: class {}, opener: null });
  registries.set(target, new CustomElementRegistry());
  Object.defineProperty(target, "customElements", {
    /** @this {any} */
    get() {
      const registry = registries.get(this);
      if (!registry) throw new DOMException("of another origin", "SecurityError");
      return registry;
    },
    configurable: true,
  });
  return Object.assign(target, { parent: target }, around);
}

test("the native behind a proxy of ours is known; of anything else none is", () => {
  const proxy = proxyOf(Math.max);
  markProxy(proxy, Math.max);
  assert.equal(nativeBehind(proxy), Math.max);
  for (const other of [Math.max, proxyOf(Math.max), {}, undefined, null, 1, "x"]) assert.equal(nativeBehind(other), undefined);
});

test("a page's proxy does not see that it is looked at", () => {
  const asked = new Proxy(() => {}, new Proxy({}, { get: (_, trap) => assert.fail(`${String(trap)} was asked`) }));
  assert.equal(nativeBehind(asked), undefined);
});

test("a frame, the frame in it and a window that was opened know what the page knows, and it what they do", async () => {
  const page = makeWindow();
  const frame = makeWindow({ parent: page });
  const windows = [page, frame, makeWindow({ parent: frame }), makeWindow({ opener: page })];
  const known = [];
  for (const target of windows) {
    const module = await ofAnotherWindow();
    module.shareNatives(target, KEY);
    known.push(module);
  }
  for (const { markProxy: mark } of known) {
    const proxy = proxyOf(Math.min);
    mark(proxy, Math.min);
    for (const { nativeBehind: behind } of known) assert.equal(behind(proxy), Math.min);
  }
});

test("a window of another origin is passed over, and the page behind it is found", async () => {
  const page = makeWindow();
  const [first, second] = [await ofAnotherWindow(), await ofAnotherWindow()];
  first.shareNatives(page, KEY);
  const foreign = { parent: page, opener: null };
  second.shareNatives(makeWindow({ parent: foreign }), KEY);
  const proxy = proxyOf(Math.min);
  first.markProxy(proxy, Math.min);
  assert.equal(second.nativeBehind(proxy), Math.min);
});

test("who does not have the secret is told nothing", async () => {
  const page = makeWindow();
  const [first, second] = [await ofAnotherWindow(), await ofAnotherWindow()];
  first.shareNatives(page, KEY);
  second.shareNatives(makeWindow({ parent: page }), "w-guess");
  const proxy = proxyOf(Math.min);
  first.markProxy(proxy, Math.min);
  assert.equal(second.nativeBehind(proxy), undefined);
});

test("a page that has put something else in their place is looked at past it", async () => {
  const page = makeWindow();
  const [first, second] = [await ofAnotherWindow(), await ofAnotherWindow()];
  first.shareNatives(page, KEY);
  Object.defineProperty(page, "customElements", { get: () => assert.fail("it was asked") });
  second.shareNatives(makeWindow({ parent: page }), KEY);
  const proxy = proxyOf(Math.min);
  first.markProxy(proxy, Math.min);
  assert.equal(second.nativeBehind(proxy), Math.min);
});

test("a window that gets a new document goes by what it knew", async () => {
  const page = makeWindow();
  const [first, second] = [await ofAnotherWindow(), await ofAnotherWindow()];
  first.shareNatives(page, KEY);
  second.shareNatives(page, KEY);
  const proxy = proxyOf(Math.min);
  second.markProxy(proxy, Math.min);
  assert.equal(first.nativeBehind(proxy), Math.min);
});

test("a window without elements goes by itself", () => {
  assert.doesNotThrow(() => shareNatives({}, KEY));
});

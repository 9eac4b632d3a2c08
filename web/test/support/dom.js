/**
 * A document made by hand: enough of the DOM to run a page's modules in node on the page's own
 * markup. Nothing is laid out: a test sets the sizes that matter. Events bubble and can be stopped.
 */

export class FakeNode extends EventTarget {
  /** @type {FakeElement | null} */
  parentElement = null;
  #listeners = [];

  addEventListener(type, call, options = {}) {
    this.#listeners.push({ type, call, once: options.once === true });
  }
  removeEventListener(type, call) {
    this.#listeners = this.#listeners.filter((one) => one.type !== type || one.call !== call);
  }
  /** Walks the way up as a browser does: element, its parents, document, window. */
  dispatchEvent(event) {
    Object.defineProperty(event, "target", { value: this, configurable: true });
    for (let at = this; at; at = event.bubbles && !event.cancelBubble ? at.eventParent : null) {
      at.hear(event);
    }
    return !event.defaultPrevented;
  }
  hear(event) {
    for (const listener of this.#listeners.filter(({ type }) => type === event.type)) {
      if (listener.once) this.removeEventListener(listener.type, listener.call);
      listener.call(event);
    }
  }
  get eventParent() {
    return this.parentElement;
  }
}

const dashed = (name) => name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);

export class FakeElement extends FakeNode {
  childNodes = [];
  attributes = new Map();
  style = new FakeStyle();
  clientWidth = 0;
  clientHeight = 0;
  scrollWidth = 0;
  scrollHeight = 0;
  scrollLeft = 0;
  scrollTop = 0;
  offsetLeft = 0;
  offsetTop = 0;
  offsetHeight = 0;
  box = { left: 0, top: 0, width: 0, bottom: 0 };
  open = false;
  isPopoverOpen = false;
  scrolledIntoView = 0;

  constructor(tagName, ownerDocument) {
    super();
    this.tagName = tagName;
    this.ownerDocument = ownerDocument;
    const attributes = this.attributes;
    this.dataset = new Proxy({}, {
      get: (_, name) => attributes.get(`data-${dashed(name)}`),
      set: (_, name, value) => Boolean(attributes.set(`data-${dashed(name)}`, String(value))),
    });
    const classes = () => (attributes.get("class") ?? "").split(/\s+/).filter(Boolean);
    this.classList = {
      contains: (name) => classes().includes(name),
      add: (name) => this.classList.toggle(name, true),
      remove: (name) => this.classList.toggle(name, false),
      toggle: (name, isOn = !classes().includes(name)) => {
        const others = classes().filter((one) => one !== name);
        attributes.set("class", [...others, ...(isOn ? [name] : [])].join(" "));
      },
    };
  }

  // Attributes

  getAttribute(name) {
    return this.attributes.get(name) ?? null;
  }
  setAttribute(name, value) {
    this.attributes.set(name, String(value));
    if (name === "style") Object.assign(this.style, declarationsOf(String(value)));
  }
  removeAttribute(name) {
    this.attributes.delete(name);
  }
  #flag(name, isOn) {
    if (isOn) this.attributes.set(name, "");
    else this.attributes.delete(name);
  }
  get id() {
    return this.attributes.get("id") ?? "";
  }
  set id(id) {
    this.attributes.set("id", id);
  }
  get className() {
    return this.attributes.get("class") ?? "";
  }
  set className(names) {
    this.attributes.set("class", names);
  }
  get hidden() {
    return this.attributes.has("hidden");
  }
  set hidden(isOn) {
    this.#flag("hidden", isOn);
  }
  get disabled() {
    return this.attributes.has("disabled");
  }
  set disabled(isOn) {
    this.#flag("disabled", isOn);
  }

  // Tree

  get children() {
    return this.childNodes.filter((node) => node instanceof FakeElement);
  }
  get childElementCount() {
    return this.children.length;
  }
  get firstElementChild() {
    return this.children[0] ?? null;
  }
  get lastElementChild() {
    return this.children.at(-1) ?? null;
  }
  get nextElementSibling() {
    const beside = this.parentElement?.children ?? [];
    return beside[beside.indexOf(this) + 1] ?? null;
  }
  get eventParent() {
    return this.parentElement ?? this.ownerDocument;
  }
  get textContent() {
    return this.childNodes.map((node) => (typeof node === "string" ? node : node.textContent)).join("");
  }
  set textContent(text) {
    this.replaceChildren(...(text === "" ? [] : [String(text)]));
  }
  append(...nodes) {
    for (const node of nodes) this.insertBefore(node, null);
  }
  insertBefore(node, before) {
    if (node instanceof FakeElement) {
      node.remove();
      node.parentElement = this;
    }
    const at = before === null ? this.childNodes.length : this.childNodes.indexOf(before);
    this.childNodes.splice(at, 0, node);
  }
  replaceChildren(...nodes) {
    for (const child of this.children) child.parentElement = null;
    this.childNodes = [];
    this.append(...nodes);
  }
  remove() {
    if (!this.parentElement) return;
    this.parentElement.childNodes = this.parentElement.childNodes.filter((node) => node !== this);
    this.parentElement = null;
  }

  // Looking for elements

  matches(selector) {
    return splitOutside(selector, ",").some((one) => matchesPath(this, one.trim().split(/\s+(?![^(]*\))/)));
  }
  closest(selector) {
    return this.matches(selector) ? this : this.parentElement?.closest(selector) ?? null;
  }
  querySelectorAll(selector) {
    return this.children.flatMap((child) => [
      ...(child.matches(selector) ? [child] : []), ...child.querySelectorAll(selector),
    ]);
  }
  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  // What a person or a script does with it

  focus() {
    this.ownerDocument.activeElement = this;
  }
  blur() {
    if (this.ownerDocument.activeElement === this) this.ownerDocument.activeElement = this.ownerDocument.body;
  }
  click() {
    if (!this.disabled) fire(this, "click");
  }
  showModal() {
    this.open = true;
  }
  togglePopover() {
    this.isPopoverOpen = !this.isPopoverOpen;
  }
  scrollIntoView() {
    this.scrolledIntoView += 1;
  }
  getBoundingClientRect() {
    return this.box;
  }
}

export class FakeButton extends FakeElement {}

export class FakeInput extends FakeElement {
  #value;
  #checked;
  /** What a person has chosen, of an input for files. */
  files = [];
  get value() {
    return this.#value ?? this.getAttribute("value") ?? "";
  }
  set value(value) {
    this.#value = String(value);
  }
  get valueAsNumber() {
    return Number(this.value);
  }
  set valueAsNumber(value) {
    this.value = value;
  }
  get checked() {
    return this.#checked ?? this.attributes.has("checked");
  }
  set checked(isOn) {
    this.#checked = isOn;
  }
}

export class FakeTextArea extends FakeInput {}

export class FakeForm extends FakeElement {}

export class FakeCanvas extends FakeElement {
  width = 300;
  height = 150;
  getContext() {
    return this.context ?? null;
  }
}

/** A player whose time a test moves; its events come when the test says so. */
export class FakeAudio extends FakeElement {
  paused = true;
  seeking = false;
  currentTime = 0;
  playbackRate = 1;
  muted = false;
  srcObject = null;
  /** What play() answers with; a browser may refuse. */
  allowed = Promise.resolve();

  play() {
    this.paused = false;
    this.dispatchEvent(new Event("play"));
    return this.allowed;
  }
  pause() {
    if (this.paused) return;
    this.paused = true;
    this.dispatchEvent(new Event("pause"));
  }
  /** Let it have played up to a moment. @param {number} seconds */
  reach(seconds) {
    this.currentTime = seconds;
    this.dispatchEvent(new Event("timeupdate"));
  }
}

class FakeLocation {
  search = "";
  #hash = "";
  get hash() {
    return this.#hash;
  }
  set hash(hash) {
    this.#hash = hash && `#${hash.replace(/^#/, "")}`;
  }
}

/** @param {string} text "left:10%;width:5%" */
const declarationsOf = (text) => (
  Object.fromEntries(text.split(";").map((one) => one.split(":").map((part) => part.trim())))
);

class FakeStyle {
  setProperty(name, value) {
    this[name] = value;
  }
  getPropertyValue(name) {
    return this[name] ?? "";
  }
}

const KINDS = {
  button: FakeButton, input: FakeInput, select: FakeInput, textarea: FakeTextArea, form: FakeForm,
  canvas: FakeCanvas, audio: FakeAudio,
};

export class FakeDocument extends FakeNode {
  defaultView = null;
  baseURI = "http://page.test/talk/";

  /** @param {string} html Well-formed markup: every element that is not void is closed. */
  constructor(html) {
    super();
    const root = this.createElement("root");
    parseInto(root, html, this);
    this.documentElement = root.querySelector("html") ?? root;
    this.documentElement.parentElement = null;
    this.body = root.querySelector("body") ?? this.documentElement;
    this.activeElement = this.body;
  }
  get eventParent() {
    return this.defaultView;
  }
  createElement(name) {
    return new (KINDS[name] ?? FakeElement)(name, this);
  }
  createElementNS(namespace, name) {
    return Object.assign(this.createElement(name), { namespace });
  }
  getElementById(id) {
    return this.documentElement.querySelector(`#${id}`);
  }
  querySelector(selector) {
    return this.documentElement.querySelector(selector);
  }
  querySelectorAll(selector) {
    return this.documentElement.querySelectorAll(selector);
  }
}

/**
 * Let an event happen at an element, as a person or the browser causes it.
 *
 * @returns {Event} With what became of it.
 */
export function fire(target, type, fields = {}) {
  const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), fields);
  target.dispatchEvent(event);
  return event;
}

/** Press a key where the focus is. */
export function press(document, key, more = {}) {
  const held = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, repeat: false };
  return fire(document.activeElement, "keydown", { key, ...held, ...more });
}

/**
 * Make a page's markup the world that modules look around in; give the window to fire events at.
 *
 * @param {string} html
 * @param {object} more Further properties of the window.
 */
export function openPage(html, more = {}) {
  const document = new FakeDocument(html);
  const window = Object.assign(new FakeNode(), { document, innerHeight: 800, location: new FakeLocation() }, more);
  document.defaultView = window;
  const queries = new Map();
  const frames = [];
  const observers = [];
  const world = {
    window, document, location: window.location, innerHeight: window.innerHeight, devicePixelRatio: 1,
    HTMLElement: FakeElement, HTMLButtonElement: FakeButton, HTMLInputElement: FakeInput,
    HTMLTextAreaElement: FakeTextArea, HTMLFormElement: FakeForm,
    HTMLCanvasElement: FakeCanvas, HTMLAudioElement: FakeAudio,
    addEventListener: (...listener) => window.addEventListener(...listener),
    removeEventListener: (...listener) => window.removeEventListener(...listener),
    getComputedStyle: (element) => element.style,
    requestAnimationFrame: (call) => frames.push(call),
    matchMedia: (query) => {
      if (!queries.has(query)) queries.set(query, Object.assign(new FakeNode(), { matches: false }));
      return queries.get(query);
    },
    ResizeObserver: class {
      constructor(call) {
        observers.push(call);
      }
      observe() {}
    },
  };
  for (const [name, value] of Object.entries(world)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return {
    document, window,
    find: (selector) => document.querySelector(selector),
    press: (key, held) => press(document, key, held),
    /** The browser draws once. @param {number} now_ms */
    draw: (now_ms) => frames.splice(0).forEach((call) => call(now_ms)),
    framesAsked: () => frames.length,
    resize: () => observers.forEach((call) => call()),
    /** A preference of the person changes. */
    prefer: (query, matches) => {
      Object.assign(matchMedia(query), { matches });
      fire(matchMedia(query), "change");
    },
  };
}

const VOID = new Set(["meta", "link", "img", "input", "br"]);

function parseInto(root, html, document) {
  let at = root;
  const markup = html.replace(/<!--.*?-->|<!doctype[^>]*>/gis, "");
  for (const [, close, name, attributes, isClosed, text] of markup.matchAll(
    /<(?:(\/)?([\w-]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*(\/)?)>|([^<]+)/g,
  )) {
    if (text !== undefined) {
      if (text.trim()) at.append(text);
    } else if (close) {
      at = at.parentElement;
    } else {
      const element = document.createElement(name);
      for (const [, key, value = ""] of attributes.matchAll(/([\w-]+)(?:="([^"]*)")?/g)) {
        element.setAttribute(key, value);
      }
      at.append(element);
      if (!isClosed && !VOID.has(name)) at = element;
    }
  }
}

/** Split where a separator stands outside parentheses. */
function splitOutside(text, separator) {
  return text.split(new RegExp(`${separator}(?![^(]*\\))`));
}

function matchesPath(element, path) {
  const [last, ...before] = path.toReversed();
  if (!matchesOne(element, last)) return false;
  if (before.length === 0) return true;
  const rest = before.toReversed();
  for (let at = element.parentElement; at; at = at.parentElement) {
    if (matchesPath(at, rest)) return true;
  }
  return false;
}

/** One step of a selector: name, #id, .class, [attribute], [attribute="value"], :not(…). */
function matchesOne(element, step) {
  const [, not] = /:not\((.*)\)$/.exec(step) ?? [];
  if (not && element.matches(not)) return false;
  const parts = step.replace(/:not\(.*\)$/, "").matchAll(/\[([\w-]+)(?:(\^?)="?([^"\]]*)"?)?\]|([#.]?)([\w-]+)/g);
  return [...parts].every(([, attribute, isStart, value, kind, name]) => {
    if (attribute) {
      const has = element.getAttribute(attribute);
      if (has === null || value === undefined) return has !== null;
      return isStart ? has.startsWith(value) : has === value;
    }
    if (kind === "#") return element.id === name;
    if (kind === ".") return element.classList.contains(name);
    return element.tagName === name;
  });
}

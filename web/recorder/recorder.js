// What the user does on a page, told as it happens. It only looks: no event is changed or held up.
// Locators are Playwright's own (`window.playwright`, which its console mode gives to pages); where
// they are not there yet, a plain path stands in.

/** @typedef {{ kind: string, selector: string, is_top: boolean } & Record<string, unknown>} Seen */

const TYPED = new Set(["", "text", "email", "tel", "url", "search", "password", "number", "date", "time", "month", "week", "datetime-local", "color", "range"]);
const BOXES = new Set(["checkbox", "radio"]);
const SECRET = /password|one-time-code|cc-number|cc-csc/;
const LONG_MS = 400;

/**
 * The key as Playwright calls it, with what is held down beside it.
 * @param {KeyboardEvent} event
 */
const keyOf = (event) =>
  [event.ctrlKey && "Control", event.metaKey && "Meta", event.altKey && "Alt", event.shiftKey && "Shift", event.key]
    .filter(Boolean)
    .join("+");

/** @param {Element} element */
const typeOf = (element) => (element instanceof HTMLInputElement ? element.type : "");

/**
 * Whether people type into it.
 * @param {Element} element
 */
export function isField(element) {
  if (element instanceof HTMLTextAreaElement) return true;
  if (element instanceof HTMLInputElement) return TYPED.has(element.type);
  return element instanceof HTMLElement && element.isContentEditable;
}

/**
 * A way to an element that needs nobody's help.
 * @param {Element} element
 */
export function plainPath(element) {
  const id = element.getAttribute("data-testid");
  if (id) return `[data-testid=${JSON.stringify(id)}]`;
  const steps = [];
  for (let one = /** @type {Element | null} */ (element); one; one = one.parentElement) {
    if (one.id) return [`#${CSS.escape(one.id)}`, ...steps].join(" > ");
    const { localName, parentElement } = one;
    const alike = parentElement ? Array.from(parentElement.children).filter((each) => each.localName === localName) : [one];
    steps.unshift(alike.length > 1 ? `${localName}:nth-of-type(${alike.indexOf(one) + 1})` : localName);
  }
  return steps.join(" > ");
}

/** @param {Element} element */
function selectorOf(element) {
  try {
    const { playwright } = /** @type {any} */ (globalThis);
    return String(playwright.selector(element));
  } catch {
    return plainPath(element);
  }
}

/**
 * Looks at a document's events.
 * @param {(seen: Seen) => void} tell
 */
export function watchUser(tell) {
  /** @type {WeakSet<Element>} */
  const secrets = new WeakSet();
  const later = setTimeout.bind(globalThis); // before a page's clock takes its place
  let pressedMs = 0;
  /** @type {Map<string, number>} */
  const keysDown = new Map();
  let enterMs = -Infinity;

  /** @type {Set<string>} */
  const secretNames = new Set();

  /** @param {Element} element */
  const namesOf = (element) => [element.getAttribute("name") ?? "", element.id].filter((name) => name !== "");

  /** @param {Element} element */
  const isSecret = (element) => {
    const hint = `${typeOf(element)} ${element.getAttribute("autocomplete") ?? ""}`;
    if (SECRET.test(hint)) {
      secrets.add(element); // also once it is shown
      for (const name of namesOf(element)) secretNames.add(name); // and in a field that takes its place
    }
    return secrets.has(element) || namesOf(element).some((name) => secretNames.has(name));
  };

  /**
   * Remembers the password fields that are there: what is done now may be what shows them.
   * @param {Element} target
   */
  const remember = (target) => {
    for (const root of new Set([document, /** @type {Document | ShadowRoot} */ (target.getRootNode())])) {
      for (const field of root.querySelectorAll?.("input[type=password]") ?? []) isSecret(field);
    }
  };

  /** @param {string} kind @param {Element} element @param {Record<string, unknown>} [more] */
  const say = (kind, element, more = {}) =>
    tell({ kind, selector: selectorOf(element), is_top: window === window.top, ...more });

  /** @param {string} type @param {(event: any, target: Element) => void} handle */
  const on = (type, handle) =>
    addEventListener(type, (event) => {
      const [target] = event.composedPath();
      if (event.isTrusted && target instanceof Element) handle(event, target);
    }, true);

  on("pointerdown", (event, target) => {
    pressedMs = event.timeStamp;
    remember(target);
  });

  on("focusin", (_event, target) => remember(target));

  on("click", (event, target) => {
    const label = target.closest("label");
    const isOfLabel = label?.control && label.control !== target && !target.closest("button, a");
    if (isOfLabel || target instanceof HTMLSelectElement || target instanceof HTMLOptionElement) return; // its own event comes
    if (typeOf(target) === "file") return;
    if (target instanceof HTMLInputElement && BOXES.has(target.type)) {
      say(target.checked ? "check" : "uncheck", target);
      return;
    }
    if (event.detail === 0 && event.timeStamp - enterMs < LONG_MS) return; // Enter in a form
    const held_s = event.detail === 0 ? 0 : Math.max(0, event.timeStamp - pressedMs) / 1000;
    say("click", target, { is_field: isField(target), held_s });
  });

  on("input", (_event, target) => {
    if (!isField(target)) return;
    const value = "value" in target ? String(target.value) : (target instanceof HTMLElement && target.innerText) || "";
    const name = target.getAttribute("name") || target.id || target.getAttribute("autocomplete") || "secret";
    say("fill", target, { value, is_secret: isSecret(target), field: name });
  });

  on("change", (_event, target) => {
    if (target instanceof HTMLSelectElement) say("select", target, { values: Array.from(target.selectedOptions, (one) => one.value) });
    if (target instanceof HTMLInputElement && target.type === "file") say("upload", target, { values: Array.from(target.files ?? [], (one) => one.name) });
  });

  on("keydown", (event, target) => {
    remember(target);
    if (event.repeat || event.isComposing) return;
    keysDown.set(event.code, event.timeStamp);
    if (event.key === "Enter" && isField(target)) {
      const press = { kind: "press", selector: selectorOf(target), is_top: window === window.top, key: keyOf(event) };
      if (target instanceof HTMLInputElement) {
        enterMs = event.timeStamp;
        tell(press);
      } else {
        // Where it begins a new line, the text has it; else the page does something of its own, such as to send.
        later(() => { if (event.defaultPrevented || event.ctrlKey || event.metaKey) tell(press); }, 0);
      }
    } else if (event.key === "Escape") {
      say("press", target, { key: "Escape" });
    }
  });

  on("keyup", (event, target) => {
    const held_s = (event.timeStamp - (keysDown.get(event.code) ?? event.timeStamp)) / 1000;
    keysDown.delete(event.code);
    if (isField(target) || held_s * 1000 < LONG_MS) return;
    say("hold", target, { key: event.key === " " ? "Space" : event.key, held_s });
  });
}

/**
 * Looks at this document, and tells by a function that Python gave it.
 * @param {string} binding
 */
export function installRecorder(binding) {
  const tell = /** @type {any} */ (globalThis)[binding];
  if (typeof tell === "function") watchUser((seen) => void tell(seen));
}

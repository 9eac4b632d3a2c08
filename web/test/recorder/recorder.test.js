import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { installRecorder, plainPath, watchUser } from "../../recorder/recorder.js";

/** As much of elements as the recorder looks at. */
class Element {
  parentElement = null;
  children = [];
  id = "";
  attributes = new Map();
  constructor(localName) { this.localName = localName; }
  getAttribute(name) { return this.attributes.get(name) ?? null; }
  getRootNode() { return this.root ?? document; }
  closest(selector) {
    const wanted = selector.split(", ");
    for (let at = this; at; at = at.parentElement) if (wanted.includes(at.localName)) return at;
    return null;
  }
  with(attributes) {
    for (const [name, value] of Object.entries(attributes)) this.attributes.set(name, value);
    return Object.assign(this, attributes);
  }
  holding(...children) {
    for (const child of children) child.parentElement = this;
    this.children.push(...children);
    return this;
  }
}
class HTMLElement extends Element { isContentEditable = false; }
class HTMLInputElement extends HTMLElement { type = "text"; value = ""; checked = false; constructor() { super("input"); } }
class HTMLTextAreaElement extends HTMLElement { constructor() { super("textarea"); } }
class HTMLSelectElement extends HTMLElement { constructor() { super("select"); } }
class HTMLOptionElement extends HTMLElement { constructor() { super("option"); } }

/** A document, or a shadow root, with some fields in it. */
class Root {
  fields = [];
  querySelectorAll(selector) {
    assert.equal(selector, "input[type=password]");
    return this.fields.filter(({ type }) => type === "password");
  }
}

let told, listeners;

beforeEach(() => {
  told = [];
  listeners = new Map();
  const window = {};
  window.top = window;
  Object.assign(globalThis, {
    ...{ window, Element, HTMLElement, HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement, HTMLOptionElement },
    CSS: { escape: (text) => text },
    document: new Root(),
    playwright: { selector: (element) => `chosen ${element.localName}` },
    addEventListener: (type, handle, capture) => { assert.ok(capture); listeners.set(type, handle); },
  });
  watchUser((seen) => told.push(seen));
});

const happens = (type, target, more = {}) =>
  listeners.get(type)?.({ type, isTrusted: true, timeStamp: 0, detail: 1, composedPath: () => [target], ...more });

const input = (attributes = {}) => new HTMLInputElement().with(attributes);

test("a click is told with how long the button was down", () => {
  const button = new HTMLElement("button");
  happens("pointerdown", button, { timeStamp: 100 });
  happens("click", button, { timeStamp: 1600 });
  assert.deepEqual(told, [{ kind: "click", selector: "chosen button", is_top: true, is_field: false, held_s: 1.5 }]);
});

test("what a script does is nothing of the user's", () => {
  happens("click", new HTMLElement("button"), { isTrusted: false });
  happens("input", input({ value: "x" }), { isTrusted: false });
  assert.deepEqual(told, []);
});

test("a box is told as it is then, and its label is not told beside it", () => {
  const box = input({ type: "checkbox", checked: true });
  const label = new HTMLElement("label").with({ control: box });
  happens("click", label);
  happens("click", box, { detail: 0 });
  happens("click", input({ type: "checkbox", checked: false }));
  assert.deepEqual(told.map(({ kind }) => kind), ["check", "uncheck"]);
});

test("a button within a label is clicked itself", () => {
  const button = new HTMLElement("button");
  new HTMLElement("label").with({ control: input() }).holding(button);
  happens("click", button);
  assert.equal(told.length, 1);
});

test("a password stays one when it is shown", () => {
  const field = input({ type: "password", value: "a", name: "pin" });
  happens("input", field);
  field.type = "text";
  field.value = "ab";
  happens("input", field);
  happens("input", input({ autocomplete: "one-time-code", value: "1" }));
  happens("input", input({ value: "Kim", name: "guest" }));
  assert.deepEqual(told.map(({ is_secret, field: name }) => [is_secret, name]), [[true, "pin"], [true, "pin"], [true, "one-time-code"], [false, "guest"]]);
});

for (const before of ["pointerdown", "keydown", "focusin"]) {
  test(`a password that a button shows before it is typed stays one: ${before}`, () => {
    const field = input({ type: "password", name: "word" });
    document.fields.push(field);
    happens(before, new HTMLElement("button"), { key: " ", code: "Space" });
    field.type = "text";
    field.value = "window-seat";
    happens("input", field);
    assert.deepEqual(told.map(({ is_secret }) => is_secret), [true]);
  });
}

test("a password in a shadow root stays one, too", () => {
  const root = new Root();
  const field = Object.assign(input({ type: "password" }), { root });
  root.fields.push(field);
  happens("pointerdown", Object.assign(new HTMLElement("button"), { root }));
  field.type = "text";
  happens("input", field);
  assert.equal(told[0].is_secret, true);
});

test("a field that takes the place of a password is one, by its name or its id", () => {
  document.fields.push(input({ type: "password", name: "word" }), input({ type: "password", id: "pin" }));
  happens("pointerdown", new HTMLElement("button"));
  document.fields = [];
  happens("input", input({ name: "word" }));
  happens("input", input({ id: "pin" }));
  happens("input", input({ name: "guest" }));
  happens("input", input());
  assert.deepEqual(told.map(({ is_secret }) => is_secret), [true, true, false, false]);
});

test("Enter in a form is a key, and the click that it makes is none", () => {
  happens("keydown", input(), { key: "Enter", code: "Enter", timeStamp: 10 });
  happens("click", new HTMLElement("button"), { detail: 0, timeStamp: 11 });
  happens("keydown", new HTMLTextAreaElement(), { key: "Enter", code: "Enter", timeStamp: 20 });
  happens("keydown", new HTMLElement("body"), { key: "Escape", code: "Escape" });
  assert.deepEqual(told.map(({ kind, key }) => [kind, key]), [["press", "Enter"], ["press", "Escape"]]);
});

test("Enter in a text of several lines is a key where the page takes it, as a chat does to send", async () => {
  const chat = new HTMLTextAreaElement();
  const note = Object.assign(new HTMLElement("div"), { isContentEditable: true });
  const enter = { key: "Enter", code: "Enter" };
  happens("keydown", chat, { ...enter, defaultPrevented: true });
  happens("keydown", chat, { ...enter, shiftKey: true });
  happens("keydown", chat, { ...enter, ctrlKey: true });
  happens("keydown", note, enter);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(told.map(({ kind, key }) => [kind, key]), [["press", "Enter"], ["press", "Control+Enter"]]);
});

test("what is written into an element that is no field is told with its lines", () => {
  happens("input", Object.assign(new HTMLElement("div"), { isContentEditable: true, innerText: "a\nb" }));
  assert.equal(told[0].value, "a\nb");
});

test("a button that a key works is clicked", () => {
  happens("click", new HTMLElement("button"), { detail: 0, timeStamp: 5000 });
  assert.equal(told[0].held_s, 0);
});

test("a key that was held is told, and one in a field is not", () => {
  const body = new HTMLElement("body");
  happens("keydown", body, { key: " ", code: "Space", timeStamp: 0 });
  happens("keydown", body, { key: " ", code: "Space", timeStamp: 500, repeat: true });
  happens("keyup", body, { key: " ", code: "Space", timeStamp: 2500 });
  happens("keydown", body, { key: "t", code: "KeyT", timeStamp: 3000 });
  happens("keyup", body, { key: "t", code: "KeyT", timeStamp: 3050 });
  happens("keydown", input(), { key: "a", code: "KeyA", timeStamp: 4000 });
  happens("keyup", input(), { key: "a", code: "KeyA", timeStamp: 6000 });
  assert.deepEqual(told.map(({ kind, key, held_s }) => [kind, key, held_s]), [["hold", "Space", 2.5]]);
});

test("lists and files tell what was chosen", () => {
  const list = Object.assign(new HTMLSelectElement(), { selectedOptions: [{ value: "w" }] });
  happens("change", list);
  happens("click", list);
  happens("change", input({ type: "file", files: [{ name: "a.txt" }] }));
  assert.deepEqual(told.map(({ kind, values }) => [kind, values]), [["select", ["w"]], ["upload", ["a.txt"]]]);
});

test("without Playwright's choice there is a path", () => {
  delete globalThis.playwright;
  const second = new HTMLElement("button");
  const form = new HTMLElement("form").holding(new HTMLElement("button"), second);
  new HTMLElement("main").with({ id: "desk" }).holding(form);
  happens("click", second);
  assert.equal(told[0].selector, "#desk > form > button:nth-of-type(2)");
  assert.equal(plainPath(new HTMLElement("p").with({ "data-testid": "bill" })), '[data-testid="bill"]');
});

test("it tells by the function that Python gave, and nowhere else", () => {
  const heard = [];
  Object.assign(globalThis, { given: (seen) => heard.push(seen) });
  installRecorder("given");
  happens("click", new HTMLElement("a"));
  assert.equal(heard.length, 1);
  installRecorder("missing");
});

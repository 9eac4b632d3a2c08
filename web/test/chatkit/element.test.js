// The stand-in as a page and its person meet it: methods, events, a composer in a shadow root.
import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "../../chatkit/chatkit.js";
import { WARNING } from "../../chatkit/element.js";
import { STAND_IN } from "../../chatkit/view.js";
import { settle } from "../client/support/chat-page.js";
import { json } from "../client/support/fake-window.js";
import { FakeElement, fire, openPage } from "../support/dom.js";
import { FakeBackend, THREAD, eventsAnswer } from "./support.js";

const NAMES = [
  "ready", "error", "response.start", "response.end", "thread.change", "thread.load.start", "thread.load.end",
  "tool.change", "history.open", "history.close",
];

/** A page that loaded the script, with the element in its body unless asked otherwise. */
function open({ isInPage = true } = {}) {
  const backend = new FakeBackend();
  const { document, window } = openPage("<html><body></body></html>");
  globalThis.CSSStyleSheet = class { replaceSync(text) { this.text = text; } };
  const warned = [];
  const defined = new Map();
  const target = Object.assign(window, {
    fetch: backend.fetch,
    console: { warn: (text) => warned.push(text) },
    customElements: { get: (name) => defined.get(name), define: (name, made) => defined.set(name, made) },
    HTMLElement: class extends FakeElement {
      constructor() { super("openai-chatkit", document); }
      get isConnected() { return this.parentElement !== null; }
      attachShadow() { return this.root = new FakeElement("root", document); }
    },
  });
  standIn(target);
  standIn(target);
  const chat = new (defined.get("openai-chatkit"))();
  const told = [];
  for (const name of NAMES) chat.addEventListener(`chatkit.${name}`, ({ detail }) => told.push(detail ? [name, detail] : name));
  const enter = () => { document.body.append(chat); chat.connectedCallback(); };
  if (isInPage) enter();
  const find = (selector) => chat.root.querySelector(selector);
  return { backend, chat, told, warned, enter, find, document, names: () => told.map((one) => (Array.isArray(one) ? one[0] : one)) };
}

const OPTIONS = { api: { url: "/api", domainKey: "key" } };

test("it says that it is a stand-in, in the console and on the page, once", () => {
  const { warned, chat, find } = open();
  chat.setOptions(OPTIONS);
  assert.deepEqual(warned, [WARNING]);
  assert.equal(find(".stand-in").textContent, STAND_IN);
  assert.match(chat.root.adoptedStyleSheets[0].text, /:host/);
});

test("it is ready once it has options and is in the page", () => {
  const early = open({ isInPage: false });
  early.chat.setOptions(OPTIONS);
  assert.deepEqual(early.told, []);
  early.enter();
  early.chat.setOptions(OPTIONS);
  assert.deepEqual(early.told, ["ready"]);
  assert.throws(() => open().chat.setOptions({}), /domainKey/);
});

test("a person writes, and the answer comes with its events in order", async () => {
  const { chat, find, told, names, backend } = open();
  chat.setOptions({ ...OPTIONS, startScreen: { greeting: "Hungry?" }, composer: { placeholder: "Ask" }, header: { title: { text: "Harbour" } } });
  assert.deepEqual([find(".greeting").textContent, find(".title").textContent], ["Hungry?", "Harbour"]);
  const message = find("textarea");
  assert.equal(message.getAttribute("placeholder"), "Ask");
  fire(find("form"), "submit");
  message.value = "Hello?";
  fire(message, "keydown", { key: "Enter", shiftKey: true });
  fire(message, "keydown", { key: "Enter" });
  assert.equal(find(".progress").textContent, "…");
  message.value = "Again?";
  fire(message, "keydown", { key: "Enter" });
  await settle();
  assert.equal(backend.asked.length, 1);
  assert.deepEqual(told, ["ready", ["thread.change", { threadId: "thr_1" }], "response.start", "response.end"]);
  assert.deepEqual(find(".turns").children.map((turn) => turn.textContent), ["YouHello?", "AssistantHello."]);
  assert.equal(names().at(-1), "response.end");
});

test("the methods do what their names say", async () => {
  const { chat, find, told, names, backend, document } = open();
  chat.setOptions({ ...OPTIONS, initialThread: "thr_1" });
  await settle();
  assert.deepEqual(names(), ["ready", "thread.change", "thread.load.start", "thread.load.end"]);
  await chat.focusComposer();
  assert.equal(document.activeElement, find("textarea"));
  await chat.setThreadId(null);
  assert.deepEqual(told.at(-1), ["thread.change", { threadId: null }]);
  await chat.sendUserMessage({ text: "Hello?" });
  await settle();
  await chat.fetchUpdates();
  assert.equal(names().at(-1), "thread.load.end");
  backend.answers["threads.custom_action"] = () => eventsAnswer();
  await chat.sendCustomAction({ type: "order" }, "w");
  assert.deepEqual(backend.last.params, { thread_id: "thr_1", item_id: "w", action: { type: "order", payload: null } });
});

test("the composer is filled from outside, with words, files, a tool and a model", async () => {
  const { chat, find, told, backend } = open();
  chat.setOptions(OPTIONS);
  backend.answers["attachments.create"] = () => json(200, { id: "atc_2", upload_descriptor: { url: "/u", method: "PUT" } });
  await chat.setComposerValue({
    content: [{ type: "input_text", text: "A " }, { type: "input_tag", text: "table" }],
    attachments: [{ id: "atc_1" }], files: [new File(["a"], "a.txt")], selectedToolId: "book", selectedModelId: "small",
  });
  assert.equal(find("textarea").value, "A table");
  assert.deepEqual(told.at(-1), ["tool.change", { toolId: "book" }]);
  fire(find("form"), "submit");
  await settle();
  const { input } = backend.last.params;
  assert.deepEqual([input.attachments, input.inference_options], [["atc_1", "atc_2"], { tool_choice: { id: "book" }, model: "small" }]);
  await chat.setComposerValue({ text: "", selectedToolId: null });
  assert.equal(find("textarea").value, "");
});

test("history is shown, and a thread of it chosen", async () => {
  const { chat, find, names } = open();
  chat.setOptions(OPTIONS);
  await chat.showHistory();
  assert.deepEqual(find(".history").children.map(({ textContent }) => textContent), ["Tables", "thr_2"]);
  assert.equal(find(".turns").hidden, true);
  find(".history").querySelector("button").click();
  await settle();
  assert.deepEqual(names(), ["ready", "history.open", "history.close", "thread.change", "thread.load.start", "thread.load.end"]);
  assert.equal(find(".turns").hidden, false);
});

test("a widget's action goes to the backend, or to the page that handles it", async () => {
  const { chat, find, backend } = open();
  const acted = [];
  const button = (label, action) => ({ type: "Button", label, onClickAction: action });
  const widget = { type: "Card", children: [button("Order", { type: "order" }), button("Print", { type: "print", handler: "client", payload: { a: 1 } })] };
  backend.answers["items.list"] = () => json(200, { data: [{ id: "w", type: "widget", widget }], has_more: false });
  backend.answers["threads.custom_action"] = () => eventsAnswer();
  chat.setOptions({ ...OPTIONS, initialThread: "thr_1", widgets: { onAction: async (...one) => { acted.push(one); } } });
  await settle();
  const [order, print] = find(".widget").querySelectorAll("button");
  print.click();
  assert.deepEqual(acted, [[{ type: "print", payload: { a: 1 } }, { id: "w", widget }]]);
  order.click();
  order.click();
  await settle();
  assert.equal(backend.asked.filter(({ type }) => type === "threads.custom_action").length, 1);
});

test("a thread that is closed takes no words, and says so", async () => {
  const { chat, find, backend } = open();
  backend.answers["threads.get_by_id"] = () => json(200, { ...THREAD, status: { type: "locked", reason: "stocktaking" } });
  chat.setOptions({ ...OPTIONS, initialThread: "thr_1" });
  await settle();
  assert.deepEqual([find("textarea").disabled, find(".progress").textContent], [true, "This thread is locked: stocktaking."]);
});

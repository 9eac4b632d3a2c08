// The stand-in as a page and its person meet it: methods, events, a composer in a shadow root.
import assert from "node:assert/strict";
import { test } from "node:test";
import { standIn } from "../../chatkit/chatkit.js";
import { WARNING } from "../../chatkit/element.js";
import { STAND_IN } from "../../chatkit/view.js";
import { settle } from "../client/support/chat-page.js";
import { json } from "../client/support/fake-window.js";
import { FakeElement, fire, openPage } from "../support/dom.js";
import { FakeBackend, THREAD, assistant, eventsAnswer } from "./support.js";

const MICROPHONE = { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop() {} }] }) } };

/** Records the same sound each time. */
class FakeRecorder extends EventTarget {
  mimeType = "audio/webm";
  start() {}
  stop() {
    this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob(["sound"]) }));
    this.dispatchEvent(new Event("stop"));
  }
}

const NAMES = [
  "ready", "error", "response.start", "response.end", "thread.change", "thread.load.start", "thread.load.end",
  "tool.change", "history.open", "history.close", "deeplink",
];

/** A page that loaded the script, with the element in its body unless asked otherwise. */
function open({ isInPage = true, recorder = false } = {}) {
  const backend = new FakeBackend();
  const { document, window } = openPage("<html><body></body></html>");
  globalThis.CSSStyleSheet = class { replaceSync(text) { this.text = text; } };
  const warned = [];
  const defined = new Map();
  const target = Object.assign(window, {
    fetch: backend.fetch,
    console: { warn: (text) => warned.push(text) },
    ...(recorder ? { MediaRecorder: FakeRecorder, setTimeout, clearTimeout, navigator: MICROPHONE } : {}),
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

const FEEDBACK = { ...OPTIONS, initialThread: "thr_1", threadItemActions: { feedback: true, retry: true } };

test("an answer is judged, and asked for again", async () => {
  const { chat, find, backend } = open();
  backend.answers["items.feedback"] = () => json(200, {});
  backend.answers["threads.retry_after_item"] = () => eventsAnswer({ type: "thread.item.done", item: assistant("a9", "Better.") });
  chat.setOptions(FEEDBACK);
  await settle();
  const [good, bad] = find(".actions").querySelectorAll(".thumb");
  good.click();
  bad.click();
  await settle();
  assert.deepEqual(backend.last.params, { thread_id: "thr_1", item_ids: ["a0"], kind: "negative" });
  assert.deepEqual([good, bad].map((one) => one.getAttribute("aria-pressed")), ["false", "true"]);
  find(".retry").click();
  await settle();
  assert.deepEqual([backend.last.type, backend.last.params], ["threads.retry_after_item", { thread_id: "thr_1", item_id: "u0" }]);
  assert.deepEqual(find(".turns").children.map((turn) => turn.querySelector(".turn-text").textContent), ["Earlier?", "Better."]);
});

test("what nobody asked for has no buttons, and new options draw anew", async () => {
  const { chat, find } = open();
  chat.setOptions({ ...OPTIONS, initialThread: "thr_1" });
  await settle();
  assert.equal(find(".actions"), null);
  chat.setOptions({ ...FEEDBACK, theme: { colorScheme: "dark" }, frameTitle: "Waiter", locale: "de-DE" });
  assert.equal(find(".actions").children.length, 3);
  const frame = find(".frame");
  assert.deepEqual([frame.style["--scheme"], frame.getAttribute("aria-label"), frame.getAttribute("lang")], ["dark", "Waiter", "de-DE"]);
});

test("entities of a message and of an answer are pressed and looked at", async () => {
  const { chat, find, backend } = open();
  const clicked = [];
  const tag = { type: "input_tag", id: "t4", text: "Table 4", interactive: true, data: { seats: "2" } };
  const answer = assistant("a0", "Yes, [see it](chatkit-link://table?id=4).");
  answer.content[0].annotations = [
    { type: "annotation", source: { type: "entity", id: "m", title: "Menu", interactive: false } },
    { type: "annotation", source: { type: "url", url: "https://a.test", title: "A" } },
  ];
  const asked = { id: "u0", type: "user_message", content: [{ type: "input_text", text: "Is " }, tag, { type: "input_text", text: " free?" }], quoted_text: "Tables" };
  backend.answers["items.list"] = () => json(200, { data: [answer, asked], has_more: false });
  chat.setOptions({
    ...OPTIONS, initialThread: "thr_1",
    entities: {
      onClick: (entity) => clicked.push(entity),
      onRequestPreview: async ({ id }) => ({ preview: { type: "Basic", children: [{ type: "Text", value: `Two seats at ${id}` }] } }),
    },
  });
  await settle();
  const [table, menu] = chat.root.querySelectorAll(".entity-name");
  assert.match(find(".turn-user").querySelector(".turn-text").textContent, /“Tables”\nIs Table 4 free\?/);
  table.click();
  menu.click();
  assert.deepEqual(clicked, [{ id: "t4", title: "Table 4", group: undefined, data: { seats: "2" }, interactive: true }]);
  fire(table, "focus");
  fire(menu, "focus");
  await settle();
  assert.deepEqual(chat.root.querySelectorAll(".preview").map(({ textContent }) => textContent), ["Two seats at t4"]);
  fire(table, "blur");
  assert.equal(find(".preview"), null);
});

test("a link for the page is an event, and nothing else", async () => {
  const { chat, find, told, backend } = open();
  backend.answers["items.list"] = () => json(200, { data: [assistant("a0", "[See it](chatkit-link://table?id=4)")], has_more: false });
  chat.setOptions({ ...OPTIONS, initialThread: "thr_1" });
  await settle();
  find(".link").click();
  assert.deepEqual(told.at(-1), ["deeplink", { name: "table", data: { id: "4" } }]);
});

test("a thread is renamed and deleted in the history, where the page shows that", async () => {
  const { chat, find, backend, names } = open();
  backend.answers["threads.update"] = ({ title }) => json(200, { ...THREAD, title });
  backend.answers["threads.delete"] = () => json(200, {});
  chat.setOptions({ ...OPTIONS, initialThread: "thr_1", history: { enabled: true, showRename: true, showDelete: true } });
  await settle();
  find(".history-button").click();
  await settle();
  find(".rename").click();
  find(".rename-form").querySelector("input").value = "Supper";
  fire(find(".rename-form"), "submit");
  await settle();
  assert.deepEqual([find(".title").textContent, find(".choose").textContent], ["Supper", "Supper"]);
  find(".delete").click();
  await settle();
  assert.deepEqual(backend.last.params, { thread_id: "thr_1" });
  assert.equal(names().at(-1), "thread.change");
  find(".history-button").click();
  assert.equal(names().at(-1), "history.close");
});

test("starter prompts, and buttons of the page's own in the header", async () => {
  const { chat, find, backend } = open();
  const clicked = [];
  chat.setOptions({
    ...OPTIONS, startScreen: { prompts: [{ label: "A table", prompt: "A table for two." }, { label: "Tagged", prompt: [{ type: "input_text", text: "T" }] }] },
    header: { leftAction: { icon: "menu", onClick: () => clicked.push("menu") }, rightAction: { icon: "close", onClick: () => clicked.push("close") } },
    history: { enabled: false },
  });
  for (const one of find(".header").querySelectorAll("button")) one.click();
  assert.deepEqual(clicked, ["menu", "close"]);
  find(".prompt").click();
  await settle();
  assert.deepEqual(backend.last.params.input.content, [{ type: "input_text", text: "A table for two." }]);
  chat.setOptions({ ...OPTIONS, header: { enabled: false } });
  assert.equal(find(".header").hidden, true);
});

test("a response that is stopped is over, and is no error", async () => {
  const { chat, find, backend, names } = open();
  backend.answers["threads.create"] = () => new Response(new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify({ type: "thread.item.added", item: assistant("a1", "We") })}\n\n`)),
  }));
  chat.setOptions(OPTIONS);
  await chat.sendUserMessage({ text: "Hello?" });
  assert.equal(find(".stop").hidden, false);
  find(".stop").click();
  await settle();
  assert.deepEqual(names(), ["ready", "response.start", "response.end"]);
});

test("dictated sound is written down by the backend", async () => {
  const { chat, find, backend } = open({ recorder: true });
  backend.answers["input.transcribe"] = () => json(200, { text: "by the window" });
  chat.setOptions({ ...OPTIONS, composer: { dictation: { enabled: true } } });
  find("textarea").value = "A table";
  const speak = find(".dictate");
  speak.click();
  await settle();
  assert.equal(speak.textContent, "Listening: end");
  speak.click();
  await settle();
  assert.deepEqual(backend.last.params, { audio_base64: btoa("sound"), mime_type: "audio/webm" });
  assert.deepEqual([find("textarea").value, speak.textContent], ["A table by the window", "Dictate"]);
});

test("a preview goes with the pointer, and one that the page cannot give is told", async () => {
  const { chat, find, told, backend } = open();
  const tag = { type: "input_tag", id: "t4", text: "Table 4", interactive: true };
  const previews = [async () => ({ preview: null }), async () => { throw new Error("no preview"); }, async () => ({})];
  backend.answers["items.list"] = () => json(200, { data: [{ id: "u0", type: "user_message", content: [tag] }], has_more: false });
  chat.setOptions({ ...OPTIONS, initialThread: "thr_1", entities: { onRequestPreview: () => previews.shift()() } });
  await settle();
  const entity = find(".entity");
  for (const _ of [1, 2]) {
    fire(entity, "mouseenter");
    assert.notEqual(find(".preview"), null);
    await settle();
    assert.equal(find(".preview"), null);
  }
  assert.equal(told.at(-1)[1].error.message, "no preview");
  fire(entity, "mouseenter");
  fire(entity, "mouseleave");
  assert.equal(find(".preview"), null);
});

test("the page's locale is that of the stand-in's words, and else the browser's", async () => {
  const { chat, find } = open();
  chat.setOptions({ ...OPTIONS, locale: "de-DE", history: { showRename: true } });
  assert.deepEqual([find(".send").textContent, find(".greeting").textContent], ["Senden", "Womit kann ich heute helfen?"]);
  assert.deepEqual([find(".frame").getAttribute("lang"), find("textarea").getAttribute("placeholder")], ["de-DE", "Nachricht an die KI"]);
  await chat.sendUserMessage({ text: "Hallo?" });
  await settle();
  assert.equal(find(".turn-who").textContent, "Sie");
  await chat.showHistory();
  assert.equal(find(".rename").textContent, "Umbenennen");
  chat.setOptions({ ...OPTIONS, locale: "ar" });
  assert.deepEqual([find(".send").textContent, find(".frame").getAttribute("dir")], ["Send", "rtl"]);
});

test("icons are drawn where the page names them, and say which they are", async () => {
  const { chat, find, backend } = open();
  let pressed = 0;
  chat.setOptions({ ...OPTIONS,
    header: { leftAction: { icon: "sidebar-left", onClick: () => { pressed += 1; } } },
    startScreen: { prompts: [{ label: "Book", prompt: "A table.", icon: "calendar" }] },
  });
  const action = find(".header-action");
  action.click();
  assert.deepEqual([action.getAttribute("aria-label"), action.querySelector("[data-icon]").dataset.icon, pressed], ["sidebar-left", "sidebar-left", 1]);
  assert.equal(find(".prompt [data-icon]").dataset.icon, "calendar");
  const workflow = { type: "custom", summary: { title: "Looked", icon: "bolt" }, tasks: [{ type: "thought", content: "Hm." }] };
  backend.answers["threads.create"] = () => eventsAnswer(
    { type: "progress_update", text: "Asking", icon: "search" },
    { type: "thread.item.done", item: { id: "k", type: "workflow", workflow } },
  );
  await chat.sendUserMessage({ text: "Hello?" });
  await settle();
  assert.deepEqual(find(".work").querySelectorAll("[data-icon]").map(({ dataset }) => dataset.icon), ["bolt", "lightbulb"]);
});

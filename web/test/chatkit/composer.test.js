// The composer: menus of "@" and "/", files, a tool, a model, a quote, dictation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Composer } from "../../chatkit/composer.js";
import { settle } from "../client/support/chat-page.js";
import { fire, openPage } from "../support/dom.js";

const NOW = { isResponding: false, isClosed: false, canStop: true };
const ANNA = { id: "a", title: "Anna", group: "Guests" };

/** @param {Record<string, any>} options */
function open(options = {}) {
  const { window } = openPage("<html><body></body></html>");
  const told = { sent: [], tools: [], failed: [], stopped: 0 };
  const composer = new Composer({
    send: (message) => told.sent.push(message),
    stop: () => { told.stopped += 1; },
    upload: async ([file]) => [{ id: `atc_${file.name}`, name: file.name }],
    transcribe: async () => "by the window",
    toolChanged: (toolId) => told.tools.push(toolId),
    failed: (error) => told.failed.push(error.message),
  }, window);
  composer.render(options, NOW);
  const find = (selector) => composer.form.querySelector(selector);
  const message = find("textarea");
  const type = async (text) => {
    message.value = text;
    message.selectionStart = text.length;
    fire(message, "input");
    await settle();
  };
  const key = (name) => fire(message, "keydown", { key: name });
  const labels = () => find(".menu").querySelectorAll(".menu-option").map(({ textContent }) => textContent);
  return { composer, find, message, type, key, labels, told };
}

test("what “@” finds is chosen with keys, and is a tag of the message", async () => {
  const asked = [];
  const { find, type, key, labels, told, message } = open({
    entities: { onTagSearch: async (query) => { asked.push(query); return [{ id: "b", title: "Ben", group: "Guests" }, ANNA]; } },
  });
  await type("For @a");
  assert.deepEqual([asked, labels()], [["a"], ["Ben", "Anna"]]);
  assert.deepEqual(find(".menu").querySelectorAll(".menu-group").map(({ textContent }) => textContent), ["Guests"]);
  key("ArrowDown");
  key("ArrowUp");
  key("ArrowUp");
  assert.equal(find('[aria-selected="true"]').textContent, "Anna");
  key("Enter");
  assert.deepEqual([message.value, find(".menu").hidden, told.sent], ["For Anna ", true, []]);
  key("Enter");
  assert.deepEqual(told.sent[0].content, [
    { type: "input_text", text: "For " },
    { type: "input_tag", id: "a", text: "Anna", group: "Guests", data: {}, interactive: false },
  ]);
});

test("the menu closes with Escape, and where nothing is found", async () => {
  const { find, type, key } = open({ entities: { onTagSearch: async (query) => (query === "x" ? [] : [ANNA]) } });
  await type("@a");
  key("Escape");
  assert.equal(find(".menu").hidden, true);
  await type("@");
  assert.equal(find(".menu").hidden, false);
  await type("@x");
  assert.equal(find(".menu").hidden, true);
  await type("/x");
  assert.equal(find(".menu").hidden, true, "commands are not enabled");
});

test("a slower search does not take the place of a newer one", async () => {
  const waiting = [];
  const { labels, type } = open({ entities: { onTagSearch: () => new Promise((resolve) => waiting.push(resolve)) } });
  await type("@a");
  await type("@b");
  waiting[1]([{ id: "b", title: "Ben" }]);
  waiting[0]([ANNA]);
  await settle();
  assert.deepEqual(labels(), ["Ben"]);
});

test("a command gives an entity, another menu, or does something by itself", async () => {
  const selections = { guests: { type: "menu", commands: [{ id: "anna", label: "Anna" }] }, anna: { type: "entity", entity: ANNA } };
  const run = [];
  const { labels, type, key, message, find, told } = open({
    commands: {
      enabled: true,
      onSearch: async () => [{ id: "guests", label: "Guests", description: "who comes" }, { id: "print", label: "Print" }],
      onSelect: async ({ id }) => { run.push(id); return selections[id]; },
    },
    composer: { attachments: { enabled: true }, tools: [{ id: "book", label: "Book" }] },
  });
  await type("/");
  assert.deepEqual(labels(), ["Guestswho comes", "Print", "Attach", "Book"]);
  key("Enter");
  await settle();
  assert.deepEqual([labels(), message.value], [["Anna"], ""]);
  key("Tab");
  await settle();
  assert.equal(message.value, "Anna ");
  await type("/");
  find(".menu").querySelectorAll(".menu-option")[1].click();
  await settle();
  assert.deepEqual([run, message.value], [["guests", "anna", "print"], ""]);
  await type("/bo");
  find(".menu").querySelectorAll(".menu-option").at(-1).click();
  assert.deepEqual(told.tools, ["book"]);
});

test("what the page's own code fails with is told", async () => {
  const fails = async () => { throw new Error("no index"); };
  const { type, key, told } = open({
    entities: { onTagSearch: fails }, commands: { enabled: true, onSearch: async () => [{ id: "a", label: "A" }], onSelect: fails },
  });
  await type("@a");
  await type("/");
  key("Enter");
  await settle();
  assert.deepEqual(told.failed, ["no index", "no index"]);
});

test("files are sent to the backend, shown, taken away, and bounded as the page says", async () => {
  const { composer, find, told } = open({ composer: { attachments: { enabled: true, maxCount: 2, accept: { "image/*": [".png"] } } } });
  assert.equal(find("input").getAttribute("accept"), "image/*,.png");
  find("input").files = [new File(["a"], "a.png"), new File(["b"], "b.png"), new File(["c"], "c.png")];
  fire(find("input"), "change");
  await settle();
  assert.deepEqual(find(".chips").querySelectorAll(".chip-name").map(({ textContent }) => textContent), ["a.png", "b.png"]);
  assert.match(told.failed[0], /2 files/);
  find(".chip-remove").click();
  fire(composer.form, "submit");
  assert.deepEqual(told.sent[0].attachments.map(({ id }) => id), ["atc_b.png"]);
  assert.equal(find(".chips").hidden, true);
});

test("a tool counts for one message, unless it stays; a model until another is chosen", async () => {
  const { composer, find, message, told } = open({
    composer: {
      placeholder: "Ask",
      tools: [{ id: "book", label: "Book", placeholderOverride: "For how many?" }, { id: "stay", label: "Stay", persistent: true }],
      models: [{ id: "small", label: "Small" }, { id: "large", label: "Large", default: true }],
    },
  });
  const choose = (kind, id) => { find(kind).value = id; fire(find(kind), "change"); };
  const send = (text) => { message.value = text; fire(composer.form, "submit"); return told.sent.at(-1); };
  choose(".tools", "book");
  assert.equal(message.getAttribute("placeholder"), "For how many?");
  const { toolChoice, model } = send("Two.");
  assert.deepEqual([toolChoice, model, message.getAttribute("placeholder")], [{ id: "book" }, "large", "Ask"]);
  choose(".tools", "stay");
  choose(".models", "small");
  send("Three.");
  assert.deepEqual([send("Four.").toolChoice, send("Five.").model], [{ id: "stay" }, "small"]);
  assert.deepEqual(told.tools, ["book", null, "stay"]);
});

test("a quote goes along, and can be taken away", () => {
  const { composer, find, told } = open();
  composer.set({ text: "Why?", reply: "It is closed." });
  fire(composer.form, "submit");
  assert.equal(told.sent[0].reply, "It is closed.");
  composer.set({ text: "Why?", reply: "It is closed." });
  find(".chip-remove").click();
  fire(composer.form, "submit");
  assert.equal("reply" in told.sent[1], false);
});

test("a response can be stopped where the backend allows it", () => {
  const { composer, find, told } = open();
  composer.render({}, { isResponding: true, isClosed: false, canStop: false });
  assert.equal(find(".stop").hidden, true);
  composer.render({}, { isResponding: true, isClosed: false, canStop: true });
  find(".stop").click();
  assert.equal(told.stopped, 1);
});

test("a button begins a search for entities, where the page wants one", async () => {
  const { find, labels, message } = open({ entities: { showComposerMenu: true, onTagSearch: async () => [ANNA] } });
  message.value = "For";
  find(".mention").click();
  await settle();
  assert.deepEqual([message.value, labels()], ["For @", ["Anna"]]);
});

test("a pinned tool stands beside the others with its icon, and is chosen by a press", () => {
  const { find, told, message } = open({ composer: { tools: [
    { id: "map", label: "Search the map", shortLabel: "Map", icon: "maps", pinned: true, placeholderOverride: "Where?" }, { id: "book", label: "Book", icon: "calendar" },
  ] } });
  const tool = () => find(".pinned-tool");
  assert.deepEqual([tool().textContent, tool().querySelector("[data-icon]").dataset.icon], ["Map", "maps"]);
  tool().click();
  assert.deepEqual([tool().getAttribute("aria-pressed"), message.getAttribute("placeholder")], ["true", "Where?"]);
  tool().click();
  assert.equal(tool().getAttribute("aria-pressed"), "false");
  assert.deepEqual(told.tools, ["map", null]);
});

// The stand-in's conversation: what is asked, and which events the page is told in which order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatKitConversation } from "../../chatkit/conversation.js";
import { settle } from "../client/support/chat-page.js";
import { json } from "../client/support/fake-window.js";
import { FakeBackend, assistant, eventsAnswer } from "./support.js";

function make(options = {}) {
  const backend = new FakeBackend();
  const told = [];
  const errors = [];
  const conversation = new ChatKitConversation(backend.fetch, (name, detail) => {
    if (name === "chatkit.error") errors.push(detail.error.message);
    if (name !== "chatkit.log") told.push(name.replace("chatkit.", ""));
  }, () => {});
  conversation.configure({ api: { url: "/api", domainKey: "key" }, ...options });
  const words = () => conversation.thread.turns.map(({ text }) => text);
  return { backend, told, errors, conversation, words };
}

test("the first message begins a thread, the next goes into it", async () => {
  const { backend, told, conversation, words } = make();
  await conversation.send({ text: "Hello?" });
  await settle();
  assert.deepEqual(told, ["thread.change", "response.start", "response.end"]);
  assert.deepEqual(words(), ["Hello?", "Hello."]);
  await conversation.send({
    content: [{ type: "input_text", text: "A table?" }], reply: "Hello.", attachments: [{ id: "atc_1" }],
    toolChoice: { id: "book" }, model: "small",
  });
  await settle();
  assert.deepEqual(backend.last.params, { thread_id: "thr_1", input: {
    content: [{ type: "input_text", text: "A table?" }], attachments: ["atc_1"], quoted_text: "Hello.",
    inference_options: { tool_choice: { id: "book" }, model: "small" },
  } });
  await conversation.send({ text: "Hello?", newThread: true });
  assert.equal(backend.last.type, "threads.create");
});

test("one answer at a time", async () => {
  const { conversation } = make();
  const first = conversation.send({ text: "Hello?" });
  await assert.rejects(conversation.send({ text: "Hello?" }), /being sent already/);
  await first;
});

test("a thread is opened with what is in it, looked at again, and left", async () => {
  const { told, conversation, words, backend } = make();
  await conversation.open("thr_1");
  assert.deepEqual(told, ["thread.change", "thread.load.start", "thread.load.end"]);
  assert.deepEqual(words(), ["Earlier?", "Before."]);
  backend.answers["items.list"] = () => json(200, { data: [assistant("a1", "New.")], has_more: false });
  await conversation.refresh();
  assert.deepEqual(words(), ["Earlier?", "Before.", "New."]);
  await conversation.open(null);
  assert.deepEqual([words(), conversation.thread.id], [[], ""]);
  await conversation.refresh();
  assert.deepEqual((await conversation.list()).map(({ id }) => id), ["thr_1", "thr_2"]);
});

test("a thread that cannot be had is told as an error", async () => {
  const { told, errors, conversation, backend } = make();
  backend.answers["threads.get_by_id"] = () => json(404, {});
  await conversation.open("thr_9");
  assert.deepEqual(told, ["thread.change", "thread.load.start", "error", "thread.load.end"]);
  assert.match(errors[0], /404/);
  backend.answers["threads.list"] = () => json(500, {});
  assert.deepEqual(await conversation.list(), []);
});

test("a tool of the page is called, and its result goes back", async () => {
  const call = { id: "tc", type: "client_tool_call", status: "pending", name: "book", arguments: { persons: 2 } };
  const called = [];
  const { backend, told, conversation } = make({ onClientTool: async (one) => { called.push(one); } });
  backend.answers["threads.create"] = () => eventsAnswer(
    { type: "thread.created", thread: { id: "thr_1" } }, { type: "thread.item.done", item: call },
  );
  backend.answers["threads.add_client_tool_output"] = () => eventsAnswer({ type: "thread.item.done", item: assistant("a", "Booked.") });
  await conversation.send({ text: "A table." });
  await settle();
  assert.deepEqual(called, [{ name: "book", params: { persons: 2 } }]);
  assert.deepEqual(backend.last.params, { thread_id: "thr_1", result: {} });
  assert.deepEqual(told.slice(1), ["response.start", "response.end", "response.start", "response.end"]);
  const none = make();
  none.backend.answers["threads.create"] = backend.answers["threads.create"];
  await none.conversation.send({ text: "A table." });
  await settle();
  assert.match(none.errors[0], /no onClientTool for “book”/);
});

test("actions, effects and errors go where they belong", async () => {
  const { backend, told, errors, conversation, words } = make();
  await assert.rejects(conversation.act({ type: "order" }), /no thread yet/);
  await conversation.open("thr_1");
  told.length = 0;
  backend.answers["threads.custom_action"] = () => eventsAnswer(
    { type: "progress_update", text: "On my way" },
    { type: "client_effect", name: "confetti", data: { many: true } },
    { type: "error", code: "stream.error" },
    { type: "error", code: "custom", message: "No soup." },
  );
  await conversation.act({ type: "order", payload: { dish: "soup" } }, "w1");
  await settle();
  assert.deepEqual(backend.last.params, { thread_id: "thr_1", item_id: "w1", action: { type: "order", payload: { dish: "soup" } } });
  assert.deepEqual(told, ["response.start", "effect", "error", "error", "response.end"]);
  assert.deepEqual(errors, ["The backend failed: stream.error", "No soup."]);
  backend.answers["threads.sync_custom_action"] = () => json(200, { updated_item: assistant("a0", "Changed.") });
  backend.answers["items.list"] = () => json(200, { data: [], has_more: false });
  await conversation.act({ type: "like", streaming: false });
  assert.ok(words().includes("Changed."));
  backend.answers["threads.sync_custom_action"] = () => json(400, {});
  await conversation.act({ type: "like", streaming: false });
  assert.equal(errors.length, 3);
});

test("a backend that breaks off, or that nobody set, is an error and no end of the page", async () => {
  const { backend, told, errors, conversation } = make();
  backend.answers["threads.create"] = () => { throw "away"; };
  await conversation.send({ text: "Hello?" });
  assert.deepEqual([told, errors, conversation.isResponding], [["error"], ["away"], false]);
  const unset = new ChatKitConversation(backend.fetch, () => {}, () => {});
  await assert.rejects(unset.upload([new File([], "a")]), /setOptions/);
});

test("questions are answered, or skipped, in their own request", async () => {
  const { backend, conversation, words } = make();
  const asks = { id: "s", type: "structured_input", status: "pending", inputs: [{ type: "freeform", id: "q", question: "When?" }] };
  const skipped = { ...asks, status: "skipped", inputs: [{ ...asks.inputs[0], answer: { values: [], skipped: true } }] };
  backend.answers["items.list"] = () => json(200, { data: [asks], has_more: false });
  backend.answers["threads.add_structured_input"] = () => eventsAnswer({ type: "thread.item.replaced", item: skipped });
  await conversation.open("thr_1");
  await conversation.act({ type: "structured_input.skip" }, "s");
  await settle();
  assert.deepEqual(backend.last.params, { thread_id: "thr_1", item_id: "s", input: { status: "skipped", answers: {} } });
  assert.deepEqual(words(), ["When? (skipped)"]);
});

test("what goes on is shown until its item is there, and a notice stays", async () => {
  const { backend, conversation } = make();
  const shown = [];
  backend.answers["threads.create"] = () => eventsAnswer(
    { type: "thread.created", thread: { id: "thr_1" } },
    { type: "progress_update", text: "opening_hours …" },
    { type: "thread.item.done", item: assistant("a", "From nine.") },
    { type: "notice", message: "One server is gone." },
    { type: "thread.item.done", item: assistant("b", "To five.") },
  );
  const receive = conversation.thread.receive.bind(conversation.thread);
  conversation.thread.receive = (event) => { shown.push(conversation.progress); receive(event); };
  await conversation.send({ text: "Open?" });
  await settle();
  assert.deepEqual(shown, ["", "", "opening_hours …", "", "One server is gone."]);
});

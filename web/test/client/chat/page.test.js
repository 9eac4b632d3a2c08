// The chat page as the person at it meets it: one thread, written and spoken.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeEvents, THREAD, assistant, openChat, settle, user } from "../support/chat-page.js";
import { FakeRecorder } from "../support/fake-recorder.js";
import { json } from "../support/fake-window.js";
import { fire } from "../../support/dom.js";

/** A server with a thread of two messages, and older ones. */
function withThread(server, more = {}) {
  server.answers["threads.list"] = () => json(200, { data: [{ ...THREAD, ...more }], has_more: true });
  server.answers["items.list"] = ({ after }) => json(200, after
    ? { data: [user("m0", "Hello?")], has_more: false }
    : { data: [assistant("m2", "Yes."), user("m1", "A table?")], has_more: true });
}

test("an empty page invites to write; what is written is answered piece by piece", async () => {
  const { find, write, turns, text, message, server } = await openChat();
  assert.equal(find("#thread-empty").hidden, false);
  assert.equal(find("#send").disabled, true);
  await write("A table, please.");
  assert.deepEqual(server.asked.at(-1).params.input.content, [{ type: "input_text", text: "A table, please." }]);
  assert.equal(message.value, "");
  assert.equal(find("#stop").hidden, false);
  server.turn.send(
    { type: "thread.created", thread: THREAD },
    { type: "thread.item.done", item: user("u", "A table, please.") },
    { type: "thread.item.added", item: assistant("a", "") },
    { type: "thread.item.updated", item_id: "a", update: { type: "assistant_message.content_part.text_delta", content_index: 0, delta: "At ei" } },
  );
  await settle();
  assert.deepEqual(turns(), [["You", "A table, please."], ["Assistant", "At ei"]]);
  assert.equal(text("title"), "Tables");
  server.turn.send({ type: "thread.item.done", item: assistant("a", "At eight.") });
  server.turn.end();
  await settle();
  assert.deepEqual(turns().at(-1), ["Assistant", "At eight."]);
  assert.deepEqual([find("#stop").hidden, find("#send").hidden], [true, false]);
  server.turn = new FakeEvents();
  await write("Thanks.");
  assert.equal(server.asked.at(-1).params.thread_id, "thr_1");
});

test("the newest thread is there again, and older messages on demand", async () => {
  const { turns, find, click, text } = await openChat(withThread);
  assert.deepEqual(turns(), [["You", "A table?"], ["Assistant", "Yes."]]);
  assert.equal(find("#earlier").hidden, false);
  await click("earlier");
  assert.deepEqual(turns()[0], ["You", "Hello?"]);
  assert.equal(find("#earlier").hidden, true);
  await click("new-thread");
  assert.deepEqual([turns(), text("title")], [[], "New conversation"]);
});

test("Enter sends, but not with Shift, nor while letters are put together", async () => {
  const { write, find, type, server, click } = await openChat();
  const asked = server.asked.length;
  await write("one", { shiftKey: true });
  await write("two", { isComposing: true });
  await write("   ");
  assert.equal(server.asked.length, asked);
  type("three");
  assert.equal(find("#send").disabled, false);
  find("#composer").dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
  await settle();
  assert.equal(server.asked.length, asked + 1);
  await click("stop");
});

test("what is written before the thread is known waits for it", async () => {
  let answer;
  const { server, write } = await openChat((server) => {
    server.answers["threads.list"] = () => new Promise((resolve) => { answer = resolve; });
  }, { isLoaded: false });
  await write("Hello?");
  assert.equal(server.asked.at(-1).type, "threads.list");
  withThread(server);
  answer(server.answers["threads.list"]());
  await settle();
  assert.equal(server.asked.at(-1).type, "threads.add_user_message");
});

test("an answer can be stopped; what came of it stays", async () => {
  const { write, click, turns, toasts, server } = await openChat(withThread);
  await write("Tell everything.");
  server.turn.send(
    { type: "thread.item.done", item: user("u", "Tell everything.") },
    { type: "thread.item.added", item: assistant("a", "It") },
  );
  await settle();
  await click("stop");
  assert.deepEqual(turns().at(-1), ["Assistant", "It"]);
  assert.deepEqual(toasts(), []);
});

test("a message that is refused is told, and stands in its field again", async () => {
  const { write, message, toasts } = await openChat((server) => {
    server.answers["threads.create"] = () => json(501, { error: { message: "Install chatkit." } });
  });
  await write("Hello?");
  assert.deepEqual(toasts(), ["The server refused that (501): Install chatkit."]);
  assert.equal(message.value, "Hello?");
});

test("errors and notices of a stream are told, and Escape takes them away", async () => {
  const { write, toasts, press, server } = await openChat();
  await write("Hello?");
  server.turn.send(
    { type: "thread.item.done", item: user("u", "Hello?") },
    { type: "notice", level: "warning", message: "Slow today." },
    { type: "error", code: "stream.error", allow_retry: true },
  );
  server.turn.end();
  await settle();
  assert.deepEqual(toasts(), ["Slow today.", "The answer failed."]);
  press("Escape");
  assert.deepEqual(toasts(), ["Slow today."]);
});

test("a thread that is locked takes neither words nor calls, and says why", async () => {
  const { find, text, message } = await openChat((server) => {
    withThread(server, { status: { type: "locked", reason: "stocktaking" } });
  });
  assert.equal(text("activity"), "This thread is locked: stocktaking.");
  assert.deepEqual([message.disabled, find("#start").disabled], [true, true]);
});

test("a call has the thread: what is written goes there, what is said appears", async () => {
  const { click, find, text, turns, write, server, document } = await openChat(withThread);
  find("#start").focus();
  await click("start");
  assert.deepEqual(server.asked.at(-1), { type: "call?thread=thr_1", key: "Bearer ek_2" });
  assert.equal(text("status"), "In a call");
  assert.equal(document.activeElement, find("#hang-up"));
  server.said.send(
    { type: "thread.updated", thread: THREAD },
    { type: "thread.item.done", item: user("s1", "At what time?") },
    { type: "thread.item.done", item: assistant("s2", "At eight.") },
  );
  await settle();
  assert.deepEqual(turns().slice(-2), [["You", "At what time?"], ["Assistant", "At eight."]]);
  await write("And on Sunday?");
  assert.equal(server.asked.at(-1).type, "threads.add_user_message");
  server.receive({ type: "input_audio_buffer.speech_started", item_id: "u" });
  await settle();
  assert.equal(text("activity"), "You are speaking");
  await click("mute");
  assert.equal(find("#mute").getAttribute("aria-pressed"), "true");
  await click("hang-up");
  assert.equal(text("status"), "No call");
  server.said.send({ type: "thread.item.done", item: assistant("s3", "On Sunday, too.") });
  await settle();
  assert.deepEqual(turns().at(-1), ["Assistant", "On Sunday, too."], "the last words come after the end");
});

test("a call without a thread begins one; until it is known nothing can be written", async () => {
  const { click, find, type, server, text } = await openChat();
  await click("start");
  type("Hello?");
  assert.equal(find("#send").disabled, true);
  server.said.send({ type: "thread.updated", thread: THREAD });
  await settle();
  assert.equal(find("#send").disabled, false);
  assert.equal(text("title"), "Tables");
});

test("a call that is refused, and one that breaks, are told", async () => {
  const { click, toasts, server, text } = await openChat(withThread);
  const { answer } = server;
  server.answer = () => json(409, { error: { message: "Another call has this thread." } });
  await click("start");
  assert.deepEqual(toasts(), ["The server refused the call (409): Another call has this thread."]);
  Object.assign(server, { answer });
  await click("start");
  await click("start");
  server.connections.at(-1).dispatchEvent(Object.assign(new Event("track"), { streams: [], track: {} }));
  server.receive({ type: "session.updated", session: {} });
  server.connections.at(-1).channel.dispatchEvent(new MessageEvent("message", { data: "nonsense" }));
  server.connections.at(-1).become("failed");
  await settle();
  assert.ok(toasts().includes("The connection to the server broke."), toasts());
  assert.equal(text("status"), "No call");
  server.session = () => json(403, { error: { message: "Not you." } });
  await click("start");
  assert.ok(toasts().includes("The server gave this page no key (403): Not you."));
});

const CARD = { id: "w", type: "widget", widget: { type: "Card", children: [
  { type: "Text", value: "Soup of the day" },
  { type: "Button", label: "Order", onClickAction: { type: "order", payload: { dish: "soup" } } },
  { type: "Button", label: "Like", onClickAction: { type: "like", streaming: false } },
] } };

function withWidget(server) {
  withThread(server);
  server.answers["items.list"] = () => json(200, { data: [CARD, user("m1", "The menu?")], has_more: false });
  server.answers["threads.custom_action"] = () => server.turn.response;
}

test("a widget's button sends its action, and the answer comes", async () => {
  const { find, server, turns, toasts, write } = await openChat(withWidget);
  const [order] = find("#thread").querySelectorAll("button");
  order.click();
  await settle();
  assert.deepEqual(server.asked.at(-1).params, {
    thread_id: "thr_1", item_id: "w", action: { type: "order", payload: { dish: "soup" } },
  });
  order.click();
  await settle();
  assert.deepEqual(toasts(), ["The answer before is still coming."]);
  server.turn.send({ type: "thread.item.done", item: assistant("a", "One soup.") });
  server.turn.end();
  await settle();
  assert.deepEqual(turns().at(-1), ["Assistant", "One soup."]);
  assert.equal(order.getAttribute("aria-busy"), "false");
  server.turn = new FakeEvents();
  await write("Thanks.");
  assert.equal(server.asked.at(-1).type, "threads.add_user_message");
});

test("questions are answered in their form", async () => {
  const asks = { id: "s", type: "structured_input", status: "pending", inputs: [{ type: "freeform", id: "q", question: "When?" }] };
  const { find, server, turns } = await openChat((one) => {
    withThread(one);
    one.answers["items.list"] = () => json(200, { data: [asks], has_more: false });
    one.answers["threads.add_structured_input"] = () => one.turn.response;
  });
  find("#thread").querySelector("textarea").value = "At eight.";
  const [skip, answer] = find("#thread").querySelectorAll("button");
  assert.deepEqual([skip.textContent, answer.textContent], ["Skip", "Answer"]);
  answer.click();
  await settle();
  assert.deepEqual(server.asked.at(-1).params, {
    thread_id: "thr_1", item_id: "s", input: { status: "answered", answers: { q: { values: ["At eight."], skipped: false } } },
  });
  const answered = { ...asks, status: "answered", inputs: [{ ...asks.inputs[0], answer: { values: ["At eight."] } }] };
  server.turn.send({ type: "thread.item.replaced", item: answered });
  server.turn.end();
  await settle();
  assert.deepEqual(turns().at(-1), ["You", "When? At eight."]);
});

test("an action that is answered at once may change its widget", async () => {
  const { find, server, turns } = await openChat(withWidget);
  const liked = { ...CARD, widget: { type: "Card", children: [{ type: "Text", value: "Liked" }] } };
  server.answers["threads.sync_custom_action"] = () => json(200, { updated_item: liked });
  server.answers["items.list"] = () => json(200, { data: [assistant("a", "Thank you."), liked], has_more: false });
  find("#thread").querySelectorAll("button")[1].click();
  await settle();
  assert.deepEqual(turns().slice(-2), [["Assistant", "Liked"], ["Assistant", "Thank you."]]);
});

test("files are chosen, and go with the message; a message may be files alone", async () => {
  const { find, server, write, click, toasts } = await openChat((server) => {
    withThread(server);
    server.answers["attachments.create"] = () => json(200, {
      id: "atc_1", upload_descriptor: { url: "http://page.test/chatkit/attachments/atc_1", method: "PUT", headers: {} },
    });
  });
  let opened = 0;
  find("#files").addEventListener("click", () => { opened += 1; });
  await click("attach");
  assert.equal(opened, 1);
  find("#files").files = [{ name: "menu.txt", size: 3, type: "text/plain" }];
  fire(find("#files"), "change");
  await settle();
  assert.equal(find("#attached").textContent, "menu.txt3 bytes×");
  assert.equal(find("#send").disabled, false);
  await write("");
  assert.deepEqual(server.asked.at(-1).params.input, { content: [], attachments: ["atc_1"], inference_options: {} });
  assert.deepEqual([find("#attached").hidden, find("#send").disabled], [true, true]);
  find("#files").files = [{ name: "film.mp4", size: 4096, type: "video/mp4" }];
  fire(find("#files"), "change");
  await settle();
  assert.deepEqual(toasts(), ["film.mp4 has 4 KiB."]);
});

test("what is dictated stands in the field behind what was written", async () => {
  const { find, click, message, text, type, toasts, server, window } = await openChat((server) => {
    withThread(server);
    server.answers["input.transcribe"] = () => json(200, { text: " at eight " });
  }, { MediaRecorder: FakeRecorder });
  type("A table");
  await click("dictate");
  assert.equal(text("activity"), "Listening: speak, and press again");
  assert.equal(find("#dictate").getAttribute("aria-label"), "End dictation");
  await click("dictate");
  assert.deepEqual(server.asked.at(-1).params, { audio_base64: "c291bmQ=", mime_type: "audio/webm" });
  assert.equal(message.value, "A table at eight");
  server.answers["input.transcribe"] = () => json(200, { text: "" });
  await click("dictate");
  await click("dictate");
  assert.deepEqual([message.value, toasts().at(-1)], ["A table at eight", "No words were understood."]);
  await click("dictate");
  await click("start");
  assert.deepEqual([find("#dictate").hidden, FakeRecorder.last.state], [true, "inactive"]);
  fire(window, "pagehide");
});

test("a browser that records nothing has no button for it", async () => {
  const { find } = await openChat();
  assert.equal(find("#dictate").hidden, true);
});

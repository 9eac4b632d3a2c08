// A thread as its events make it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Thread, turnOf } from "../../../client/chat/thread.js";
import { THREAD, assistant, user } from "../support/chat-page.js";

const words = (thread) => thread.turns.map(({ role, text, phase }) => [role, text, phase]);
const part = (kind, more) => ({
  type: "thread.item.updated",
  item_id: "a",
  update: { type: `assistant_message.content_part.${kind}`, content_index: 0, ...more },
});

test("an answer grows with its pieces, and is done with its last event", () => {
  const thread = new Thread();
  thread.receive({ type: "thread.created", thread: THREAD });
  thread.receive({ type: "thread.item.done", item: user("u", "A table?") });
  thread.receive({ type: "thread.item.added", item: { id: "a", type: "assistant_message" } });
  assert.deepEqual(words(thread).at(-1), ["assistant", "", "live"]);
  thread.receive(part("text_delta", { delta: "Ye" }));
  thread.receive(part("added", { content: { type: "output_text", text: "" } }));
  thread.receive(part("text_delta", { delta: "Yes," }));
  thread.receive(part("text_delta", { delta: " at eight." }));
  assert.deepEqual(words(thread).at(-1), ["assistant", "Yes, at eight.", "live"]);
  thread.receive({ type: "thread.item.done", item: assistant("a", "Yes, at nine.") });
  assert.deepEqual(words(thread), [["user", "A table?", "done"], ["assistant", "Yes, at nine.", "done"]]);
  assert.deepEqual([thread.id, thread.title, thread.closed], ["thr_1", "Tables", ""]);
});

test("an answer that is stopped grows no more", () => {
  const thread = new Thread();
  thread.receive({ type: "thread.item.added", item: assistant("a", "Yes") });
  thread.stop();
  assert.deepEqual(words(thread), [["assistant", "Yes", "done"]]);
});

test("items are replaced and removed; what is unknown changes nothing", () => {
  const thread = new Thread();
  thread.receive({ type: "thread.item.done", item: assistant("a", "Yes, of course.") });
  thread.receive({ type: "thread.item.replaced", item: assistant("a", "Yes,") });
  thread.receive({ type: "thread.item.updated", item_id: "nobody", update: { type: "x" } });
  thread.receive({ type: "thread.item.updated", item_id: "a", update: { type: "of_tomorrow" } });
  thread.receive({ type: "progress_update", text: "on my way" });
  assert.deepEqual(words(thread), [["assistant", "Yes,", "done"]]);
  thread.receive({ type: "thread.item.removed", item_id: "a" });
  assert.deepEqual(words(thread), []);
});

test("older items go before, and never twice", () => {
  const thread = new Thread();
  thread.receive({ type: "thread.item.done", item: user("c", "three") });
  thread.putBefore([user("b", "two"), user("c", "three")]);
  thread.putBefore([user("a", "one")]);
  assert.deepEqual(words(thread).map(([, text]) => text), ["one", "two", "three"]);
  assert.equal(thread.oldestId, "a");
});

test("a thread that takes nothing more says why", () => {
  const thread = new Thread();
  thread.receive({ type: "thread.updated", thread: { id: "t", status: { type: "locked", reason: "stocktaking" } } });
  assert.equal(thread.closed, "This thread is locked: stocktaking.");
  thread.receive({ type: "thread.updated", thread: { id: "t", status: { type: "closed" } } });
  assert.equal(thread.closed, "This thread is closed.");
});

test("each kind of item is something to read", () => {
  const call = { id: "t", type: "client_tool_call", name: "book", arguments: { persons: 2 } };
  for (const [item, role, text, note] of [
    [{ id: "w", type: "widget", widget: {}, copy_text: "soup" }, "assistant", "", ""],
    [{ ...call, status: "pending" }, "tool", 'book({"persons":2})', "Waits for its result"],
    [{ ...call, status: "completed", output: "done" }, "tool", 'book({"persons":2})', "done"],
    [{ ...call, status: "completed", output: { ok: true } }, "tool", 'book({"persons":2})', '{"ok":true}'],
    [{ ...call, status: "completed" }, "tool", 'book({"persons":2})', ""],
    [{ ...user("u", "See."), attachments: [{ name: "a.pdf" }] }, "user", "See.", ""],
    [{ id: "k", type: "task" }, "tool", "task", ""],
    [{ id: "g", type: "generated_image" }, "assistant", "…", ""],
    [{ id: "k", type: "workflow" }, "tool", "workflow", ""],
    [{ id: "s", type: "structured_input", status: "skipped", inputs: [{ id: "q", question: "When?" }] }, "user", "When? (skipped)", ""],
    [{ id: "k", type: "of_tomorrow" }, "tool", "of_tomorrow", ""],
  ]) {
    const turn = turnOf(item);
    assert.deepEqual([turn.role, turn.text, turn.note], [role, text, note]);
  }
  assert.equal(turnOf({ id: "e", type: "end_of_turn" }), null);
  assert.equal(turnOf({ id: "e", type: "hidden_context_item", content: "A note." }), null);
});

test("a widget and files are shown as they are", () => {
  const widget = { type: "Card", children: [] };
  const files = [{ name: "a.pdf" }];
  assert.deepEqual(turnOf({ id: "w", type: "widget", widget }).widget, widget);
  assert.deepEqual(turnOf({ ...user("u", "See."), attachments: files }).files, files);
  assert.equal(turnOf({ ...user("u", "See."), attachments: [] }).files, undefined);
});

test("a widget that changes is shown anew", () => {
  const thread = new Thread();
  thread.receive({ type: "thread.item.done", item: { id: "w", type: "widget", widget: { title: "One" } } });
  thread.receive({ type: "thread.item.updated", item_id: "w", update: { type: "widget.root.updated", widget: { title: "Two" } } });
  assert.deepEqual(thread.turns.map(({ widget }) => widget), [{ title: "Two" }]);
});

test("a workflow grows with its tasks", () => {
  const thread = new Thread();
  const task = (at, title) => ({ type: "thread.item.updated", item_id: "k", update: {
    type: `workflow.task.${title === "Found" ? "updated" : "added"}`, task_index: at, task: { type: "custom", title },
  } });
  thread.receive({ type: "thread.item.added", item: { id: "k", type: "workflow", workflow: { type: "custom", tasks: [] } } });
  for (const event of [task(0, "Looking"), task(1, "Asking"), task(0, "Found")]) thread.receive(event);
  assert.deepEqual(thread.turns[0].work.tasks.map(({ title }) => title), ["Found", "Asking"]);
  assert.equal(thread.turns[0].work.isFolded, false, "it stands open while it grows");
  thread.stop();
  assert.equal(thread.turns[0].work.isFolded, true);
});

test("a task and a workflow are work, folded unless they say otherwise", () => {
  const task = { type: "web_search", title: "Searching" };
  assert.deepEqual(turnOf({ id: "k", type: "task", task }).work, {
    title: "", duration: undefined, icon: undefined, isFolded: false, tasks: [task],
  });
  const workflow = { summary: { title: "Thought", icon: "bolt" }, expanded: true, tasks: [task] };
  assert.deepEqual(turnOf({ id: "k", type: "workflow", workflow }).work, {
    title: "Thought", duration: undefined, icon: "bolt", isFolded: false, tasks: [task],
  });
});

test("a generated image is shown once it is there", () => {
  const thread = new Thread();
  thread.receive({ type: "thread.item.added", item: { id: "g", type: "generated_image" } });
  const image = { id: "i", url: "/a.png" };
  thread.receive({ type: "thread.item.updated", item_id: "g", update: { type: "generated_image.updated", image } });
  assert.deepEqual(thread.turns[0].widget, { type: "Image", src: "/a.png", alt: "Generated image" });
});

test("questions wait until they are answered", () => {
  const thread = new Thread();
  const asks = { id: "s", type: "structured_input", status: "pending", inputs: [{ type: "freeform", id: "q", question: "When?" }] };
  thread.receive({ type: "thread.item.done", item: asks });
  assert.equal(thread.turns[0].widget.type, "Card");
  assert.equal(thread.questions("s"), asks);
  const answered = { ...asks, status: "answered", inputs: [{ ...asks.inputs[0], answer: { values: ["At eight."] } }] };
  thread.receive({ type: "thread.item.replaced", item: answered });
  assert.deepEqual([thread.questions("s"), thread.questions(null)], [null, null]);
  assert.deepEqual(words(thread), [["user", "When? At eight.", "done"]]);
});

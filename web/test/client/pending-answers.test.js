import assert from "node:assert/strict";
import { test } from "node:test";
import { CallError } from "../../client/errors.js";
import { PendingAnswers } from "../../client/pending-answers.js";

function setUp() {
  const timers = new Map();
  const pending = new PendingAnswers({
    setTimeout: (call, after_ms) => timers.set(timers.size + 1, { call, after_ms }) && timers.size,
    clearTimeout: (id) => timers.delete(id),
  });
  const wait = (eventId, type) => (
    pending.wait({ eventId, what: `answer to ${eventId}`, isAnswer: (event) => event.type === type, within_ms: 10_000 })
  );
  return { pending, timers, wait };
}

test("the first event that is the answer ends the waiting", async () => {
  const { pending, timers, wait } = setUp();
  const waiting = wait("e1", "session.updated");
  pending.receive({ type: "response.created" });
  pending.receive({ type: "session.updated", n: 1 });
  pending.receive({ type: "session.updated", n: 2 });
  assert.equal((await waiting).n, 1);
  assert.equal(timers.size, 0);
});

test("one event may be the answer to several", async () => {
  const { pending, wait } = setUp();
  const both = Promise.all([wait("e1", "done"), wait("e2", "done")]);
  pending.receive({ type: "done", n: 7 });
  assert.deepEqual((await both).map(({ n }) => n), [7, 7]);
});

test("an error refuses the event it names, and nobody else", async () => {
  const { pending, wait } = setUp();
  const [first, second] = [wait("e1", "done"), wait("e2", "done")];
  const refused = assert.rejects(first, { code: "unknown_parameter", message: "No." });
  pending.receive({ type: "error", error: { code: "unknown_parameter", message: "No.", event_id: "e1" } });
  await refused;
  pending.receive({ type: "done" });
  await second;
});

test("an error that says nothing is told in our words", async () => {
  const { pending, wait } = setUp();
  const refused = assert.rejects(wait("e1", "done"), { code: "refused", message: "The server refused the event." });
  pending.receive({ type: "error", error: { event_id: "e1" } });
  await refused;
});

test("an error without a name does not refuse who sent nothing", async () => {
  const { pending, wait } = setUp();
  const waiting = wait("", "session.created");
  pending.receive({ type: "error", error: { event_id: "" } });
  pending.receive({ type: "error" });
  pending.receive({ type: "session.created" });
  await waiting;
});

test("no answer in time is told with what was waited for and how long", async () => {
  const { timers, wait } = setUp();
  const late = assert.rejects(wait("e1", "done"), { code: "timeout", message: "No answer to e1 within 10 s." });
  assert.equal(timers.get(1).after_ms, 10_000);
  timers.get(1).call();
  await late;
});

test("the end of the call ends all waiting, and what comes after it does nothing", async () => {
  const { pending, timers, wait } = setUp();
  const both = [wait("e1", "done"), wait("e2", "done")].map((waiting) => assert.rejects(waiting, { code: "closed" }));
  pending.endAll(new CallError("closed", "Over."));
  await Promise.all(both);
  assert.equal(timers.size, 0);
  pending.receive({ type: "done" });
});

// Requests to the ChatKit endpoint: their key, and what can go wrong with each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatServer } from "../../../client/chat/server.js";
import { FakeChat } from "../support/chat-page.js";
import { json } from "../support/fake-window.js";

const signal = new AbortController().signal;

function make() {
  const fake = new FakeChat();
  return { fake, server: new ChatServer(fake.fetch, "http://page.test/chat") };
}

async function all(events) {
  const found = [];
  for await (const event of events) found.push(event.type);
  return found;
}

test("a key is asked for once, and again when it is over", async () => {
  const { fake, server } = make();
  await server.ask("threads.list", {});
  await server.ask("threads.list", {});
  assert.deepEqual(fake.asked.map(({ key }) => key), ["Bearer ek_1", "Bearer ek_1"]);
  fake.answers["threads.list"] = () => json(fake.keys === 1 ? 401 : 200, { data: [] });
  assert.deepEqual(await server.ask("threads.list", {}), { data: [] });
  assert.equal(fake.keys, 2);
});

test("a call gets a fresh key, and the address with its thread", async () => {
  const { fake, server } = make();
  await server.ask("threads.list", {});
  assert.deepEqual(await server.ticket("thr 1"), {
    clientSecret: "ek_2", callsUrl: "http://page.test/harness/chatkit/calls?thread=thr%201",
  });
  assert.equal((await server.ticket("")).callsUrl, "http://page.test/harness/chatkit/calls");
  assert.equal(fake.keys, 3);
});

test("refusals are quoted, and so is a server without ChatKit", async () => {
  const { fake, server } = make();
  fake.answers["threads.list"] = () => json(501, { error: { message: "Install it." } });
  await assert.rejects(server.ask("threads.list", {}), { code: "server_refused", message: /501.*Install it/ });
  await assert.rejects(all(server.stream("threads.list", {}, signal)), { code: "server_refused" });
  fake.answers["threads.list"] = () => new Response("no JSON");
  await assert.rejects(server.ask("threads.list", {}), { code: "bad_answer" });
});

test("a page that gets no key says so", async () => {
  const { fake, server } = make();
  fake.session = () => json(403, { error: { message: "Not you." } });
  await assert.rejects(server.ask("threads.list", {}), { message: /no key \(403\): Not you/ });
  fake.session = () => json(200, {});
  await assert.rejects(server.ask("threads.list", {}), { code: "bad_answer" });
});

test("an answer that breaks off is told; one that was stopped is not", async () => {
  const { fake, server } = make();
  fake.turn.send({ type: "thread.created" });
  const events = server.stream("threads.create", {}, signal);
  assert.equal((await events.next()).value.type, "thread.created");
  fake.turn.breakOff();
  await assert.rejects(events.next(), { code: "server_lost", message: "The answer broke off." });

  const other = make();
  const stop = new AbortController();
  other.fake.turn.send({ type: "thread.created" });
  const stopped = other.server.stream("threads.create", {}, stop.signal);
  await stopped.next();
  stop.abort();
  assert.equal((await stopped.next()).done, true);
});

test("a call's events are those of its thread", async () => {
  const { fake, server } = make();
  fake.said.send({ type: "thread.updated" }, { type: "thread.item.done" });
  fake.said.end();
  assert.deepEqual(await all(server.callEvents("rtc_1", signal)), ["thread.updated", "thread.item.done"]);
});

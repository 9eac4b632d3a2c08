// Requests of the stand-in: to a page's own backend, and to the hosted service's place.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatKitApi } from "../../chatkit/api.js";
import { json } from "../client/support/fake-window.js";
import { FakeBackend } from "./support.js";

const custom = (more = {}) => ({ url: "/api/chatkit", domainKey: "key", ...more });

async function all(events) {
  const found = [];
  for await (const event of events) found.push(event.type);
  return found;
}

test("a backend of the page's own is asked at its address, by the page's own fetch", async () => {
  const own = new FakeBackend();
  const api = new ChatKitApi(custom({ fetch: own.fetch }), () => assert.fail("not this one"));
  assert.equal((await api.ask("threads.list", { limit: 1 })).data.length, 2);
  assert.deepEqual(own.last, { url: "/api/chatkit", type: "threads.list", params: { limit: 1 }, key: undefined });
  assert.equal((await all(api.stream("threads.create", {})))[0], "thread.created");
  own.answers["threads.create"] = () => new Response(null);
  assert.deepEqual(await all(api.stream("threads.create", {})), []);
});

test("the hosted form asks the page for its secret, and for another when it is over", async () => {
  const backend = new FakeBackend();
  const given = [];
  const api = new ChatKitApi({ getClientSecret: async (current) => {
    given.push(current);
    return `ek_${given.length}`;
  } }, backend.fetch);
  await api.ask("threads.list", {});
  assert.equal(backend.last.url, "https://api.openai.com/v1/chatkit/conversation");
  assert.equal(backend.last.key, "Bearer ek_1");
  backend.answers["threads.list"] = () => json(backend.last.key === "Bearer ek_1" ? 401 : 200, {});
  await api.ask("threads.list", {});
  assert.deepEqual([given, backend.last.key], [[null, "ek_1"], "Bearer ek_2"]);
  const none = new ChatKitApi({ getClientSecret: async () => "" }, backend.fetch);
  await assert.rejects(none.ask("threads.list", {}), /gave no client secret/);
});

test("what is neither form is refused, and so is what the backend refuses", async () => {
  for (const api of [undefined, {}, { url: "/api" }]) assert.throws(() => new ChatKitApi(api, fetch), /domainKey/);
  const backend = new FakeBackend();
  backend.answers["threads.list"] = () => new Response("No.", { status: 403 });
  await assert.rejects(new ChatKitApi(custom(), backend.fetch).ask("threads.list", {}), /threads.list with 403: No\./);
});

test("a file is announced and put to its address, or posted at once", async () => {
  const backend = new FakeBackend();
  backend.answers["attachments.create"] = ({ name }) => json(200, {
    id: "atc_1", name, upload_descriptor: { url: "/upload/1", method: "PUT", headers: {} },
  });
  const file = new File(["abc"], "menu.txt");
  assert.deepEqual(await new ChatKitApi(custom(), backend.fetch).upload(file), { id: "atc_1", name: "menu.txt" });
  assert.deepEqual(backend.asked[0].params, { name: "menu.txt", size: 3, mime_type: "application/octet-stream" });
  assert.deepEqual(backend.last, { url: "/upload/1", method: "PUT" });
  backend.upload = (form) => json(200, { id: "atc_2", name: form.get("file").name });
  const direct = { uploadStrategy: { type: "direct", uploadUrl: "/upload" } };
  assert.equal((await new ChatKitApi(custom(direct), backend.fetch).upload(file)).name, "menu.txt");
  backend.upload = () => new Response("", { status: 413 });
  await assert.rejects(new ChatKitApi(custom(direct), backend.fetch).upload(file), /the upload with 413/);
});

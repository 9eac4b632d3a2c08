// The script itself does its work when it is imported, so each page has a file of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeChatWorld } from "../support/chat-page.js";

test("the page loads the newest thread by itself", async () => {
  const { server, settle } = makeChatWorld();
  await import("../../../client/chat/main.js");
  await settle();
  assert.deepEqual(server.asked.map(({ type }) => type), ["threads.list"]);
});

// What stands in an answer's "data:" lines, however the network cuts it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { eventsOf } from "../../../client/chat/event-lines.js";

function bodyOf(...pieces) {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
}

async function all(body) {
  const found = [];
  for await (const event of eventsOf(body)) found.push(event);
  return found;
}

test("lines and letters that arrive in two pieces are read whole", async () => {
  const bytes = new TextEncoder().encode('data: {"type":"ä"}\r\n\r\n: a remark\ndata:{"n":2}\n\ndata: {"half');
  for (let at = 1; at < bytes.length; at++) {
    assert.deepEqual(await all(bodyOf(bytes.slice(0, at), bytes.slice(at))), [{ type: "ä" }, { n: 2 }]);
  }
});

test("whoever stops to read gives the answer up", async () => {
  let isCancelled = false;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: {"n":1}\n\n')),
    cancel: () => { isCancelled = true; },
  });
  for await (const { n } of eventsOf(body)) {
    assert.equal(n, 1);
    break;
  }
  assert.ok(isCancelled);
});

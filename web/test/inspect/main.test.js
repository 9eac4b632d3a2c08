// The page connects to where it came from, and shows all anew after each loss.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOARD, FakeSocket, openInspection } from "./support.js";

test("the page connects beside itself, shows what comes, and sends what is typed", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { find, document } = openInspection();
  globalThis.WebSocket = FakeSocket;
  globalThis.location = { href: "http://127.0.0.1:4321/secret/" };
  await import("../../inspect/main.js");
  const first = FakeSocket.made.at(-1);
  assert.equal(first.address, "ws://127.0.0.1:4321/secret/socket");
  find("#quit").click();
  assert.equal(find("#announced").textContent, "Not connected: nothing was done.");
  first.open();
  first.tell({ lines: [{ text: "microphone asked for", kind: "event" }], left_out: 0, board: BOARD });
  find("#quit").click();
  assert.deepEqual(first.sent, ["quit"]);
  first.close();
  assert.equal(document.documentElement.dataset.state, "lost");
  t.mock.timers.tick(500);
  FakeSocket.made.at(-1).open();
  assert.equal(find("#events").childElementCount, 0, "all of it comes again");
});

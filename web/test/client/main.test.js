// The script itself does its work when it is imported, so each page has a file of its own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { makeTalkWorld } from "./support/talk-page.js";

test("an address that asks for it starts a call at once, and a host finds window.RT", async () => {
  const { window, settle, find } = makeTalkWorld({ search: "?autostart=1" });
  await import("../../client/main.js");
  await settle();
  assert.equal(find("#status").textContent, "Connected");
  assert.equal(window.RT.state().callId, "rtc_1");
});

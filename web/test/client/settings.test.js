import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_SETTINGS } from "../../client/settings.js";

test("by default the page talks to its own server, with a microphone and without a secret", () => {
  const base = "http://page.test/talk/";
  assert.equal(new URL(DEFAULT_SETTINGS.sessionUrl, base).href, "http://page.test/talk/session");
  assert.equal(new URL(DEFAULT_SETTINGS.callsUrl, base).href, "http://page.test/talk/v1/realtime/calls");
  assert.equal(DEFAULT_SETTINGS.clientSecret, "");
  assert.equal(DEFAULT_SETTINGS.microphone, true);
  assert.deepEqual(DEFAULT_SETTINGS.iceServers, [], "nobody else is asked for a way");
});

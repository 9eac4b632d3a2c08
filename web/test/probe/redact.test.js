import assert from "node:assert/strict";
import { test } from "node:test";
import { redactConfiguration, redactSdp, redactUrl } from "../../probe/redact.js";

test("an SDP keeps everything but its ICE passwords", () => {
  const sdp = "v=0\r\na=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\na=mid:0\r\n";
  const redacted = redactSdp(sdp);
  assert.ok(!redacted.includes("secret"));
  assert.ok(redacted.includes("a=ice-ufrag:abcd"));
  assert.ok(redacted.endsWith("a=mid:0\r\n"));
  assert.equal(redactSdp(null), "");
});

test("TURN servers are named, their users are not", () => {
  const told = redactConfiguration({
    iceServers: [{ urls: "turn:turn.example:3478?transport=udp", username: "u", credential: "c" }, { urls: ["stun:s.example"] }],
    iceTransportPolicy: "relay",
  });
  assert.deepEqual(told.iceServers[0], { urls: ["turn:turn.example:3478?transport=udp"], username: "***", credential: "***" });
  assert.deepEqual(told.iceServers[1], { urls: ["stun:s.example"], username: null, credential: null });
  assert.equal(told.iceTransportPolicy, "relay");
  assert.deepEqual(redactConfiguration(undefined).iceServers, []);
});

test("an address keeps neither user nor query nor fragment", () => {
  assert.equal(redactUrl("https://u:p@host/path?key=1#token"), "https://***@host/path?***");
  assert.equal(redactUrl("https://host/path#token"), "https://host/path#***");
});

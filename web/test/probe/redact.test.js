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
  assert.equal(redactUrl("turn:h?transport=udp"), "turn:h?transport=udp");
  assert.equal(redactUrl("turn:h?transport=udp&token=secret"), "turn:h?***");
});

test("an answer of two lines keeps both, and passwords go from each media section", () => {
  const sdp = "a=ice-pwd:one\na=mid:0\na=ice-pwd:two\na=mid:1\n";
  assert.equal(redactSdp(sdp), "a=ice-pwd:***\na=mid:0\na=ice-pwd:***\na=mid:1\n");
  assert.equal(redactSdp(undefined), "");
});

test("servers may be given in every form that browsers take", () => {
  const iceServers = new Set([{ urls: ["stun:a", "turn:u@b?x=1"] }, { url: "stun:old" }, {}]);
  assert.deepEqual(redactConfiguration({ iceServers }).iceServers.map((/** @type {any} */ { urls }) => urls), [
    ["stun:a", "turn:u@b?***"], ["stun:old"], [],
  ]);
});

test("a configuration is told as names, whatever a page put there", () => {
  const cyclic = /** @type {any} */ ({ toString: () => "max-bundle" });
  cyclic.self = cyclic;
  const told = redactConfiguration({ bundlePolicy: cyclic, rtcpMuxPolicy: null });
  assert.deepEqual([told.bundlePolicy, told.rtcpMuxPolicy, told.iceTransportPolicy], ["max-bundle", "null", undefined]);
});

for (const [what, trap] of /** @type {[string, any][]} */ ([
  ["a getter that throws", { get iceServers() { throw new Error("a joke"); } }],
  ["a server with such a getter", { iceServers: [{ get urls() { throw new Error("a joke"); } }] }],
  ["a number for servers", { iceServers: 7 }],
  ["a policy without a text", { bundlePolicy: { toString: null } }],
])) {
  test(`what cannot be read is told as no servers: ${what}`, () => {
    assert.deepEqual(redactConfiguration(trap), { iceServers: [] });
  });
}

test("an address may be anything that has a text", () => {
  assert.equal(redactUrl(undefined), "undefined");
  assert.equal(redactUrl(new URL("https://u:p@host/?q")), "https://***@host/?***");
  assert.equal(redactUrl("data:text/html,<p>a@b"), "data:text/html,<p>a@b");
});

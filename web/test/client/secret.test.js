import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSecret, refusal, requestTicket, send } from "../../client/secret.js";
import { json } from "./support/fake-window.js";

const url = new URL("http://page.test/talk/session");
const never = new AbortController().signal;
/** Ask a server that answers so. */
const ask = (answer, signal = never) => requestTicket(async () => answer, url, signal);

test("secrets are trimmed when short-lived, and refused when empty or none", () => {
  assert.equal(checkSecret(" Bearer ek_1 "), "ek_1");
  for (const none of ["", "   ", null, undefined, 5]) assert.throws(() => checkSecret(none), { code: "bad_argument" });
});

test("an API key is refused with what to do instead, and is not repeated", () => {
  for (const key of ["sk-1", " SK-1", "Bearer sk-1", "bearer  sk-proj-1"]) {
    assert.throws(() => checkSecret(key), (error) => (
      error.code === "api_key_refused" && !error.message.includes(key.trim()) && /ephemeral/.test(error.hint)
    ));
  }
});

test("a ticket is asked for by POST, and its address may be relative", async () => {
  const asked = [];
  const ticket = await requestTicket(async (...request) => {
    asked.push(request);
    return json(200, { client_secret: "ek_1", calls_url: "../v1/realtime/calls" });
  }, url, never);
  assert.deepEqual(ticket, { clientSecret: "ek_1", callsUrl: "http://page.test/v1/realtime/calls" });
  assert.deepEqual(asked, [[url, { method: "POST", signal: never }]]);
});

test("an answer that is no ticket is told as such", async () => {
  for (const body of [{}, { client_secret: "ek_1" }, { client_secret: 1, calls_url: "/x" }]) {
    await assert.rejects(ask(json(200, body)), { code: "bad_answer", message: /client_secret/ });
  }
  await assert.rejects(ask(new Response("<html>")), { code: "bad_answer" });
});

test("a server that refuses is quoted, and one that hands out an API key is not believed", async () => {
  const refused = json(403, { error: { message: "Not today." } });
  await assert.rejects(ask(refused), { code: "server_refused", message: "The server gave no secret for the call (403): Not today." });
  await assert.rejects(ask(json(200, { client_secret: "sk-1", calls_url: "/x" })), { code: "api_key_refused" });
});

test("no server is told with its name and what to check", async () => {
  const broken = async () => {
    throw new TypeError("Failed to fetch");
  };
  await assert.rejects(send(broken, url, {}), (error) => (
    error.code === "server_unreachable" && error.message === "No answer from page.test."
    && /CORS/.test(error.hint) && error.cause instanceof TypeError
  ));
});

test("a request that was given up ends with the reason for that", async () => {
  const attempt = new AbortController();
  const reason = new Error("closed");
  attempt.abort(reason);
  const broken = async () => {
    throw new DOMException("aborted", "AbortError");
  };
  await assert.rejects(send(broken, url, { signal: attempt.signal }), reason);
});

test("a refusal shows JSON's message, short text, or the status; never a page", async () => {
  const words = async (body, statusText = "Busy") => (
    (await refusal(new Response(body, { status: 503, statusText }), "No")).message
  );
  assert.equal(await words('{"error": {"message": "Later."}}'), "No (503): Later.");
  assert.equal(await words("upstream down"), "No (503): upstream down");
  assert.equal(await words("<html>nginx</html>"), "No (503): Busy");
  assert.equal(await words("  ", ""), "No (503): no reason given");
  assert.equal((await words("x".repeat(900))).length, "No (503): ".length + 200);
  assert.equal(await words('{"error": "flat"}'), 'No (503): {"error": "flat"}');
});

test("a refusal whose body breaks off still has its status", async () => {
  const broken = { status: 502, statusText: "Bad Gateway", text: async () => {
    throw new TypeError("network error");
  } };
  assert.equal((await refusal(broken, "No")).message, "No (502): Bad Gateway");
});

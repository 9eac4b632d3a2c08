import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTask } from "node:timers/promises";
import { RealtimeClient } from "../../client/client.js";
import { FakeStream, FakeTrack, FakeWindow, json, listeners } from "./support/fake-window.js";

function setUp() {
  const target = new FakeWindow();
  const told = listeners();
  return { target, told, client: new RealtimeClient(target, told) };
}

test("connect resolves with session.created, and the offer went out with the secret", async () => {
  const { target, told, client } = setUp();
  const event = await client.connect();
  assert.equal(event.type, "session.created");
  assert.deepEqual(told.statuses, ["connecting", "connected"]);
  const [mint, offer] = target.requests;
  assert.equal(mint.url, "http://page.test/talk/session");
  assert.equal(mint.method, "POST");
  assert.equal(offer.url, "http://page.test/v1/realtime/calls");
  assert.deepEqual(offer.headers, { Authorization: "Bearer ek_1", "Content-Type": "application/sdp" });
  assert.equal(offer.body, "v=0 offer");
  assert.equal(client.callId, "rtc_1");
});

test("the events channel and the microphone are there before the offer", async () => {
  const { target, client } = setUp();
  await client.connect();
  assert.deepEqual(target.connections[0].steps, ["channel oai-events", "track", "offer"]);
});

test("without a microphone the page only listens", async () => {
  const { target, client } = setUp();
  client.settings = { ...client.settings, microphone: false };
  await client.connect();
  assert.deepEqual(target.connections[0].steps, ["channel oai-events", "audio recvonly", "offer"]);
});

test("a session given by the host is sent, and connect waits for session.updated", async () => {
  const { target, client } = setUp();
  client.settings = { ...client.settings, session: { instructions: "Be brief." } };
  target.onAnswered = (connection) => {
    connection.channel.onSent = () => target.receive({ type: "session.updated", session: { n: 1 } });
    target.receive({ type: "session.created" });
  };
  assert.equal((await client.connect()).type, "session.updated");
  assert.deepEqual(target.sent[0].session, { type: "realtime", instructions: "Be brief." });
});

const created = (transcription) => (
  { type: "session.created", session: { audio: { input: { transcription } } } }
);

test("the person's words are asked for where the session has no transcription", async () => {
  const { target, client } = setUp();
  target.onAnswered = (connection) => {
    connection.channel.onSent = () => target.receive({ type: "session.updated", session: { n: 1 } });
    target.receive(created(null));
  };
  assert.equal((await client.connect()).type, "session.updated");
  assert.deepEqual(target.sent[0].session.audio, { input: { transcription: { model: "gpt-realtime-whisper" } } });
});

test("a session that transcribes already is left alone, and a refusal does not end the call", async () => {
  const { target, client } = setUp();
  target.onAnswered = () => target.receive(created({ model: "m" }));
  await client.connect();
  assert.deepEqual(target.sent, []);
  await client.close();
  target.onAnswered = (connection) => {
    connection.channel.onSent = ({ event_id }) => target.receive({ type: "error", error: { message: "No.", event_id } });
    target.receive(created(null));
  };
  assert.equal((await client.connect()).type, "session.created");
});

test("a host may leave the person's words alone, and a session without audio has none", async () => {
  for (const [transcription, event] of [["", created(null)], ["m", { type: "session.created", session: {} }]]) {
    const { target, client } = setUp();
    client.settings = { ...client.settings, transcription };
    target.onAnswered = () => target.receive(event);
    await client.connect();
    assert.deepEqual(target.sent, []);
  }
});

test("who shows the microphone is told when it is opened and when it is given back", async () => {
  const { target, told, client } = setUp();
  await client.connect();
  assert.deepEqual(told.microphones, [target.microphone]);
  await client.close();
  assert.deepEqual(told.microphones, [target.microphone, null]);
});

test("of two simultaneous connects the second is refused and the first succeeds", async () => {
  const { client } = setUp();
  const first = client.connect();
  await assert.rejects(client.connect(), { code: "busy" });
  await first;
  await assert.rejects(client.connect(), { code: "busy" });
});

test("close during connect rejects the connect and releases everything", async () => {
  const { target, told, client } = setUp();
  target.onAnswered = () => {};
  const connecting = client.connect();
  const refused = assert.rejects(connecting, { code: "closed" });
  while (!target.connections[0]?.remote) await nextTask();
  await client.close();
  await refused;
  assert.deepEqual(told.statuses, ["connecting", "ended"]);
  assert.equal(target.connections[0].closed, true);
  assert.equal(target.microphone.tracks[0].readyState, "ended");
  assert.equal(client.isBusy, false);
});

test("close while the secret's body is read is still told as closed", async () => {
  const { target, told, client } = setUp();
  target.ticket = () => ({
    ok: true,
    json: async () => {
      client.close();
      throw new DOMException("aborted", "AbortError");
    },
  });
  await assert.rejects(client.connect(), { code: "closed" });
  assert.deepEqual(told.statuses, ["connecting", "ended"]);
});

test("a microphone granted after close is released", async () => {
  const { target, client } = setUp();
  let resolve;
  const promise = new Promise((done) => { resolve = done; });
  target.getUserMedia = () => promise;
  const connecting = client.connect();
  const refused = assert.rejects(connecting, { code: "closed" });
  await client.close();
  await refused;
  resolve(target.microphone);
  await promise;
  await null;
  assert.equal(target.microphone.tracks[0].readyState, "ended");
  assert.equal(target.requests.length, 0);
});

for (const [name, code] of [
  ["NotAllowedError", "microphone_denied"],
  ["NotFoundError", "microphone_missing"],
  ["NotReadableError", "microphone_busy"],
]) {
  test(`${name} is told as ${code}, with what to do`, async () => {
    const { target, told, client } = setUp();
    target.getUserMedia = async () => {
      throw new DOMException("no", name);
    };
    await assert.rejects(client.connect(), (error) => error.code === code && error.hint.length > 0);
    assert.deepEqual(told.statuses, ["connecting", `ended: ${code}`]);
  });
}

test("a refused call shows the message of the JSON error", async () => {
  const { target, client } = setUp();
  target.answer = () => json(401, { error: { message: "Incorrect key.", code: "invalid_api_key" } });
  await assert.rejects(client.connect(), { code: "server_refused", message: /401.*Incorrect key\./ });
});

test("a nonsense SDP answer is told as such", async () => {
  const { target, client } = setUp();
  target.answer = () => new Response("hello", { status: 201 });
  await assert.rejects(client.connect(), { code: "bad_answer", message: /SDP/ });
});

test("a server that is not there is told with its name", async () => {
  const { target, client } = setUp();
  target.fetch = async () => {
    throw new TypeError("Failed to fetch");
  };
  await assert.rejects(client.connect(), { code: "server_unreachable", message: /page\.test/ });
});

test("an API key is refused wherever it comes from", async () => {
  const { target, client } = setUp();
  target.ticket = () => json(200, { client_secret: "sk-proj-1", calls_url: "/calls" });
  await assert.rejects(client.connect(), { code: "api_key_refused" });
  client.settings = { ...client.settings, clientSecret: "sk-1" };
  await assert.rejects(client.connect(), { code: "api_key_refused" });
  assert.ok(target.requests.every(({ url }) => url.endsWith("/session")));
});

test("a call that never comes up ends in time", async () => {
  const { target, client } = setUp();
  target.onAnswered = () => target.runTimers();
  await assert.rejects(client.connect(), { code: "timeout" });
});

test("a connection that fails ends the call, once", async () => {
  const { target, told, client } = setUp();
  await client.connect();
  target.connections[0].become("failed");
  target.connections[0].channel.dispatchEvent(new Event("close"));
  assert.deepEqual(told.statuses, ["connecting", "connected", "ended: server_lost"]);
  assert.equal(target.microphone.tracks[0].readyState, "ended");
});

test("a connection that comes back is connected again", async () => {
  const { target, told, client } = setUp();
  await client.connect();
  target.connections[0].become("disconnected");
  target.connections[0].become("connected");
  assert.deepEqual(told.statuses.slice(2), ["interrupted", "connected"]);
  await client.close();
});

test("a connection that stays away ends the call after five seconds", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { target, told, client } = setUp();
  await client.connect();
  target.connections[0].become("disconnected");
  context.mock.timers.tick(5_000);
  assert.equal(told.statuses.at(-1), "ended: server_lost");
});

test("a server that closes the channel ends the call and whoever waits", async () => {
  const { target, client } = setUp();
  await client.connect();
  const waiting = client.request({ type: "response.create" }, () => false);
  target.connections[0].channel.dispatchEvent(new Event("close"));
  await assert.rejects(waiting, { code: "server_lost" });
});

test("an error event rejects the request it names", async () => {
  const { target, client } = setUp();
  await client.connect();
  const waiting = client.request({ type: "session.update", session: {} }, () => false);
  const error = { code: "unknown_parameter", message: "No.", event_id: target.sent[0].event_id };
  target.receive({ type: "error", error });
  await assert.rejects(waiting, { code: "unknown_parameter", message: "No." });
});

test("mute disables the track, and holds for the next call", async () => {
  const { target, client } = setUp();
  await client.connect();
  client.setMuted(true);
  assert.equal(target.microphone.tracks[0].enabled, false);
  await client.close();
  target.microphone = new FakeStream();
  await client.connect();
  assert.equal(target.microphone.tracks[0].enabled, false);
});

test("a track without a stream is played too", async () => {
  const { target, told, client } = setUp();
  globalThis.MediaStream = FakeStream;
  await client.connect();
  const track = new FakeTrack();
  target.connections[0].dispatchEvent(Object.assign(new Event("track"), { streams: [], track }));
  assert.deepEqual(told.streams[0].tracks, [track]);
});

test("a message that is no event is a problem, not the end", async () => {
  const { target, told, client } = setUp();
  await client.connect();
  target.connections[0].channel.dispatchEvent(new MessageEvent("message", { data: "not JSON" }));
  assert.deepEqual(told.problems, ["bad_answer"]);
  assert.equal(client.status, "connected");
});

test("sending outside a call is refused, and an event needs a type", async () => {
  const { client } = setUp();
  assert.throws(() => client.send({ type: "response.create" }), { code: "not_connected" });
  assert.throws(() => client.send({}), { code: "bad_argument" });
});

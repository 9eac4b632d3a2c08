import assert from "node:assert/strict";
import { test } from "node:test";
import { RealtimeClient } from "../../client/client.js";
import { Conversation } from "../../client/conversation.js";
import { makeSurface } from "../../client/rt-surface.js";
import { FakeWindow, listeners } from "./support/fake-window.js";

/** A surface in a call; `answers` maps a client event's type to what the server answers. */
async function setUp(answers = {}) {
  const target = new FakeWindow();
  const conversation = new Conversation();
  const told = listeners();
  const client = new RealtimeClient(target, {
    ...told, onEvent: (event, direction) => direction === "received" && conversation.receive(event, 0),
  });
  const set = { volume: 1 };
  const RT = makeSurface({
    client, conversation: () => conversation,
    setMuted: (isMuted) => client.setMuted(isMuted),
    setVolume: (volume) => { set.volume = volume; },
    setOnEvent: (listener) => { set.onEvent = listener; },
    state: () => ({ status: client.status }),
  });
  const connect = async () => {
    await RT.connect();
    target.connections[0].channel.onSent = (event) => {
      const answer = answers[event.type]?.(event);
      if (answer) target.receive(answer);
    };
  };
  return { RT, target, client, set, connect };
}

test("everything the host needs is there", async () => {
  const { RT } = await setUp();
  assert.deepEqual(Object.keys(RT), [
    "init", "connect", "updateSession", "respond", "commit", "cancel", "truncate", "clearOutputAudio",
    "micOn", "micOff", "setVolume", "sendEvent", "state", "close",
  ]);
});

test("init refuses API keys, unknown options, odd volumes, and a running call", async () => {
  const { RT, connect, client } = await setUp();
  await assert.rejects(RT.init({ clientSecret: "sk-123" }), { code: "api_key_refused" });
  await assert.rejects(RT.init({ apiKey: "x" }), { code: "bad_argument", message: /apiKey/ });
  await assert.rejects(RT.init({ volume: 3 }), { code: "bad_argument" });
  await RT.init({ clientSecret: "Bearer ek_2", callsUrl: "http://other.test/calls" });
  assert.equal(client.settings.clientSecret, "ek_2");
  await connect();
  await assert.rejects(RT.init({}), { code: "busy" });
});

test("a secret from the host goes to the host's address, and no other is asked for", async () => {
  const { RT, target, connect } = await setUp();
  await RT.init({ clientSecret: "ek_2", callsUrl: "http://other.test/calls" });
  await connect();
  assert.deepEqual(target.requests.map(({ url }) => url), ["http://other.test/calls"]);
  assert.equal(target.requests[0].headers.Authorization, "Bearer ek_2");
});

test("commands resolve with the server's answers", async () => {
  const { RT, connect } = await setUp({
    "session.update": ({ session }) => ({ type: "session.updated", session }),
    "response.create": () => ({ type: "response.created", response: { id: "r" } }),
    "input_audio_buffer.commit": () => ({ type: "input_audio_buffer.committed", item_id: "u" }),
    "response.cancel": () => ({ type: "response.done", response: { id: "r", status: "cancelled" } }),
    "conversation.item.truncate": ({ item_id }) => ({ type: "conversation.item.truncated", item_id }),
  });
  await connect();
  assert.deepEqual(await RT.updateSession({ speed: 1 }), { type: "realtime", speed: 1 });
  assert.equal((await RT.respond({ instructions: "x" })).id, "r");
  assert.equal(await RT.commit(), "u");
  assert.equal(await RT.cancel(), true);
  await RT.truncate("a", 1234.6);
});

test("a cancel that came too late is no error", async () => {
  const { RT, connect } = await setUp({
    "response.cancel": ({ event_id }) => (
      { type: "error", error: { code: "response_cancel_not_active", message: "none", event_id } }
    ),
  });
  await connect();
  assert.equal(await RT.cancel(), false);
});

test("clearOutputAudio waits for the answer only when something plays", async () => {
  const { RT, target, connect } = await setUp({
    "output_audio_buffer.clear": () => ({ type: "output_audio_buffer.cleared", response_id: "r" }),
  });
  await connect();
  assert.equal(await RT.clearOutputAudio(), false);
  target.receive({ type: "output_audio_buffer.started", response_id: "r" });
  assert.equal(await RT.clearOutputAudio(), true);
});

test("the microphone, the volume and raw events", async () => {
  const { RT, target, client, set, connect } = await setUp();
  await connect();
  await RT.micOff();
  assert.equal(client.isMuted, true);
  await RT.micOn();
  assert.equal(client.isMuted, false);
  await RT.setVolume(1.5);
  assert.equal(set.volume, 1.5);
  await assert.rejects(RT.setVolume(-1), { code: "bad_argument" });
  assert.equal(await RT.sendEvent({ type: "input_audio_buffer.clear", event_id: "mine" }), "mine");
  assert.deepEqual(target.sent.at(-1), { type: "input_audio_buffer.clear", event_id: "mine" });
});

test("outside a call commands are refused, and close is harmless", async () => {
  const { RT } = await setUp();
  await assert.rejects(RT.respond(), { code: "not_connected" });
  await assert.rejects(RT.sendEvent({ type: "response.create" }), { code: "not_connected" });
  assert.equal((await RT.close()).status, "idle");
});

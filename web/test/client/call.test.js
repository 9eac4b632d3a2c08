import assert from "node:assert/strict";
import { test } from "node:test";
import { RealtimeCall, parseEvent } from "../../client/call.js";
import { FakeStream, FakeWindow } from "./support/fake-window.js";

const TICKET = { clientSecret: "ek_1", callsUrl: "http://page.test/v1/realtime/calls" };
const never = new AbortController().signal;

function setUp({ microphone = new FakeStream() } = {}) {
  const target = new FakeWindow();
  target.onAnswered = () => {};
  const told = [];
  const tell = (name) => (value) => told.push([name, value?.code ?? value?.type ?? value]);
  const call = new RealtimeCall({
    RTCPeerConnection: target.RTCPeerConnection,
    fetch: target.fetch,
    microphone,
    listeners: {
      onEvent: tell("event"), onRemoteStream: tell("stream"), onConnection: tell("there"),
      onProblem: tell("problem"), onLost: tell("lost"),
    },
  });
  const [connection] = target.connections;
  return { target, told, call, connection, channel: connection.channel };
}

test("offer and answer are exchanged with the ticket, and the call has the server's id", async () => {
  const { target, call, connection } = setUp();
  await call.negotiate(TICKET, never);
  assert.equal(target.requests[0].headers.Authorization, "Bearer ek_1");
  assert.equal(connection.remote, "v=0 answer");
  assert.equal(call.callId, "rtc_1");
});

test("a server that names no call is fine", async () => {
  const { target, call } = setUp();
  target.answer = () => new Response("v=0 answer", { status: 201 });
  await call.negotiate(TICKET, never);
  assert.equal(call.callId, "");
});

test("a call given up while the server answered takes no answer", async () => {
  const { target, call, connection } = setUp();
  const attempt = new AbortController();
  target.answer = () => {
    attempt.abort(new Error("closed"));
    return new Response("v=0 answer", { status: 201 });
  };
  await assert.rejects(call.negotiate(TICKET, attempt.signal), /closed/);
  assert.equal(connection.remote, undefined);
});

test("nothing is sent before the channel is open, nor after the end", async () => {
  const { call, channel } = setUp();
  assert.throws(() => call.send({ type: "x" }), { code: "not_connected" });
  await call.negotiate(TICKET, never);
  assert.equal(call.isOpen, true);
  call.send({ type: "x" });
  assert.deepEqual(channel.sent, [{ type: "x" }]);
  call.close();
  assert.throws(() => call.send({ type: "y" }), { code: "not_connected" });
});

test("all tracks of the microphone are sent; without any the call only listens", () => {
  assert.deepEqual(setUp().connection.steps, ["channel oai-events", "track"]);
  for (const microphone of [null, new FakeStream([])]) {
    assert.deepEqual(setUp({ microphone }).connection.steps, ["channel oai-events", "audio recvonly"]);
  }
});

test("a call ends once, for one reason", () => {
  const { told, connection, channel } = setUp();
  connection.become("failed");
  connection.become("failed");
  channel.dispatchEvent(new Event("close"));
  assert.deepEqual(told, [["lost", "server_lost"]]);
  assert.equal(connection.closed, true);
});

test("a call that is closed by us is not lost", () => {
  const { told, call, connection, channel } = setUp();
  call.close();
  call.close();
  connection.become("failed");
  channel.dispatchEvent(new Event("close"));
  assert.deepEqual(told, []);
});

test("a connection that is gone for a moment comes back; gone for five seconds it is lost", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { told, connection } = setUp();
  connection.become("disconnected");
  context.mock.timers.tick(4_999);
  connection.become("connected");
  context.mock.timers.tick(60_000);
  assert.deepEqual(told, [["there", false], ["there", true]]);
  connection.become("disconnected");
  context.mock.timers.tick(5_000);
  assert.deepEqual(told.slice(2), [["there", false], ["lost", "server_lost"]]);
});

test("a call closed while the connection is gone is not lost later", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { told, call, connection } = setUp();
  connection.become("disconnected");
  call.close();
  context.mock.timers.tick(60_000);
  assert.deepEqual(told, [["there", false]]);
});

test("only JSON objects with a type are events", () => {
  assert.deepEqual(parseEvent('{"type": "x"}'), { type: "x" });
  for (const text of ["", "null", "3", "{}", '{"type": 1}', "[]", undefined]) assert.equal(parseEvent(text), null);
});

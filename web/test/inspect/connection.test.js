// The socket comes back by itself, later each time, and not after the end.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection } from "../../inspect/connection.js";
import { FakeSocket } from "./support.js";

function connect(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.WebSocket = FakeSocket;
  FakeSocket.made = [];
  const states = [];
  const messages = [];
  const connection = new Connection("ws://127.0.0.1:1/t/socket", {
    onState: (state) => states.push(state), onMessage: (message) => messages.push(message),
  });
  connection.open();
  return { connection, states, messages, pass: (ms) => t.mock.timers.tick(ms), last: () => FakeSocket.made.at(-1) };
}

test("what is typed goes out while it is open, and nowhere before and after", (t) => {
  const { connection, last } = connect(t);
  assert.equal(connection.send("help"), false);
  last().open();
  assert.equal(connection.send("help"), true);
  assert.deepEqual(last().sent, ["help"]);
  last().close();
  assert.equal(connection.send("help"), false);
});

test("it is opened again, later each time, and at once anew after it was open", (t) => {
  const { states, pass, last } = connect(t);
  last().close();
  pass(499);
  assert.equal(FakeSocket.made.length, 1);
  pass(1);
  assert.equal(FakeSocket.made.length, 2);
  last().close();
  pass(999);
  assert.equal(FakeSocket.made.length, 2);
  pass(1);
  last().open();
  last().close();
  pass(500);
  assert.equal(FakeSocket.made.length, 4);
  assert.deepEqual(states.slice(0, 3), ["connecting", "lost", "connecting"]);
});

test("after the end it stays closed", (t) => {
  const { states, messages, pass, last } = connect(t);
  last().open();
  last().tell({ lines: [], left_out: 0, end: { outcome: "1 finding" } });
  last().close();
  pass(60_000);
  assert.equal(FakeSocket.made.length, 1);
  assert.equal(states.at(-1), "ended");
  assert.equal(messages.length, 1);
});

// The page as the person at it meets it: its own markup, its buttons and keys, what it says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fire } from "../support/dom.js";
import { FakeAudioContext } from "./support/fake-audio.js";
import { FakeContext } from "./support/fake-canvas.js";
import { FakeStream, FakeTrack, json } from "./support/fake-window.js";
import { SESSION, openTalk } from "./support/talk-page.js";

const MANUAL = { audio: { input: { ...SESSION.audio.input, turn_detection: null } } };

/** A page in a call. */
async function talk(options) {
  const page = openTalk(options);
  await page.click("start");
  assert.equal(page.text("status"), "Connected");
  return page;
}

const ANSWER_BEGINS = [
  { type: "response.created", response: { id: "r", status: "in_progress" } },
  { type: "response.output_item.added", response_id: "r", item: { id: "a", type: "message", role: "assistant" } },
  { type: "response.output_audio_transcript.delta", item_id: "a", delta: "Good day to you." },
];
const PLAYS = { type: "output_audio_buffer.started", response_id: "r" };
const fails = (message, more = {}) => ({ type: "error", error: { message, ...more } });

test("the page waits for the person, and asks for nothing before that", async () => {
  const { text, server, find, RT } = openTalk();
  assert.equal(text("status"), "Not connected");
  assert.equal(find("#transcript-empty").hidden, false);
  assert.equal(find("#volume").style.getPropertyValue("--filled"), "50%");
  assert.deepEqual(server.requests, []);
  assert.deepEqual(FakeAudioContext.all, []);
  assert.equal(RT.state().status, "idle");
});

test("a click starts the call, another ends it, and the microphone is given back", async () => {
  const { click, text, server, told } = await talk();
  await click("hang-up");
  assert.equal(text("status"), "Call ended");
  assert.equal(server.microphone.tracks[0].readyState, "ended");
  assert.equal(FakeAudioContext.all[0].state, "closed");
  assert.deepEqual(told, [{ type: "close.clicked" }]);
});

test("starting twice is one call", async () => {
  const { click, key, server } = await talk();
  await key("s");
  await click("start");
  assert.equal(server.connections.length, 1);
});

for (const [name, message, hint] of [
  ["NotAllowedError", "The browser did not allow the microphone.", /Allow it at the microphone or lock symbol/],
  ["NotFoundError", "No microphone was found.", /Plug one in/],
  ["NotReadableError", "The microphone could not be opened.", /Another program may be holding it/],
]) {
  test(`a call without a microphone ends with words: ${message}`, async () => {
    const { server, click, text, toasts, hints, RT } = openTalk();
    server.getUserMedia = async () => {
      throw new DOMException("no", name);
    };
    await click("start");
    assert.equal(text("status"), "Call ended");
    assert.deepEqual(toasts(), [message]);
    assert.match(hints()[0], hint);
    assert.deepEqual([RT.state().error.message, RT.state().error.hint], [message, hints()[0]]);
    assert.match(RT.state().error.code, /^microphone_/);
  });
}

test("a server that refuses the call is quoted, and the microphone given back", async () => {
  const { server, click, toasts } = openTalk();
  server.answer = () => json(401, { error: { message: "Incorrect key." } });
  await click("start");
  assert.deepEqual(toasts(), ["The server refused the call (401): Incorrect key."]);
  assert.equal(server.microphone.tracks[0].readyState, "ended");
});

test("after a failed call the next one begins without its message", async () => {
  const { server, click, toasts, text, RT } = openTalk();
  const { ticket } = server;
  server.ticket = () => json(503, { error: { message: "Busy." } });
  await click("start");
  assert.equal(toasts().length, 1);
  Object.assign(server, { ticket });
  await click("start");
  assert.deepEqual(toasts(), []);
  assert.equal(text("status"), "Connected");
  assert.equal(RT.state().error, null);
});

test("what both say stands in the transcript as they say it", async () => {
  const { receive, turns, text, find } = await talk();
  await receive({ type: "input_audio_buffer.speech_started", item_id: "u" });
  assert.equal(text("activity"), "You are speaking");
  await receive(
    { type: "conversation.item.input_audio_transcription.completed", item_id: "u", transcript: "Hello." },
    { type: "input_audio_buffer.committed", item_id: "u" },
  );
  assert.equal(text("activity"), "The assistant is thinking");
  await receive(...ANSWER_BEGINS, PLAYS);
  assert.equal(text("activity"), "The assistant is speaking");
  assert.deepEqual(turns(), [["You", "Hello."], ["Assistant", "Good day to you."]]);
  assert.equal(find("#transcript-empty").hidden, true);
});

test("a new call begins with an empty transcript; the old one is read until then", async () => {
  const { receive, click, turns } = await talk();
  await receive(...ANSWER_BEGINS);
  await click("hang-up");
  assert.equal(turns().length, 1);
  await click("start");
  assert.deepEqual(turns(), []);
});

test("interrupting stops the making of an answer and its sound", async () => {
  const { receive, click, sent, toasts, find } = await talk();
  assert.equal(find("#interrupt").disabled, true);
  await receive(...ANSWER_BEGINS, PLAYS);
  await click("interrupt");
  assert.deepEqual(sent(), ["response.cancel", "output_audio_buffer.clear"]);
  await receive(
    { type: "response.done", response: { id: "r", status: "cancelled" } },
    { type: "output_audio_buffer.cleared", response_id: "r" },
  );
  assert.equal(find("#interrupt").disabled, true);
  assert.deepEqual(toasts(), []);
});

test("an answer that is made and only plays is silenced, not cancelled", async () => {
  const { receive, key, sent } = await talk();
  await receive(...ANSWER_BEGINS, PLAYS, { type: "response.done", response: { id: "r", status: "completed" } });
  await key("i");
  assert.deepEqual(sent(), ["output_audio_buffer.clear"]);
});

test("an interruption that came too late is nobody's error", async () => {
  const { receive, click, server, toasts } = await talk();
  await receive(...ANSWER_BEGINS);
  await click("interrupt");
  const { event_id } = server.sent[0];
  await receive(fails("none is active", { code: "response_cancel_not_active", event_id }));
  assert.deepEqual(toasts(), []);
});

test("an interruption that nobody answers is told", async () => {
  const { receive, click, server, settle, toasts } = await talk();
  await receive(...ANSWER_BEGINS);
  await click("interrupt");
  server.runTimers();
  await settle();
  assert.deepEqual(toasts(), ["No answer to response.cancel within 10 s."]);
});

test("what was not heard of an interrupted answer is struck out", async () => {
  const { receive, find } = await talk();
  await receive(
    ...ANSWER_BEGINS, PLAYS, { type: "output_audio_buffer.cleared", response_id: "r" },
    { type: "conversation.item.truncated", item_id: "a", audio_end_ms: 600 },
  );
  assert.equal(find(".turn-unheard").textContent, " to you.");
  assert.equal(find(".turn-note").textContent, "Interrupted after 0.6 s");
});

test("errors of the server, of an answer and of a tool are told in its words", async () => {
  const { receive, toasts, turns } = await talk();
  await receive(fails("Rate limit reached."));
  await receive({ type: "error" });
  await receive(...ANSWER_BEGINS, {
    type: "response.done",
    response: { id: "r", status: "failed", status_details: { error: { message: "Overloaded." } } },
  });
  await receive(
    { type: "response.output_item.added", response_id: "r2", item: { id: "t", type: "function_call", name: "drive", call_id: "c" } },
    { type: "response.function_call_arguments.done", item_id: "t", name: "drive", arguments: '{"m":10}' },
    { type: "conversation.item.added", item: { type: "function_call_output", call_id: "c", output: "Error: no wheels" } },
  );
  assert.deepEqual(toasts(), ["Rate limit reached.", "The server reported an error.", "Overloaded."]);
  assert.deepEqual(turns(), [
    ["Assistant", "Good day to you.", "Failed: Overloaded."], ["Tool", 'drive({"m":10})', "Answer: Error: no wheels"],
  ]);
});

test("an answer that failed without words is told all the same", async () => {
  const { receive, toasts } = await talk();
  await receive({ type: "response.done", response: { id: "r", status: "failed", status_details: { error: {} } } });
  assert.deepEqual(toasts(), ["The answer failed."]);
});

test("something that is no event is told, and the call goes on", async () => {
  const { server, toasts, text } = await talk();
  server.connections[0].channel.dispatchEvent(new MessageEvent("message", { data: "hello" }));
  assert.deepEqual(toasts(), ["The server sent something that is no event."]);
  assert.equal(text("status"), "Connected");
});

test("a connection that goes and comes back is shown, and what was said stays", async () => {
  const { server, receive, text, turns, toasts } = await talk();
  await receive(...ANSWER_BEGINS);
  server.connections[0].become("disconnected");
  assert.equal(text("status"), "Connection interrupted");
  assert.equal(text("activity"), "");
  server.connections[0].become("connected");
  assert.equal(text("status"), "Connected");
  assert.equal(turns().length, 1);
  assert.deepEqual(toasts(), []);
});

test("a connection that breaks ends the call with words, gives the microphone back, and one may start again", async () => {
  const { server, click, text, toasts, hints } = await talk();
  server.connections[0].become("failed");
  assert.equal(text("status"), "Call ended");
  assert.deepEqual(toasts(), ["The connection to the server broke."]);
  assert.deepEqual(hints(), ["Start a new call."]);
  assert.equal(server.microphone.tracks[0].readyState, "ended");
  server.microphone = new FakeStream();
  await click("start");
  assert.equal(text("status"), "Connected");
  assert.equal(server.connections.length, 2);
});

test("a microphone that is pulled out is told, and the call goes on", async () => {
  const { server, toasts, hints, text } = await talk();
  server.microphone.tracks[0].dispatchEvent(new Event("ended"));
  assert.deepEqual(toasts(), ["The microphone went away."]);
  assert.deepEqual(hints(), ["Plug it in and start a new call."]);
  assert.equal(text("status"), "Connected");
});

test("the microphone is muted by its button and its key, and whoever watches is told", async () => {
  const { click, key, server, text, find, told } = await talk();
  await click("mute");
  assert.equal(server.microphone.tracks[0].enabled, false);
  assert.equal(find("#mute").getAttribute("aria-pressed"), "true");
  assert.equal(text("activity"), "Your microphone is off");
  await key("m");
  assert.equal(server.microphone.tracks[0].enabled, true);
  assert.deepEqual(told, [{ type: "microphone.clicked", is_on: false }, { type: "microphone.clicked", is_on: true }]);
});

test("the volume follows slider and keys, from silent to twice as loud", async () => {
  const { slide, key, text, told, RT } = await talk();
  await slide(0.5);
  assert.equal(text("volume-words"), "50 %");
  await key("+");
  assert.equal(RT.state().volume, 0.6);
  await slide(0.05);
  await key("-");
  await key("-");
  assert.equal(text("volume-words"), "0 %");
  await slide(1.95);
  await key("+");
  assert.equal(text("volume-words"), "200 %");
  assert.deepEqual(told.map(({ volume }) => volume), [0.5, 0.6, 0.05, 0, 1.95, 2], "what did not change is not told");
});

test("turns ended by hand are sent by the button and its key, and then answered", async () => {
  const { click, receive, sent, find } = await talk({ session: MANUAL });
  assert.equal(find("#send-turn").hidden, false);
  await click("send-turn");
  assert.deepEqual(sent(), ["input_audio_buffer.commit"]);
  await receive({ type: "input_audio_buffer.committed", item_id: "u" });
  assert.deepEqual(sent(), ["input_audio_buffer.commit", "response.create"]);
});

test("where the server ends turns, the key for that does nothing", async () => {
  const { key, sent } = await talk();
  await key("t");
  assert.deepEqual(sent(), []);
});

test("a turn that was refused asks for no answer, and the refusal stands there once", async () => {
  const { key, receive, server, sent, toasts } = await talk({ session: MANUAL });
  await key("t");
  await receive(fails("The buffer is empty.", { code: "input_audio_buffer_commit_empty", event_id: server.sent[0].event_id }));
  assert.deepEqual(sent(), ["input_audio_buffer.commit"]);
  assert.deepEqual(toasts(), ["The buffer is empty."]);
});

test("keys start and end a call, and help, and take messages away", async () => {
  const { key, text, receive, toasts, find } = openTalk();
  await key("h");
  assert.equal(text("status"), "Not connected");
  await key("s");
  assert.equal(text("status"), "Connected");
  await receive(fails("One."), fails("Two."));
  await key("Escape");
  assert.deepEqual(toasts(), ["One."]);
  await key("?");
  assert.equal(find("#help").isPopoverOpen, true);
  await key("h");
  assert.equal(text("status"), "Call ended");
});

test("who does not want the shortcuts keeps only the one that takes messages away", async () => {
  const { key, text, receive, toasts, find } = await talk();
  find("#shortcuts-on").checked = false;
  await receive(fails("One."));
  await key("h");
  assert.equal(text("status"), "Connected");
  await key("Escape");
  assert.deepEqual(toasts(), []);
});

test("every key that the page's list names is one that works", async () => {
  const { find, document } = openTalk();
  const named = find("#help").querySelectorAll("kbd").map(({ textContent }) => textContent);
  assert.deepEqual(named, ["S", "H", "M", "I", "T", "+", "−", "Esc", "?"]);
  const marked = document.querySelectorAll("[aria-keyshortcuts]").flatMap((one) => one.getAttribute("aria-keyshortcuts").split(" "));
  assert.deepEqual(marked.sort(), ["+", "-", "?", "H", "I", "M", "S", "T"]);
});

const voice = (server, tracks = [new FakeTrack()]) => {
  const streams = [new FakeStream(tracks)];
  server.connections.at(-1).dispatchEvent(Object.assign(new Event("track"), { streams, track: tracks[0] }));
  return streams[0];
};

test("the assistant's voice is played, and no click is asked for where none is needed", async () => {
  const { server, find, settle, toasts } = await talk();
  const stream = voice(server);
  await settle();
  assert.equal(find("#remote-audio").srcObject, stream);
  assert.deepEqual(toasts(), []);
});

test("a browser that keeps the page silent is told of, until a touch lets it speak", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { server, settle, toasts, document } = await talk({ sound: "suspended" });
  const touch = async () => {
    fire(document.body, "pointerdown");
    context.mock.timers.tick(500);
    await settle();
  };
  voice(server);
  context.mock.timers.tick(500);
  await settle();
  assert.deepEqual(toasts(), ["Click or press a key to hear the assistant."]);
  await touch();
  assert.equal(toasts().length, 1, "the browser was not content with that");
  FakeAudioContext.isTouched = true;
  await touch();
  assert.deepEqual(toasts(), []);
  assert.equal(FakeAudioContext.all.at(-1).state, "running");
});

test("the clock and the strip run only while there is a call", async () => {
  const { click, pass, text, intervals, framesAsked } = openTalk();
  assert.equal(intervals.size, 0);
  assert.equal(framesAsked(), 0);
  await click("start");
  pass(5_000);
  pass(68_000);
  assert.equal(text("elapsed"), "1:03");
  await click("hang-up");
  pass(70_000);
  assert.equal(text("elapsed"), "");
  assert.equal(intervals.size, 0);
});

test("both voices are drawn in the colours of their names, as the theme has them", async () => {
  const page = openTalk();
  const context = new FakeContext();
  Object.assign(page.find("#levels"), { context, clientWidth: 100, clientHeight: 80 });
  const paint = (id, color) => Object.assign(page.find(`#${id}`).style, { color });
  paint("legend-user", "navy");
  paint("legend-assistant", "brown");
  await page.click("start");
  voice(page.server);
  FakeAudioContext.all[0].amplitude = 0.3;
  page.pass(5_000);
  assert.ok(context.boxes("navy").length > 0);
  assert.equal(context.boxes("brown").length, context.boxes("navy").length);
  paint("legend-user", "lightblue");
  page.prefer("(prefers-color-scheme: dark)", true);
  page.pass(5_050);
  assert.ok(context.boxes("lightblue").length > 0);
  await page.click("hang-up");
  page.pass(5_100);
  assert.deepEqual(context.boxes("lightblue"), [], "nothing is left of a call that is over");
});

test("a window in the background asks for one frame, however long it waits", async () => {
  const page = await talk();
  for (let i = 0; i < 10; i++) for (const call of page.intervals.values()) call();
  assert.equal(page.framesAsked(), 1);
});

test("another size, theme or wish for stillness is drawn, also without a call", async () => {
  const page = openTalk();
  for (const change of [
    page.resize,
    () => page.prefer("(prefers-color-scheme: dark)", true),
    () => page.prefer("(prefers-reduced-motion: reduce)", true),
  ]) {
    change();
    assert.equal(page.framesAsked(), 1);
    page.draw(1_000);
  }
});

test("who leaves the page ends the call", async () => {
  const { server, window } = await talk();
  fire(window, "pagehide");
  assert.equal(server.microphone.tracks[0].readyState, "ended");
  assert.equal(server.connections[0].closed, true);
});

test("a host sees the call as data, and every event in both directions", async () => {
  const { RT, receive, settle } = openTalk();
  const seen = [];
  await RT.init({ onEvent: ({ type }, direction) => seen.push([direction, type]), volume: 0.5 });
  await RT.connect();
  const committing = RT.commit();
  await settle();
  await receive({ type: "input_audio_buffer.committed", item_id: "u" });
  assert.equal(await committing, "u");
  assert.deepEqual(seen, [
    ["received", "session.created"], ["sent", "input_audio_buffer.commit"], ["received", "input_audio_buffer.committed"],
  ]);
  const { status, callId, muted, volume, activity, turns, error } = RT.state();
  assert.deepEqual([status, callId, muted, volume, activity, error], ["connected", "rtc_1", false, 0.5, "thinking", null]);
  assert.deepEqual(turns.map(({ id, role }) => [id, role]), [["u", "user"]]);
});

test("a state that a host changes is a copy", async () => {
  const { RT, receive } = await talk();
  await receive(...ANSWER_BEGINS);
  RT.state().turns[0].text = "changed";
  RT.state().session.audio = null;
  assert.equal(RT.state().turns[0].text, "Good day to you.");
  assert.deepEqual(RT.state().session, SESSION);
});

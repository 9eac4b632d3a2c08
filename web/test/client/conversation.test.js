import assert from "node:assert/strict";
import { test } from "node:test";
import { Conversation } from "../../client/conversation.js";

const SESSION = { audio: { input: { transcription: { model: "m" }, turn_detection: { type: "server_vad" } } } };

/** A conversation that has received the events, one millisecond apart, and can take more. */
function told(...events) {
  const conversation = new Conversation();
  conversation.receive({ type: "session.created", session: SESSION }, 0);
  let now_ms = 0;
  const tell = (...more) => {
    for (const { after_ms = 1, ...event } of more) conversation.receive(event, (now_ms += after_ms));
  };
  tell(...events);
  return { conversation, tell };
}

const userItem = (id) => ({
  id, type: "message", role: "user", status: "completed", content: [{ type: "input_audio", transcript: null }],
});
const message = (id, status, transcript) => ({
  id, type: "message", role: "assistant", status,
  content: transcript ? [{ type: "output_audio", transcript }] : [],
});

function userTurn(id, previous) {
  return [
    { type: "input_audio_buffer.speech_started", item_id: id },
    { type: "input_audio_buffer.speech_stopped", item_id: id },
    { type: "input_audio_buffer.committed", item_id: id, previous_item_id: previous },
    { type: "conversation.item.added", item: userItem(id), previous_item_id: previous },
    { type: "conversation.item.done", item: userItem(id), previous_item_id: previous },
  ];
}

function answerBegins(response, id, previous, words) {
  return [
    { type: "response.created", response: { id: response, status: "in_progress" } },
    { type: "response.output_item.added", response_id: response, item: message(id, "in_progress") },
    { type: "conversation.item.added", item: message(id, "in_progress"), previous_item_id: previous },
    ...words.map((delta) => ({ type: "response.output_audio_transcript.delta", item_id: id, delta })),
    { type: "output_audio_buffer.started", response_id: response },
  ];
}

function answerEnds(response, id, text, status = "completed") {
  return [
    { type: "response.output_audio_transcript.done", item_id: id, transcript: text },
    { type: "conversation.item.done", item: message(id, "completed", text) },
    { type: "response.done", response: { id: response, status } },
  ];
}

test("a turn and its answer stand in order, with live text", () => {
  const { conversation, tell } = told(...userTurn("u", null), ...answerBegins("r", "a", "u", ["Hel", "lo"]));
  assert.deepEqual(conversation.turns.map(({ role, text, phase }) => [role, text, phase]), [
    ["user", "", "live"], ["assistant", "Hello", "live"],
  ]);
  tell({ type: "conversation.item.input_audio_transcription.completed", item_id: "u", transcript: "Hi." });
  tell(...answerEnds("r", "a", "Hello."));
  assert.deepEqual(conversation.turns.map(({ text, phase }) => [text, phase]), [["Hi.", "done"], ["Hello.", "done"]]);
});

test("activity follows who speaks", () => {
  const { conversation, tell } = told(...userTurn("u", null).slice(0, 1));
  assert.equal(conversation.activity, "user_speaking");
  tell(...userTurn("u", null).slice(1));
  assert.equal(conversation.activity, "thinking");
  tell(...answerBegins("r", "a", "u", ["Hello"]));
  assert.equal(conversation.activity, "assistant_speaking");
  tell(...answerEnds("r", "a", "Hello."));
  assert.equal(conversation.activity, "assistant_speaking");
  tell({ type: "output_audio_buffer.stopped", response_id: "r" });
  assert.equal(conversation.activity, "quiet");
});

test("an answer interrupted while it plays keeps its text, and says what was heard", () => {
  const text = "one two three four five six seven eight nine ten";
  const { conversation } = told(
    ...answerBegins("r", "a", null, [text]), ...answerEnds("r", "a", text),
    { type: "input_audio_buffer.speech_started", item_id: "u" },
    { type: "output_audio_buffer.cleared", response_id: "r", after_ms: 900 },
    { type: "conversation.item.truncated", item_id: "a", audio_end_ms: 1000 },
  );
  const [turn] = conversation.turns;
  assert.equal(turn.phase, "interrupted");
  assert.equal(turn.heard_ms, 1000);
  assert.equal(turn.text.slice(0, turn.heardCharacters), "one two three"); // 15 characters a second
  assert.equal(turn.text, text);
});

test("without the server's figure the heard time is measured", () => {
  const { conversation } = told(
    ...answerBegins("r", "a", null, ["Hello there, how are you?"]),
    { type: "output_audio_buffer.cleared", response_id: "r", after_ms: 400 },
  );
  assert.equal(conversation.turns[0].heard_ms, 400);
});

test("the speaking rate is learned from answers heard to the end", () => {
  const text = "x".repeat(9).concat(" ").repeat(10).trim();
  const { conversation } = told(
    ...answerBegins("r1", "a1", null, [text]), ...answerEnds("r1", "a1", text),
    { type: "output_audio_buffer.stopped", response_id: "r1", after_ms: 10_000 },
    ...answerBegins("r2", "a2", "a1", [text]), ...answerEnds("r2", "a2", text),
    { type: "conversation.item.truncated", item_id: "a2", audio_end_ms: 3_000 },
  );
  assert.equal(conversation.turns[1].heardCharacters, 29); // about 10 characters a second
});

test("an answer cancelled while it is made is interrupted, and stragglers are dropped", () => {
  const { conversation } = told(
    ...answerBegins("r", "a", null, ["Well, "]),
    { type: "conversation.item.done", item: message("a", "incomplete", "Well,") },
    { type: "response.done", response: { id: "r", status: "cancelled" } },
    { type: "response.output_audio_transcript.delta", item_id: "a", delta: "too late" },
  );
  assert.equal(conversation.turns[0].phase, "interrupted");
  assert.equal(conversation.turns[0].text, "Well,");
});

test("failed and incomplete answers say why", () => {
  const { conversation } = told(
    ...answerBegins("r1", "a1", null, ["A"]),
    { type: "response.done", response: { id: "r1", status: "failed", status_details: { error: { message: "Overloaded." } } } },
    ...answerBegins("r2", "a2", "a1", ["B"]),
    { type: "response.done", response: { id: "r2", status: "incomplete", status_details: { reason: "max_output_tokens" } } },
  );
  assert.deepEqual(conversation.turns.map(({ note }) => note), ["Failed: Overloaded.", "Cut short: max_output_tokens"]);
});

test("transcripts may come early, late, empty or not at all", () => {
  const { conversation } = told(
    { type: "conversation.item.input_audio_transcription.delta", item_id: "u1", delta: " Go" },
    ...userTurn("u1", null), ...userTurn("u2", "u1"), ...userTurn("u3", "u2"),
    { type: "conversation.item.input_audio_transcription.failed", item_id: "u3", error: { message: "Noise." } },
    { type: "conversation.item.input_audio_transcription.completed", item_id: "u2", transcript: "" },
    { type: "conversation.item.input_audio_transcription.completed", item_id: "u1", transcript: "Go on." },
  );
  assert.deepEqual(conversation.turns.map(({ id, text, note }) => [id, text, note]), [
    ["u1", "Go on.", ""], ["u2", "", "No words were recognised."], ["u3", "", "Not transcribed: Noise."],
  ]);
});

test("order follows conversation.item.added, not arrival", () => {
  const { conversation } = told(
    ...userTurn("u1", null),
    { type: "input_audio_buffer.speech_started", item_id: "u2" },
    { type: "conversation.item.added", item: message("a", "completed", "Late."), previous_item_id: "u1" },
    { type: "conversation.item.added", item: userItem("u2"), previous_item_id: "a" },
  );
  assert.deepEqual(conversation.turns.map(({ id }) => id), ["u1", "a", "u2"]);
});

test("a cleared buffer forgets only the turn that was open", () => {
  const { conversation } = told(
    ...userTurn("u1", null),
    { type: "input_audio_buffer.speech_started", item_id: "u2" },
    { type: "input_audio_buffer.cleared" },
  );
  assert.deepEqual(conversation.turns.map(({ id }) => id), ["u1"]);
  assert.equal(conversation.activity, "thinking");
});

test("tool calls show name, arguments and answer", () => {
  const call = { id: "t", type: "function_call", name: "drive", call_id: "c", arguments: "" };
  const { conversation } = told(
    { type: "response.output_item.added", response_id: "r", item: call },
    { type: "response.function_call_arguments.done", item_id: "t", name: "drive", arguments: "{}" },
    { type: "conversation.item.added", item: { type: "function_call_output", call_id: "c", output: "ok" } },
  );
  assert.deepEqual(conversation.turns.map(({ role, text, note }) => [role, text, note]), [["tool", "drive({})", "Answer: ok"]]);
});

test("manual turns are seen in the session", () => {
  const { conversation, tell } = told();
  assert.equal(conversation.isManual, false);
  tell({ type: "session.updated", session: { audio: { input: { turn_detection: null } } } });
  assert.equal(conversation.isManual, true);
  tell({ type: "input_audio_buffer.committed", item_id: "u" });
  assert.equal(conversation.activity, "quiet");
});

test("the end of the call leaves nothing live and nothing empty", () => {
  const { conversation } = told(...userTurn("u", null), ...answerBegins("r", "a", "u", ["Well"]));
  conversation.end();
  assert.deepEqual(conversation.turns.map(({ id, phase }) => [id, phase]), [["a", "interrupted"]]);
  assert.equal(conversation.activity, "quiet");
});

test("who spoke or waited when the call ended does so no more", () => {
  const { conversation, tell } = told({ type: "input_audio_buffer.speech_started", item_id: "u" });
  conversation.end();
  assert.equal(conversation.activity, "quiet");
  tell({ type: "input_audio_buffer.committed", item_id: "u2" });
  assert.equal(conversation.activity, "thinking");
  conversation.end();
  assert.equal(conversation.activity, "quiet");
});

test("unknown events and deleted items", () => {
  const { conversation } = told(...userTurn("u", null), { type: "something.new" }, { type: "conversation.item.deleted", item_id: "u" });
  assert.deepEqual(conversation.turns, []);
});

test("written answers grow like spoken ones, and the final text replaces the pieces", () => {
  const { conversation, tell } = told(
    { type: "response.created", response: { id: "r" } },
    { type: "response.output_item.added", response_id: "r", item: message("a", "in_progress") },
    { type: "response.output_text.delta", item_id: "a", delta: "Go" },
    { type: "response.output_text.delta", item_id: "a", delta: "od" },
  );
  assert.equal(conversation.turns[0].text, "Good");
  tell({ type: "response.output_text.done", item_id: "a", text: "Good day." });
  assert.equal(conversation.turns[0].text, "Good day.");
});

test("the person's words that are not asked for are noted as spoken, at once and finished", () => {
  const { conversation, tell } = told({ type: "session.updated", session: { audio: { input: { turn_detection: null } } } });
  tell(...userTurn("u", null));
  assert.deepEqual(conversation.turns.map(({ phase, note }) => [phase, note]), [["done", "Spoken, not transcribed."]]);
});

test("where the server does not answer by itself, nothing is awaited after a turn", () => {
  const detection = { type: "server_vad", create_response: false };
  const { conversation, tell } = told({ type: "session.updated", session: { audio: { input: { turn_detection: detection } } } });
  tell(...userTurn("u", null));
  assert.equal(conversation.activity, "quiet");
  assert.equal(conversation.isManual, false, "turns are still ended by the server");
});

test("the end of another answer's sound does not end this one's", () => {
  const { conversation, tell } = told(...answerBegins("r2", "a2", null, ["New"]));
  tell({ type: "output_audio_buffer.stopped", response_id: "r1" }, { type: "output_audio_buffer.cleared", response_id: "r1" });
  assert.equal(conversation.activity, "assistant_speaking");
  assert.equal(conversation.turns[0].phase, "live");
});

test("the end of another answer's making does not end this one's", () => {
  const { conversation, tell } = told({ type: "response.created", response: { id: "r2" } });
  tell({ type: "response.done", response: { id: "r1", status: "cancelled" } });
  assert.equal(conversation.activity, "thinking");
});

test("a very short answer does not teach the speaking rate", () => {
  const text = "one two three four five six seven eight";
  const { conversation } = told(
    ...answerBegins("r1", "a1", null, ["Ok, of course."]), ...answerEnds("r1", "a1", "Ok, of course."),
    { type: "output_audio_buffer.stopped", response_id: "r1", after_ms: 100 },
    ...answerBegins("r2", "a2", "a1", [text]), ...answerEnds("r2", "a2", text),
    { type: "conversation.item.truncated", item_id: "a2", audio_end_ms: 1_000 },
  );
  assert.equal(text.slice(0, conversation.turns[1].heardCharacters), "one two three");
});

test("silence that the server noticed is nobody's speaking and no end of it", () => {
  const { conversation, tell } = told({ type: "input_audio_buffer.speech_started", item_id: "u" });
  tell({ type: "input_audio_buffer.timeout_triggered" });
  assert.equal(conversation.activity, "user_speaking");
});

test("a tool call shows its name while its arguments are made, and how it failed", () => {
  const call = { id: "t", type: "function_call", name: "drive", call_id: "c", arguments: "" };
  const { conversation, tell } = told({ type: "response.output_item.added", response_id: "r", item: call });
  assert.equal(conversation.turns[0].text, "drive");
  tell({ type: "response.done", response: { id: "r", status: "failed", status_details: null } });
  assert.deepEqual([conversation.turns[0].phase, conversation.turns[0].note], ["failed", "Failed: no reason given"]);
});

test("events that lack what they should have break nothing", () => {
  const { conversation, tell } = told();
  tell(
    { type: "response.created" }, { type: "response.done" }, { type: "response.output_item.added", response_id: "r" },
    { type: "conversation.item.added" }, { type: "conversation.item.done" },
    { type: "conversation.item.truncated", item_id: "nobody" },
    { type: "conversation.item.added", item: { type: "function_call_output", call_id: "nobody" } },
    { type: "session.updated" },
  );
  assert.deepEqual(conversation.turns, []);
  assert.equal(conversation.session, null);
  assert.equal(conversation.activity, "quiet");
});

test("failures without a reason say so", () => {
  const { conversation } = told(
    { type: "conversation.item.input_audio_transcription.failed", item_id: "u" },
    ...answerBegins("r", "a", "u", ["A"]), { type: "response.done", response: { id: "r", status: "incomplete" } },
  );
  assert.deepEqual(conversation.turns.map(({ note }) => note), ["Not transcribed: no reason given", "Cut short: no reason given"]);
});

/**
 * What was said, by whom, and how it ended: the conversation as the events tell it.
 *
 * Pure: events and "now" go in, turns come out. Order follows `conversation.item.added`.
 * When playback is cut, nobody knows which words were heard, so the place is estimated from the
 * heard milliseconds and the speaking rate, which is learned from answers heard to the end.
 */
import { TurnList, roleOf, textOf, wordBoundary } from "./turns.js";

/**
 * @typedef {import("./pending-answers.js").WireEvent} WireEvent
 * @typedef {import("./turns.js").Turn} Turn
 * @typedef {"user_speaking" | "assistant_speaking" | "thinking" | "quiet"} Activity
 */

/** Characters in a second of ordinary speech, until this call has taught us better. */
const USUAL_CHARACTERS_PER_S = 15;

export class Conversation {
  /** The latest session as the server states it. @type {Record<string, any> | null} */
  session = null;
  /** The response the server is making, or "". */
  respondingId = "";
  /** The response that is being played, or "". */
  playingId = "";

  #turns = new TurnList();
  /** Item ids by response. @type {Map<string, string[]>} */
  #items = new Map();
  /** Item ids of tool calls by call_id. @type {Map<string, string>} */
  #toolCalls = new Map();
  /** The user item that is being spoken and not committed yet, or "". */
  #openItemId = "";
  #isUserSpeaking = false;
  #isAwaited = false;
  #playingSince_ms = 0;
  #charactersPerS = USUAL_CHARACTERS_PER_S;

  /** @returns {readonly Turn[]} */
  get turns() {
    return this.#turns.all;
  }

  /** True when the person's turns are ended by hand, not by the server. */
  get isManual() {
    return this.session !== null && this.session.audio?.input?.turn_detection === null;
  }

  /** @returns {Activity} */
  get activity() {
    if (this.#isUserSpeaking) return "user_speaking";
    if (this.playingId) return "assistant_speaking";
    return this.respondingId || this.#isAwaited ? "thinking" : "quiet";
  }

  /** The call is over: nothing is live any more, and what stayed empty goes. */
  end() {
    this.#isUserSpeaking = this.#isAwaited = false;
    this.respondingId = this.playingId = this.#openItemId = "";
    for (const turn of this.turns) {
      if (turn.phase === "live") turn.phase = turn.role === "assistant" ? "interrupted" : "done";
    }
    this.#turns.keep(({ text, note }) => Boolean(text || note));
  }

  /**
   * @param {WireEvent} event One event from the server; unknown ones change nothing.
   * @param {number} now_ms Any steady clock.
   */
  receive(event, now_ms) {
    const type = event.type;
    if (type === "session.created" || type === "session.updated") this.session = event.session ?? null;
    else if (type.startsWith("conversation.item.input_audio_transcription.")) this.#transcription(event);
    else if (type.startsWith("conversation.item.")) this.#item(event);
    else if (type.startsWith("input_audio_buffer.")) this.#input(event);
    else if (type.startsWith("output_audio_buffer.")) this.#output(event, now_ms);
    else if (type.startsWith("response.")) this.#response(event);
  }

  /** @param {WireEvent} event */
  #input({ type, item_id }) {
    if (type === "input_audio_buffer.timeout_triggered") return;
    this.#isUserSpeaking = type === "input_audio_buffer.speech_started";
    if (type === "input_audio_buffer.speech_started") {
      this.#openItemId = item_id;
      this.#turns.findOrAdd(item_id, "user");
    } else if (type === "input_audio_buffer.committed") {
      this.#openItemId = "";
      this.#isAwaited = this.#answersByItself;
      this.#turns.findOrAdd(item_id, "user");
    } else if (type === "input_audio_buffer.cleared") {
      this.#turns.keep(({ id }) => id !== this.#openItemId);
      this.#openItemId = "";
    }
  }

  get #answersByItself() {
    const detection = this.session?.audio?.input?.turn_detection;
    return Boolean(detection) && detection.create_response !== false;
  }

  get #transcribes() {
    return Boolean(this.session?.audio?.input?.transcription);
  }

  /** @param {WireEvent} event */
  #transcription({ type, item_id, delta, transcript, error }) {
    const turn = this.#turns.findOrAdd(item_id, "user");
    if (type.endsWith(".delta")) turn.text = (turn.text + (delta ?? "")).trimStart();
    if (type.endsWith(".completed")) {
      turn.text = String(transcript ?? "").trim();
      turn.note = turn.text ? "" : "No words were recognised.";
      turn.phase = "done";
    }
    if (type.endsWith(".failed")) {
      turn.note = `Not transcribed: ${error?.message ?? "no reason given"}`;
      turn.phase = "failed";
    }
  }

  /** @param {WireEvent} event */
  #item({ type, item, item_id, previous_item_id, audio_end_ms }) {
    if (type === "conversation.item.added") this.#added(item ?? {}, previous_item_id ?? null);
    if (type === "conversation.item.done") this.#done(item ?? {});
    if (type === "conversation.item.deleted") this.#turns.keep(({ id }) => id !== item_id);
    if (type === "conversation.item.truncated") {
      const turn = this.#turns.find(item_id);
      if (turn) this.#cut(turn, audio_end_ms ?? 0);
    }
  }

  /**
   * @param {Record<string, any>} item
   * @param {string | null} previousId
   */
  #added(item, previousId) {
    if (item.type === "function_call_output") {
      const call = this.#turns.find(this.#toolCalls.get(item.call_id) ?? "");
      if (call) call.note = `Answer: ${item.output ?? ""}`;
    }
    const role = roleOf(item);
    if (!role) return;
    const turn = this.#turns.findOrAdd(item.id, role);
    turn.text ||= textOf(item);
    this.#turns.placeAfter(turn, previousId);
  }

  /** @param {Record<string, any>} item */
  #done(item) {
    const turn = this.#turns.find(item.id);
    if (!turn) return;
    turn.text = textOf(item) || turn.text;
    const isUntold = turn.role === "user" && !turn.text;
    if (isUntold && !this.#transcribes) turn.note = "Spoken, not transcribed.";
    // An incomplete item is judged by the end of its response; speech waits for its transcript.
    const isLast = item.status !== "incomplete" && !(isUntold && this.#transcribes);
    if (isLast && turn.phase === "live") turn.phase = "done";
  }

  /**
   * @param {Turn} turn
   * @param {number} heard_ms
   */
  #cut(turn, heard_ms) {
    turn.phase = "interrupted";
    turn.heard_ms = heard_ms;
    turn.heardCharacters = wordBoundary(turn.text, (heard_ms / 1000) * this.#charactersPerS);
  }

  /**
   * @param {WireEvent} event
   * @param {number} now_ms
   */
  #output({ type, response_id }, now_ms) {
    if (type === "output_audio_buffer.started") {
      this.playingId = response_id;
      this.#playingSince_ms = now_ms;
      return;
    }
    if (this.playingId !== response_id) return;
    this.playingId = "";
    const played_ms = now_ms - this.#playingSince_ms;
    if (type === "output_audio_buffer.stopped") this.#learnRate(response_id, played_ms);
    if (type === "output_audio_buffer.cleared") {
      // The server's own figure follows in conversation.item.truncated, and is better.
      for (const turn of this.#answersOf(response_id)) this.#cut(turn, turn.heard_ms ?? played_ms);
    }
  }

  /**
   * @param {string} responseId
   * @param {number} played_ms
   */
  #learnRate(responseId, played_ms) {
    const characters = this.#answersOf(responseId).reduce((sum, { text }) => sum + text.length, 0);
    if (played_ms < 1_000 || characters === 0) return;
    this.#charactersPerS = Math.min(25, Math.max(8, characters / (played_ms / 1_000)));
  }

  /** @param {string} responseId */
  #answersOf(responseId) {
    const ids = this.#items.get(responseId) ?? [];
    return this.turns.filter(({ id, role }) => role === "assistant" && ids.includes(id));
  }

  /** @param {WireEvent} event */
  #response(event) {
    const { type, item_id } = event;
    if (type === "response.created") {
      this.respondingId = event.response?.id ?? "";
      this.#isAwaited = false;
    } else if (type === "response.output_item.added") {
      this.#outputAdded(event.response_id, event.item ?? {});
    } else if (/^response\.output_(audio_transcript|text)\.(delta|done)$/.test(type)) {
      const turn = this.#turns.findOrAdd(item_id, "assistant");
      if (turn.phase !== "live") return; // a straggler of an answer that is over
      turn.text = event.transcript ?? event.text ?? turn.text + (event.delta ?? "");
    } else if (type === "response.function_call_arguments.done") {
      const turn = this.#turns.findOrAdd(item_id, "tool");
      turn.text = `${event.name ?? turn.text}(${event.arguments ?? ""})`;
    } else if (type === "response.done") {
      this.#responseDone(event.response ?? {});
    }
  }

  /**
   * @param {string} responseId
   * @param {Record<string, any>} item
   */
  #outputAdded(responseId, item) {
    this.#items.set(responseId, [...(this.#items.get(responseId) ?? []), item.id]);
    const role = roleOf(item);
    if (!role) return;
    const turn = this.#turns.findOrAdd(item.id, role);
    if (role !== "tool") return;
    this.#toolCalls.set(item.call_id, item.id);
    turn.text ||= item.name ?? "";
  }

  /** @param {Record<string, any>} response */
  #responseDone({ id: responseId, status, status_details: details }) {
    if (this.respondingId === responseId) this.respondingId = "";
    const ids = this.#items.get(responseId) ?? [];
    for (const turn of this.turns) {
      if (!ids.includes(turn.id) || turn.phase !== "live") continue;
      turn.phase = PHASE_OF_STATUS[status] ?? "done";
      if (status === "incomplete") turn.note = `Cut short: ${details?.reason ?? "no reason given"}`;
      if (status === "failed") turn.note = `Failed: ${details?.error?.message ?? "no reason given"}`;
    }
  }
}

/** @type {Record<string, Turn["phase"]>} */
const PHASE_OF_STATUS = { completed: "done", cancelled: "interrupted", failed: "failed" };

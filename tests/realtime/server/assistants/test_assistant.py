"""Assistants of every kind behind the session: at once, in pieces, failing, stopped."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import (
    Piece,
    Play,
    Prompt,
    Say,
    UseTool,
    Wait,
    reads_history,
)
from harness.realtime.server.assistants.script import Script
from tests.support.session_driver import SessionDriver, spoken

MANUAL = {"audio": {"input": {"turn_detection": None}}}
WRITTEN = {**MANUAL, "output_modalities": ["text"]}
LOOK = {"type": "function", "name": "look", "parameters": {"type": "object"}}


class Plain:
    """Answers at once, with pieces that are given."""

    def __init__(self, *pieces: Piece | Exception) -> None:
        self.pieces = pieces
        self.prompts: list[Prompt] = []

    def answer(self, prompt: Prompt) -> Iterator[Piece]:
        self.prompts.append(prompt)
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece


class Slow:
    """Answers beside the session; the test hands the pieces in."""

    reads_history = True

    def __init__(self) -> None:
        self.prompts: list[Prompt] = []

    async def _nothing(self) -> AsyncIterator[Piece]:
        return
        yield

    def answer(self, prompt: Prompt) -> AsyncIterator[Piece]:
        self.prompts.append(prompt)
        return self._nothing()


def done(call: SessionDriver) -> dict[str, Any]:
    response: dict[str, Any] = call.last("response.done")["response"]
    return response


def transcripts(call: SessionDriver) -> list[str]:
    return [item["content"][0]["transcript"] for item in done(call)["output"]]


def test_the_pieces_of_a_plain_assistant_are_one_answer() -> None:
    plain = Plain(Say("One. "), Say("Two."), UseTool("look", '{"a":1}'), Say("Three."))
    call = SessionDriver(assistant=plain, settings={**MANUAL, "tools": [LOOK]})
    call.send("response.create")
    call.wait_for("response.done")
    first, tool, last = done(call)["output"]
    assert first["content"][0]["transcript"] == "One. Two."
    assert (tool["name"], tool["arguments"]) == ("look", '{"a":1}')
    assert last["content"][0]["transcript"] == "Three."
    assert [event["output_index"] for event in call.of_type("response.output_item.done")] == [
        0,
        1,
        2,
    ]


def test_a_wait_between_pieces_is_kept() -> None:
    call = SessionDriver(assistant=Plain(Say("One."), Wait(3.0), Say("Two.")), settings=MANUAL)
    call.send("response.create")
    asked_s = call.now_s
    call.wait_for("response.done")
    assert call.now_s - asked_s == pytest.approx(3.0, abs=0.2)
    assert transcripts(call) == ["One.Two."]


def test_an_assistant_that_only_waits_is_silent_for_as_long() -> None:
    call = SessionDriver(assistant=Plain(Wait(1.0)), settings=MANUAL)
    call.send("response.create")
    asked_s = call.now_s
    call.wait_for("response.done")
    assert call.now_s - asked_s == pytest.approx(1.0, abs=0.03)
    assert done(call)["output"] == []


def test_a_voice_and_a_speed_are_the_messages_own() -> None:
    call = SessionDriver(assistant=Plain(Say("Hi.", "en-GB", 0.5)), settings=MANUAL)
    call.send("response.create")
    assert (call.syntheses[0].voice, call.syntheses[0].speed) == ("en-GB", 0.5)


def test_sound_is_played_as_it_is() -> None:
    sound = spoken(0.5)
    call = SessionDriver(assistant=Plain(Play(sound, "a tone")), settings=MANUAL)
    call.send("response.create")
    call.wait_for("output_audio_buffer.stopped")
    assert not call.syntheses
    assert transcripts(call) == ["a tone"]
    assert sum(float((abs(piece) > 0).sum()) for piece in call.played) == pytest.approx(
        (abs(sound) > 0).sum()
    )


def test_sound_in_a_written_answer_is_its_transcript() -> None:
    call = SessionDriver(assistant=Plain(Play(spoken(0.5), "a tone")), settings=WRITTEN)
    call.send("response.create")
    call.wait_for("response.done")
    assert done(call)["output"][0]["content"] == [{"type": "output_text", "text": "a tone"}]


def test_sound_that_cannot_be_played_fails_the_response() -> None:
    sound = (spoken(0.5) * 32767).astype("int16")
    for piece in (Play(sound, "a tone"), Play(spoken(0.5) * float("nan"), "a tone")):
        call = SessionDriver(assistant=Plain(Say("One."), piece), settings=MANUAL)
        call.send("response.create")
        call.wait_for("response.done")
        error = done(call)["status_details"]["error"]
        assert (done(call)["status"], error["code"]) == ("failed", "assistant_audio_invalid")
        assert "expected samples as float32" in error["message"]


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (AssistantError("No answer today.", "closed"), "closed", "No answer today."),
        (ZeroDivisionError("/secret/path"), "assistant_failed", "The assistant failed."),
    ],
)
def test_an_assistant_that_raises_fails_the_response(
    error: Exception, code: str, message: str
) -> None:
    call = SessionDriver(assistant=Plain(Say("One."), error), settings=MANUAL)
    call.send("response.create")
    details = done(call)["status_details"]
    assert details["type"] == "failed"
    assert (details["error"]["code"], details["error"]["message"]) == (code, message)
    call.send("response.create")
    assert len(call.of_type("response.created")) == 2


def test_a_plain_assistant_that_never_ends_is_cut() -> None:
    class Endless:
        def answer(self, prompt: Prompt) -> Iterator[Piece]:
            while True:
                yield Say("on and ")

    call = SessionDriver(assistant=Endless(), settings=WRITTEN)
    call.send("response.create")
    call.wait_for("response.done", within_s=60)
    assert done(call)["output"][0]["content"][0]["text"].split().count("on") == 1_000


# --- beside the session ---


def test_the_first_sentence_is_spoken_while_the_rest_is_written() -> None:
    call = SessionDriver(assistant=Slow(), settings=MANUAL)
    call.send("response.create")
    call.think(Say("Good "), Say("morning. "), Say("How"))
    assert [job.text for job in call.syntheses] == ["Good morning."]
    call.wait_for("output_audio_buffer.started")
    call.wait(2.0)
    call.think(Say(" are you?"))
    assert not call.of_type("response.done")
    call.think(None)
    call.wait_for("response.done")
    assert transcripts(call) == ["Good morning. How are you?"]
    assert call.stopped_thoughts == []


def test_a_written_answer_comes_word_by_word() -> None:
    call = SessionDriver(assistant=Slow(), settings=WRITTEN)
    call.send("response.create")
    call.think(Say("Good mor"))
    call.wait(0.2)
    assert [event["delta"] for event in call.of_type("response.output_text.delta")] == ["Good "]
    call.think(Say("ning."), None)
    call.wait_for("response.done")
    assert done(call)["output"][0]["content"][0]["text"] == "Good morning."


@pytest.mark.parametrize("way", ["cancel", "barge-in"])
def test_a_cancelled_answer_is_no_longer_thought_about(way: str) -> None:
    call = SessionDriver(assistant=Slow())
    call.say()
    call.think(Say("One two three. Four"))
    call.wait(0.5)
    if way == "cancel":
        call.send("response.cancel")
    else:
        call.hear(spoken(0.3))
    assert done(call)["status"] == "cancelled"
    assert call.stopped_thoughts == [call.thoughts[-1].job_id]
    call.think(Say("five."), None)
    assert len(call.of_type("response.done")) == 1


def test_a_thought_that_fails_fails_its_response_and_keeps_what_was_said() -> None:
    call = SessionDriver(assistant=Slow(), settings=MANUAL)
    call.send("response.create")
    call.think(Say("One two. Three"))
    call.wait(1.0)
    call.session.on_assistant_failed(
        call.thoughts[-1].job_id, "llm_timeout", "Too late.", call.now_s
    )
    call.drain()
    assert done(call)["status_details"]["error"]["code"] == "llm_timeout"
    assert done(call)["output"][0]["content"][0]["transcript"] == "One two. "


def test_a_tool_of_ones_own_making_fails_the_response() -> None:
    call = SessionDriver(assistant=Slow(), settings=MANUAL)
    call.send("response.create")
    call.think(UseTool("fly"))
    assert done(call)["status_details"]["error"]["code"] == "tool_not_offered"
    assert call.stopped_thoughts == [call.thoughts[-1].job_id]


def test_the_prompt_tells_the_whole_conversation() -> None:
    slow = Slow()
    settings = {"instructions": "Be brief.", "tools": [LOOK]}
    call = SessionDriver(assistant=slow, settings=settings, words=["what do you see", "thanks"])
    call.say()
    call.think(UseTool("look"), None)
    call.wait_for("response.done")
    call_id = done(call)["output"][0]["call_id"]
    output = {"type": "function_call_output", "call_id": call_id, "output": json.dumps("a cat")}
    call.send("conversation.item.create", item=output)
    call.send("response.create")
    prompt = slow.prompts[-1]
    assert (prompt.tool, prompt.tool_result, prompt.turn) == ("look", '"a cat"', 1)
    assert (prompt.instructions, prompt.tools[0]["name"]) == ("Be brief.", "look")
    assert [item["type"] for item in prompt.items] == [
        "message",
        "function_call",
        "function_call_output",
    ]
    assert prompt.items[0]["content"][0]["transcript"] == "what do you see"
    assert slow.prompts[0].samples is not None


def test_words_of_earlier_turns_are_waited_for_where_they_are_read() -> None:
    slow = Slow()
    call = SessionDriver(assistant=slow, settings=MANUAL)
    call.holds_recognition = True
    for _ in range(2):
        call.hear(spoken(0.5))
        call.send("input_audio_buffer.commit")
    call.send("response.create")
    assert len(call.recognitions) == 2
    call.settle_recognition("one")
    assert not slow.prompts
    call.settle_recognition("two")
    words = [item["content"][0]["transcript"] for item in slow.prompts[0].items]
    assert words == ["one", "two"]
    assert not reads_history(Script())

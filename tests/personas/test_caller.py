"""A caller that thinks: what a model writes is said, and what is answered goes back to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.call.utterance import SpokenText
from harness.engines.simulated.open import open_simulated_call
from harness.engines.simulated.speech import SimulatedSpeech
from harness.errors import ExpectationFailed
from harness.personas.caller import (
    LONGEST_CHARS,
    PICKED_UP,
    Line,
    Reply,
    Talk,
    hold_talk,
    read_reply,
)
from harness.personas.model import ChatModel
from harness.personas.persona import Persona, instructions_for
from harness.personas.replies import KeptReplies, Message, key_of
from harness.realtime.server.assistants.script import Script
from harness.virtual_time import run_in_virtual_time
from tests.support.chat_endpoint import DONE, chat_endpoint, delta, end

GUEST = Persona(goal="book a table for two", at_most=4)


@dataclass
class Answered:
    transcript: str


@dataclass
class FakeCall:
    """Answers what it is told to; None: nothing."""

    answers: list[str | None]
    said: list[str] = field(default_factory=list)
    noises: list[str] = field(default_factory=list)
    voices: list[tuple[str | None, str | None]] = field(default_factory=list)

    async def noise(self, noise: Any) -> None:
        self.noises.append(noise.kind)

    async def say(self, what: SpokenText) -> None:
        self.said.append(what.text)
        self.voices.append((what.voice, what.language))

    async def answer(self, within_s: float = 20) -> Answered:
        answer = self.answers.pop(0)
        if answer is None:
            raise ExpectationFailed("No answer.", found="silence")
        return Answered(answer)


def written(*texts: str) -> list[Any]:
    return [[delta(content=text), end(), DONE] for text in texts]


async def talk_of(
    call: FakeCall, *texts: str, persona: Persona = GUEST, kept: Path | None = None
) -> tuple[Talk, list[Any]]:
    """The talk, and what the endpoint was asked."""
    async with chat_endpoint() as endpoint:
        endpoint.answers = written(*texts)
        async with ChatModel(endpoint.url, "m", kept=kept) as model:
            talk = await hold_talk(persona, call, model)
        return talk, endpoint.requests


async def test_a_talk_goes_on_until_the_goal_is_reached() -> None:
    call = FakeCall(["For when?", "It is booked."])
    talk, requests = await talk_of(call, "A table for two, please.", "At seven. Goodbye! [done]")
    assert call.said == ["A table for two, please.", "At seven. Goodbye!"]
    assert talk.ended == "done"
    assert talk.text == (
        "caller: A table for two, please.\nagent: For when?\n"
        "caller: At seven. Goodbye!\nagent: It is booked."
    )
    assert requests[1]["messages"][-1] == {"role": "user", "content": "For when?"}


async def test_the_persona_s_own_voice_speaks() -> None:
    call = FakeCall(["It is booked."])
    persona = Persona(goal="a table", voice="fable", language="English")
    await talk_of(call, "A table, please. [done]", persona=persona)
    assert call.voices == [("fable", "en")]


async def test_silence_is_told_and_is_no_line() -> None:
    call = FakeCall([None, "Yes?"])
    talk, requests = await talk_of(call, "Hello there.", "I give up. [give up]")
    assert talk.ended == "gave_up"
    assert requests[1]["messages"][-1]["content"] == "(silence)"
    assert talk.lines == (
        Line("caller", "Hello there."),
        Line("caller", "I give up."),
        Line("agent", "Yes?"),
    )


async def test_who_waits_hears_the_greeting_first() -> None:
    call = FakeCall(["Harbour Inn, good evening."])
    persona = Persona(goal="nothing", waits=True)
    talk, requests = await talk_of(call, "[done]", persona=persona)
    assert call.said == []
    assert talk.lines == (Line("agent", "Harbour Inn, good evening."),)
    assert requests[0]["messages"][-1]["content"] == "Harbour Inn, good evening."


async def test_a_goal_is_not_reached_without_a_word() -> None:
    talk, _ = await talk_of(FakeCall([]), "[done]")
    assert talk == Talk((), "silent")


async def test_it_is_bounded() -> None:
    call = FakeCall(["Pardon?"] * 4)
    talk, _ = await talk_of(call, *["Hello there."] * 4)
    assert (talk.ended, len(call.said)) == ("too_long", 4)


async def test_the_same_talk_again_asks_nobody(tmp_path: Path) -> None:
    kept = tmp_path / "guest.replies.json"
    first, _ = await talk_of(FakeCall(["For when?", "Done."]), "Two.", "Seven. [done]", kept=kept)
    again, requests = await talk_of(FakeCall(["for when", "Done."]), kept=kept)
    assert requests == []
    assert [line.text for line in again.lines if line.who == "caller"] == [
        line.text for line in first.lines if line.who == "caller"
    ]


def test_a_talk_in_memory_repeats_by_what_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / "guest.replies.json"
    answer = "For what time would you like it?"
    asked: list[Message] = [("other", PICKED_UP)]
    replies = KeptReplies(kept)
    for written_then in ("I would like a table for two, please.", "At seven, please. [done]"):
        replies.keep(key_of("m", 0, instructions_for(GUEST), asked), asked, written_then)
        asked += [("model", written_then), ("other", answer)]
    script = Script.model_validate({"rules": [{"say": answer}]})

    async def main() -> Talk:
        async with open_simulated_call(script, SimulatedSpeech(), out=tmp_path / "call") as call:
            return await hold_talk(GUEST, call, ChatModel(None, "m", kept=kept))

    talk = run_in_virtual_time(main)
    assert talk == Talk(
        (
            Line("caller", "I would like a table for two, please."),
            Line("agent", answer),
            Line("caller", "At seven, please."),
            Line("agent", answer),
        ),
        "done",
    )


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("*sighs* “At seven.” [done]", Reply("At seven.", "done")),
        ("Then not. [Give Up]", Reply("Then not.", "gave_up")),
        ("[done] no wait [give up]", Reply("no wait", "gave_up")),
        ("", Reply("")),
    ],
)
def test_what_a_model_writes_beside_the_words_is_not_said(text: str, reply: Reply) -> None:
    assert read_reply(text) == reply


@given(st.text(max_size=2000))
def test_anything_can_be_read(text: str) -> None:
    assert len(read_reply(text).words) <= LONGEST_CHARS

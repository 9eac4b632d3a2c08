"""What the echo gives back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.realtime.server.assistants.assistant import Play, Prompt, Say
from harness.realtime.server.assistants.echo import Echo
from tests.support.session_driver import SessionDriver


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (Prompt("hello there", turn=1), ["hello there"]),
        (Prompt("", turn=1), ["I heard nothing."]),
        (Prompt(turn=1, tool="look", tool_result="a cat"), ["a cat"]),
        (Prompt(is_greeting=True), []),
        (Prompt(turn=1, is_idle=True), []),
    ],
)
def test_words_are_said_back(prompt: Prompt, said: list[str]) -> None:
    assert list(Echo().answer(prompt)) == [Say(text) for text in said]


def test_the_very_sound_is_played_back_where_there_is_some() -> None:
    samples = np.ones(3, np.float32)
    (piece,) = Echo(sound=True).answer(Prompt("hi", samples=samples))
    assert isinstance(piece, Play)
    assert (piece.samples is samples, piece.transcript) == (True, "hi")
    assert list(Echo(sound=True).answer(Prompt("hi"))) == [Say("hi")]


def test_a_turn_comes_back_in_a_call() -> None:
    call = SessionDriver(assistant=Echo(sound=True), words=["good morning"])
    call.say(1.0)
    call.wait_for("output_audio_buffer.stopped")
    message: dict[str, Any] = call.last("response.done")["response"]["output"][0]
    assert message["content"][0]["transcript"] == "good morning"
    heard = sum(float((abs(piece) > 0.01).sum()) for piece in call.played)
    assert heard == pytest.approx(24_000, rel=0.05)


def test_a_widgets_action_is_said_back() -> None:
    (piece,) = Echo().answer(Prompt(action="book", action_payload='{"persons": 2}'))
    assert piece == Say('book {"persons": 2}')

"""Something to say, as a scenario has it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.said import Say, Speech, StopSpeaking


def test_there_is_something_to_say() -> None:
    with pytest.raises(ValidationError, match="needs `file`"):
        Speech.model_validate({"gain": 0.5})


@pytest.mark.parametrize("given", [{"channel": "left"}, {"speech": False}])
def test_a_channel_and_no_speech_are_about_a_recording(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="about a recording"):
        Speech.model_validate({"text": "Hello.", **given})
    assert Speech.model_validate({"file": "a.wav", **given}).file == "a.wav"


def test_only_a_step_of_its_own_may_go_on_or_queue() -> None:
    said = Say.model_validate({"file": "a.wav", "wait": False, "queue": True})
    assert (said.wait, said.queue) == (False, True)
    assert Say.model_validate({"file": "a.wav"}).wait
    with pytest.raises(ValidationError, match="wait"):
        Speech.model_validate({"file": "a.wav", "wait": False})


def test_to_stop_takes_some_time_or_none() -> None:
    assert StopSpeaking().fade_ms == 20
    assert StopSpeaking(fade_ms=0).fade_ms == 0
    with pytest.raises(ValidationError):
        StopSpeaking(fade_ms=-1)

"""Something to say, as a scenario has it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.said import Speech


def test_there_is_something_to_say() -> None:
    with pytest.raises(ValidationError, match="needs `file`"):
        Speech.model_validate({"gain": 0.5})


@pytest.mark.parametrize("given", [{"channel": "left"}, {"speech": False}])
def test_a_channel_and_no_speech_are_about_a_recording(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="about a recording"):
        Speech.model_validate({"text": "Hello.", **given})
    assert Speech.model_validate({"file": "a.wav", **given}).file == "a.wav"

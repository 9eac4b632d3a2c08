"""Models with a known end are told with their date and what to name instead."""

from __future__ import annotations

from typing import Any

import pytest

from harness.realtime.ending_models import ENDINGS, endings_in
from harness.realtime.session_object import DEFAULT_MODEL, TRANSCRIPTION_MODELS


def test_a_model_is_found_wherever_the_settings_name_it() -> None:
    session = {
        "model": "gpt-realtime",
        "audio": {"input": {"transcription": {"model": "whisper-1"}}},
        "tools": [{"type": "function", "name": "model", "parameters": {"model": "whisper-1"}}],
    }
    first, second = endings_in(session)
    assert first.model == "gpt-realtime"
    assert second.in_words == (
        "The hosted service ends the model “whisper-1” on 26 February 2027; name gpt-transcribe "
        "or gpt-live-transcribe in its place."
    )


@pytest.mark.parametrize("session", [{}, {"model": DEFAULT_MODEL}, {"model": None}, {"model": []}])
def test_what_lives_is_not_mentioned(session: dict[str, Any]) -> None:
    assert endings_in(session) == []


def test_what_is_named_instead_lives() -> None:
    known = {DEFAULT_MODEL, *TRANSCRIPTION_MODELS}
    for ending in ENDINGS.values():
        named = ending.instead.split(" or ")
        assert set(named) <= known
        assert not set(named) & set(ENDINGS)

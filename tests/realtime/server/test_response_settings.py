"""What a response takes from its session."""

from __future__ import annotations

import pytest

from harness.realtime.server.response_settings import ResponseSettings


@pytest.mark.parametrize(
    ("modalities", "limit", "is_spoken", "max_tokens"),
    [(["audio"], "inf", True, None), (["text"], 20, False, 20)],
)
def test_a_response_is_spoken_and_bounded_as_its_session_says(
    modalities: list[str], limit: str | int, is_spoken: bool, max_tokens: int | None
) -> None:
    made = ResponseSettings({"output_modalities": modalities, "max_output_tokens": limit})
    assert (made.is_spoken, made.max_tokens) == (is_spoken, max_tokens)

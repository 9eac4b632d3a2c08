"""Reading what a response's object says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.realtime.response_object import final_text_of, reason_of

JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        (None, None),
        ({"reason": "turn_detected"}, "turn_detected"),
        ({"error": {"message": "out of breath"}}, "out of breath"),
        ({"error": "odd"}, None),
        ("odd", None),
    ],
)
def test_why_it_ended(details: Any, reason: str | None) -> None:
    assert reason_of({"status_details": details}) == reason


def test_its_words_are_those_of_its_messages() -> None:
    said = {"type": "message", "content": [{"transcript": " Hello."}, {"text": "Hi. "}, {}]}
    call = {"type": "function_call", "content": [{"text": "no"}]}
    assert final_text_of({"output": [said, call, {"type": "message", "content": None}]}) == (
        "Hello. Hi."
    )
    assert final_text_of({}) == ""


@given(st.dictionaries(st.sampled_from(["status_details", "metadata"]), JSON))
def test_whatever_the_details_are_they_are_read(response: dict[str, Any]) -> None:
    assert reason_of(response) is None or isinstance(reason_of(response), str)

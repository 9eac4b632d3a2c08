"""What a client's settings take, a server takes, and the other way round."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from harness.errors import ProtocolError
from harness.plain_data import Data
from harness.realtime import session_parts as parts
from harness.realtime.server.validation import shapes
from harness.realtime.session_object import default_session
from harness.realtime.turn_detection import TurnKnobs, knobs_from

BY_TYPE: dict[str, type[Data]] = {
    "server_vad": parts.ServerVad,
    "semantic_vad": parts.SemanticVad,
}


def client_takes(turn_detection: dict[str, Any]) -> bool:
    try:
        BY_TYPE[turn_detection["type"]].model_validate(turn_detection, strict=True)
    except ValidationError:
        return False
    return True


def server_takes(turn_detection: dict[str, Any]) -> bool:
    try:
        shapes.TURN_DETECTION.check(turn_detection, "turn_detection")
    except ProtocolError:
        return False
    return True


@given(
    st.fixed_dictionaries(
        {"type": st.sampled_from(sorted(BY_TYPE))},
        optional={
            "threshold": st.sampled_from([-0.1, 0, 0.5, 1, 1.1]),
            "silence_duration_ms": st.sampled_from([-1, 0, 60_000, 60_001, 0.5]),
            "idle_timeout_ms": st.sampled_from([None, 4_999, 5_000, 30_000, 30_001]),
            "eagerness": st.sampled_from(["low", "high", "huge"]),
            "create_response": st.sampled_from([True, 1]),
        },
    )
)
def test_both_ends_take_the_same_turn_detection(turn_detection: dict[str, Any]) -> None:
    assert client_takes(turn_detection) is server_takes(turn_detection)


def test_a_server_fills_in_what_a_client_would_have_said() -> None:
    own = default_session()["audio"]["input"]["turn_detection"]
    assert own == parts.ServerVad().model_dump()
    assert knobs_from(own) == TurnKnobs(look_after_ms=200)


def test_the_word_for_logprobs_is_one_that_may_be_included() -> None:
    assert parts.LOGPROBS in get_args(parts.Include)


@pytest.mark.parametrize("part", [parts.Transcription, parts.NoiseReduction, parts.SemanticVad])
def test_a_part_has_no_other_keys_and_stays_as_it_is(part: type[Data]) -> None:
    with pytest.raises(ValidationError):
        part.model_validate({"colour": "green"})
    with pytest.raises(ValidationError):
        part().type = "other"  # type: ignore[attr-defined]

"""What a cassette may say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.cassette.model import Cassette, Piece, RecordedAnswer
from tests.support.make_cassette import ORDERS, orders


def test_its_sounds_are_those_that_its_pieces_name() -> None:
    assert orders().audio_files == ["audio/001.flac", "audio/002.flac"]
    assert orders().turns[1].wordings == (
        "I would like four rolls for Thursday.",
        "I'd like 4 rolls for Thursday, please.",
    )


@pytest.mark.parametrize(
    ("piece", "said"),
    [
        ({}, "either `say` or `call`"),
        ({"say": "a", "call": "b"}, "either `say` or `call`"),
        ({"say": "a", "arguments": "{}"}, "belong to a `call`"),
        ({"call": "a", "audio": "audio/001.flac"}, "belong to `say`"),
        ({"say": "a", "at_s": -1}, "greater than or equal"),
        ({"say": "a", "sya": "b"}, "Extra inputs"),
    ],
)
def test_a_piece_is_one_thing(piece: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Piece.model_validate(piece)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"after": "tool"}, "needed there"),
        ({"tool": "book"}, "belongs to `after: tool`"),
        ({"result": "{}"}, "belongs to `after: tool`"),
        ({"after": "lunch"}, "'said', 'tool', 'greeting' or 'idle'"),
    ],
)
def test_an_answer_knows_what_it_answers(answer: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        RecordedAnswer.model_validate(answer)


def test_the_turns_are_in_order_and_each_is_there_once() -> None:
    for turns in (ORDERS["turns"][::-1], ORDERS["turns"][:2] + ORDERS["turns"][1:]):
        with pytest.raises(ValidationError, match="must rise"):
            Cassette.model_validate({**ORDERS, "turns": turns})

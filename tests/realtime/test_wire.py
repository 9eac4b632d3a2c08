from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ProtocolError
from harness.realtime.wire import (
    DEEPEST,
    decode,
    decode_object,
    decode_strict_object,
    encode,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "invalid_json"), ("nonsense", "invalid_json"), ('{"type": NaN}', "invalid_json"),
     ("[" * 100_000, "invalid_json"), ('{"type": "x", "n": 1e999}', "invalid_json"),
     ('{"type": "x", "n": -1e999}', "invalid_json"), ("9" * 10_000, "invalid_json"),
     ("3", "invalid_event"),
     ("{}", "invalid_event"), ('{"type": null}', "invalid_type")],
)  # fmt: skip
def test_what_is_no_event_is_refused_by_code(text: str, code: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        decode(text)
    assert caught.value.code == code


@given(st.text())
def test_any_text_decodes_or_is_refused(text: str) -> None:
    with suppress(ProtocolError):
        assert isinstance(decode(text)["type"], str)


def test_an_unknown_type_is_kept_as_it_came() -> None:
    event = {"type": "response.from_the_future", "event_id": "e", "news": [1]}
    assert decode(encode(event)) == event


def test_lone_surrogates_survive() -> None:
    assert decode(encode({"type": "x", "text": "\ud800"}))["text"] == "\ud800"


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 2}', '{"a": {"b": 1, "b": 1}}', '{"a": "\\ud83d"}', '{"\\uDE00": 1}',
             '{"a": ["\\ud83d x"]}', '{"a": "\ud83d"}'],
)  # fmt: skip
def test_what_two_readers_may_take_for_two_things_is_refused_by_the_strict(text: str) -> None:
    assert isinstance(decode_object(text), dict)
    with pytest.raises(ProtocolError) as caught:
        decode_strict_object(text)
    assert caught.value.code == "invalid_json"


def test_a_whole_pair_is_one_character() -> None:
    assert decode_strict_object('{"a": "\\ud83d\\ude00", "b": "\\\\ud"}')["a"] == "\U0001f600"


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_has_an_end(opening: str, closing: str) -> None:
    """The event itself is the first level."""

    def nested(levels: int) -> str:
        return '{"a":' + opening * (levels - 1) + "1" + closing * (levels - 1) + "}"

    assert decode_object(nested(DEEPEST))
    for levels in (DEEPEST + 1, 700):
        with pytest.raises(ProtocolError):
            decode_object(nested(levels))

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ProtocolError
from harness.realtime.wire import decode, encode, typed


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "invalid_json"), ("nonsense", "invalid_json"), ('{"type": NaN}', "invalid_json"),
     ("[" * 100_000, "invalid_json"), ("9" * 10_000, "invalid_json"), ("3", "invalid_event"),
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
    assert typed(event, "server") == event


def test_a_known_type_becomes_the_official_model() -> None:
    event = {"type": "input_audio_buffer.cleared", "event_id": "e"}
    assert type(typed(event, "server")).__name__ == "InputAudioBufferClearedEvent"


def test_lone_surrogates_survive() -> None:
    assert decode(encode({"type": "x", "text": "\ud800"}))["text"] == "\ud800"

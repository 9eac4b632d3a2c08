"""The schema of envelopes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.errors import EnvelopeError
from harness.line.envelope import parse_batch


def payload(**changes: Any) -> str:
    whole = {
        "v": 1,
        "frame_id": "a",
        "seq": 0,
        "page_ms": 1.5,
        "type": "page.loaded",
        "data": {"url": "http://127.0.0.1/", "is_top": True},
    }
    return json.dumps([{**whole, **changes}])


def test_a_batch_is_read_in_order() -> None:
    """Two envelopes in one payload."""
    both = json.loads(payload()) + json.loads(payload(seq=1))
    assert [envelope.seq for envelope in parse_batch(json.dumps(both))] == [0, 1]


@pytest.mark.parametrize(
    "broken",
    [
        "nonsense",
        "{}",
        payload(v=2),
        payload(type="unheard.of"),
        payload(data={"url": 3, "is_top": True}),
        payload(data={"url": "", "is_top": True, "more": 1}),
        payload(extra=1),
        payload(seq="x"),
    ],
)
def test_what_is_not_an_envelope_is_refused(broken: str) -> None:
    """Not JSON, another version, an unknown type, data of another shape."""
    with pytest.raises(EnvelopeError):
        parse_batch(broken)


def test_the_refusal_does_not_repeat_the_payload() -> None:
    """A page's data may be private; the message says where, not what."""
    with pytest.raises(EnvelopeError) as refused:
        parse_batch(payload(data={"url": "a-secret", "is_top": "a-secret"}))
    assert "a-secret" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_half_a_character_from_the_page_is_replaced() -> None:
    """A page may send or log a text that it cut in the middle of an emoji."""
    texts = {"\\ud83d": "\ufffd", "a\\udc00b": "a\ufffdb", "\\\\ud83d": "\\ud83d"}
    for written, read in texts.items():
        sent = payload(type="page.error", data={"message": "X"}).replace("X", written)
        assert parse_batch(sent)[0].data["message"] == read

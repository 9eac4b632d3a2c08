"""Sound of a batch that several envelopes tell, and one carries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.errors import EnvelopeError
from harness.line.envelope import Envelope, parse_batch
from harness.line.repeated_sound import put_sound_in

PCM = "AAEAAg=="


def heard(seq: int, pcm: str, frames: int = 2, frame_id: str = "a") -> dict[str, Any]:
    data = {"track": "t", "frame": 0, "frames": frames, "pcm": pcm, "rms_dbfs": -20.0}
    return {
        "v": 1,
        "frame_id": frame_id,
        "seq": seq,
        "page_ms": 1.5,
        "type": "heard.samples",
        "data": data,
    }


def told(*envelopes: dict[str, Any]) -> list[Any]:
    return [envelope.data["pcm"] for envelope in parse_batch(json.dumps(envelopes))]


def test_what_is_named_is_there() -> None:
    assert told(heard(4, PCM), heard(5, ""), heard(6, "=4"), heard(7, "=4")) == [PCM, "", PCM, PCM]


@pytest.mark.parametrize(
    "naming",
    [
        heard(5, "=3"),
        heard(5, "=5"),
        heard(5, "=4", frame_id="b"),
        heard(5, "=4", frames=3),
        heard(5, "="),
        heard(5, "=-4"),
        heard(5, "=\u0664"),
        heard(5, "=" + "4" * 5_000),
    ],
)
def test_what_names_nothing_is_no_envelope(naming: dict[str, Any]) -> None:
    with pytest.raises(EnvelopeError, match="not an envelope"):
        told(heard(4, PCM), naming)


def test_only_what_was_told_before_can_be_named() -> None:
    with pytest.raises(EnvelopeError, match="not an envelope"):
        told(heard(4, "=5"), heard(5, PCM))


def test_a_page_cannot_make_much_of_little() -> None:
    envelopes = [Envelope.model_validate(one) for one in (heard(0, PCM), heard(1, "=0"))]
    assert put_sound_in(envelopes, most_chars=len(PCM))
    again = [Envelope.model_validate(heard(n, "=0" if n else PCM)) for n in range(3)]
    assert not put_sound_in(again, most_chars=len(PCM))

"""Numbers of a page that nothing could reckon with are refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from harness.facts.bounds import (
    LONGEST_BATCH,
    Decibels,
    FrameCount,
    FrameNumber,
    Gain,
    Milliseconds,
    SampleRate,
    Volume,
)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FrameCount, LONGEST_BATCH),
        (FrameNumber, -1),
        (SampleRate, 8_000.0),
        (Milliseconds, 1.8e12),
        (Decibels, -120.0),
        (Gain, 0.0),
        (Volume, 2.0),
    ],
)
def test_what_a_page_may_tell_is_taken(kind: Any, value: float) -> None:
    assert TypeAdapter(kind).validate_python(value) == value


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FrameCount, LONGEST_BATCH + 1),
        (FrameCount, -1),
        (FrameNumber, 2**60),
        (SampleRate, 0.0),
        (Milliseconds, math.inf),
        (Decibels, math.nan),
        (Gain, -0.1),
        (Volume, 2.1),
    ],
)
def test_what_nobody_could_reckon_with_is_refused(kind: Any, value: float) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)

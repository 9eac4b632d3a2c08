"""Stretches that are taken out: how they are written, and what stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import UsageError
from harness.replay.redaction import frames_of, read_redaction, redact, refuse_outside, without
from harness.speech.spans import Span


@pytest.mark.parametrize(
    ("text", "span", "file"),
    [
        ("12.5-14.2", Span(12.5, 14.2), None),
        ("0-3", Span(0, 3), None),
        ("1:02-1:04.5", Span(62, 64.5), None),
        ("1:00:01-1:00:02", Span(3601, 3602), None),
        ("calls/a-b.wav:12.5-14.2", Span(12.5, 14.2), "calls/a-b.wav"),
        ("a.wav:1:02-1:04", Span(62, 64), "a.wav"),
    ],
)
def test_a_stretch_is_read(text: str, span: Span, file: str | None) -> None:
    found = read_redaction(text)
    assert (found.span, found.file) == (span, file)


@pytest.mark.parametrize(
    "text", ["", "12.5", "a-b", "5-5", "14.2-12.5", "-3-4", "1-2-3", "12,5-13"]
)
def test_what_is_no_stretch_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"12\.5-14\.2"):
        read_redaction(text)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read_redaction(text)
    except UsageError:
        return
    assert 0 <= found.span.start_s < found.span.end_s


def test_a_stretch_outside_of_the_recording_is_refused() -> None:
    with pytest.raises(UsageError, match=r"within its 10\.000 s") as refused:
        refuse_outside([Span(1, 2), Span(9, 10.5)], 10.0, "call.wav")
    assert "9-10.5" in refused.value.message
    refuse_outside([Span(9, 10)], 10.0, "call.wav")


@pytest.mark.parametrize("dtype", ["int16", "int32", "float32"])
@pytest.mark.parametrize("bleep", [False, True])
def test_only_the_stretch_is_changed_whatever_the_blocks(dtype: str, bleep: bool) -> None:
    rate_hz, spans = 8000, [Span(0.1001, 0.25), Span(0.5, 0.6)]
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, rate_hz)
    whole = noise.astype(np.float32)
    if dtype != "float32":
        whole = (noise * np.iinfo(dtype).max).astype(dtype)
    before = whole.copy()
    parts = [
        redact(whole[at : at + 300], at, rate_hz, spans, bleep=bleep)
        for at in range(0, rate_hz, 300)
    ]
    found = np.concatenate(parts)
    inside = np.zeros(rate_hz, bool)
    for span in spans:
        first, last = frames_of(span, rate_hz)
        inside[first:last] = True
    assert found.dtype == whole.dtype
    assert np.array_equal(whole, before)
    assert np.array_equal(found[~inside], before[~inside])
    assert bool(found[inside].any()) is bleep
    assert not np.any((found[inside] == before[inside]) & (before[inside] != 0) & ~bleep)


def test_no_sample_of_a_stretch_is_left_over() -> None:
    assert frames_of(Span(0.10001, 0.20001), 8000) == (800, 1601)


def test_what_stays_of_a_turn_begins_and_ends_beside_what_is_cut() -> None:
    said = Span(1.0, 4.0, 0.01, 0.02)
    assert without(said, []) == said
    left = without(said, [Span(0.5, 1.5), Span(3.5, 4.2), Span(2, 3)])
    assert left == Span(1.5, 3.5)
    assert left is not None
    assert left.start_uncertainty_s == left.end_uncertainty_s == float("inf")
    assert without(said, [Span(0.5, 2.5), Span(2.2, 4.5)]) is None

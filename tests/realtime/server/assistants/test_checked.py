"""Pieces that an assistant of somebody's own gives, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audio.clip import AudioClip
from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import (
    InjectFault,
    Play,
    Say,
    Show,
    UseTool,
    Wait,
)
from harness.realtime.server.assistants.checked import checked

TONE = 0.3 * np.sin(np.arange(240) / 7)


@pytest.mark.parametrize(
    "piece", [Say("a"), Say(""), Show({"type": "Card"}), UseTool("f"), Wait(-1), InjectFault(())]
)
def test_a_piece_is_what_it_was(piece: Any) -> None:
    assert checked(piece) is piece


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_sound_is_float32_whatever_floats_it_was(dtype: type[np.floating[Any]]) -> None:
    piece = checked(Play(TONE.astype(dtype), "hm"))
    assert isinstance(piece, Play)
    assert piece.samples.dtype == np.float32
    assert piece.transcript == "hm"
    np.testing.assert_allclose(piece.samples, TONE, atol=1e-3)


@pytest.mark.parametrize(
    ("samples", "found"),
    [
        ((TONE * 32767).astype(np.int16), "array of int16; divide"),
        (TONE * 32767, "a peak of 98"),
        (np.stack([TONE, TONE]), r"shape \(2, 240\)"),
        (np.array([0.0, np.nan]), "nan at sample 1 of 2"),
        (np.array([np.inf]), "inf at sample 0"),
        (AudioClip(TONE.astype(np.float32), 48_000), "an AudioClip of 48000 Hz; resample"),
        ([0.1, 0.2], r"list \[0.1"),
        (b"\0\0", "bytes"),
        (None, "NoneType"),
    ],
)
def test_other_sound_is_refused_with_what_it_is(samples: Any, found: str) -> None:
    with pytest.raises(AssistantError, match=f"{found}.*expected samples as float32.*24000") as hit:
        checked(Play(samples, "hm"))
    assert hit.value.code == "assistant_audio_invalid"


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("Good evening!", "str 'Good evening!'; expected one of Say, Play"),
        (None, "NoneType"),
        (Say(b"a"), "text of a Say as str"),  # type: ignore[arg-type]
        (Play(TONE.astype(np.float32), None), "transcript of a Play"),  # type: ignore[arg-type]
        (Wait(float("nan")), "finite number"),
        (Wait("1"), "finite number"),  # type: ignore[arg-type]
        (Wait(True), "finite number"),
    ],
)
def test_what_is_no_piece_is_refused(piece: Any, found: str) -> None:
    with pytest.raises(AssistantError, match=found) as hit:
        checked(piece)
    assert hit.value.code == "assistant_piece_invalid"


@given(st.one_of(st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.floats())))
def test_anything_at_all_is_refused_with_a_reason(value: Any) -> None:
    with pytest.raises(AssistantError, match="expected"):
        checked(value)
    with pytest.raises(AssistantError, match="expected"):
        checked(Play(value, "a"))

"""Pieces of an answer as they have to be, whoever made the assistant."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, get_args

import numpy as np

from harness.audio.clip import AudioClip, MonoFloat32
from harness.errors import AssistantError
from harness.realtime.server.assistants.assistant import (
    ASSISTANT_RATE_HZ,
    Piece,
    Play,
    Say,
    Wait,
)

KINDS = get_args(Piece)
LOUDEST = 4.0
"""Twice over full scale may be somebody's mix; what is far beyond was never scaled to it."""

NOT_AUDIO = "assistant_audio_invalid"
NOT_A_PIECE = "assistant_piece_invalid"


def checked(piece: Any) -> Piece:
    """The piece, its samples as float32; they are refused rather than played as noise.

    Raises:
        AssistantError: it is no piece, or its sound, words or wait cannot be used; says what was
            expected and found.
    """
    match piece:
        case Play():
            _check_text("the transcript of a Play", piece.transcript)
            _check_seconds("early_s of a Play", piece.early_s)
            return replace(piece, samples=_float32(piece.samples))
        case Say():
            _check_text("the text of a Say", piece.text)
        case Wait():
            _check_seconds("the seconds of a Wait", piece.seconds)
        case _ if not isinstance(piece, KINDS):
            names = ", ".join(kind.__name__ for kind in KINDS)
            raise _wrong(f"one of {names}", f"{_shown(piece)}", NOT_A_PIECE)
    return piece  # type: ignore[no-any-return]


def _float32(given: Any) -> MonoFloat32:
    if isinstance(given, AudioClip):
        rate = f"an AudioClip of {given.sample_rate_hz} Hz"
        raise _wrong_audio(f"{rate}; resample it to {ASSISTANT_RATE_HZ} Hz and give its samples")
    if not isinstance(given, np.ndarray):
        raise _wrong_audio(_shown(given))
    if given.ndim != 1:
        raise _wrong_audio(f"an array of shape {given.shape}")
    if given.dtype.kind != "f":
        raise _wrong_audio(f"an array of {given.dtype}; divide 16-bit samples by 32768")
    if not given.size:
        return given.astype(np.float32)
    if not np.isfinite(given).all():
        first = int(np.flatnonzero(~np.isfinite(given))[0])
        raise _wrong_audio(f"{given[first]} at sample {first} of {given.size}")
    peak = float(np.abs(given).max())
    if peak > LOUDEST:
        raise _wrong_audio(f"a peak of {peak:.6g}; full scale is 1.0")
    return given.astype(np.float32)


def _check_text(what: str, text: Any) -> None:
    if not isinstance(text, str):
        raise _wrong(f"{what} as str", _shown(text), NOT_A_PIECE)


def _check_seconds(what: str, seconds: Any) -> None:
    is_number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
    if not is_number or not math.isfinite(seconds):
        raise _wrong(f"{what} as a finite number", _shown(seconds), NOT_A_PIECE)


def _shown(value: Any) -> str:
    return f"{type(value).__name__} {repr(value)[:60]}"


def _wrong_audio(found: str) -> AssistantError:
    expected = f"samples as float32, shape (frames,), at {ASSISTANT_RATE_HZ} Hz, full scale ±1.0"
    return _wrong(expected, found, NOT_AUDIO)


def _wrong(expected: str, found: str, code: str) -> AssistantError:
    return AssistantError(f"The assistant gave {found}; expected {expected}.", code)

"""Audibility of an answer: can its sound be judged at all."""

from __future__ import annotations

from harness.score.hearing import Hearing

LEAST_DBFS = -50.0
"""Speech below this level is not heard at a usual volume: 30 dB under a quiet voice in a call."""


def inaudible(hearing: Hearing | None) -> str | None:
    """Why nobody could hear this answer; None where it was audible speech."""
    if hearing is None:
        return "no voice was heard"
    if hearing.level_dbfs < LEAST_DBFS:
        return (
            f"too quiet to be heard: {hearing.level_dbfs:.0f} dBFS, "
            f"expected at least {LEAST_DBFS:.0f} dBFS"
        )
    return None
